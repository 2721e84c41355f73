"""What each car took: when, how much, how much of it from the sun. Not a billing meter.

A session lasts from the car's coming to its going, as its charger tells; what tells of no car for
less than a minute is an error of the charger. A relay is not told: there a session lasts while
current flows, and has ended once none has for an hour.

What a car takes is from the sun as far as nothing is imported: what comes from the grid is shared
by the cars as they draw. It is measured where a CT sees that charger alone, or the charger tells
its current (that of each phase), and the voltage is known; else it is estimated.

Who stores what runs and what has ended is app/sessions.py. Over a restart a session goes on with
the car that is there once its charger answers; if none is, it ended when it was last stored.
"""

from micropython import const

from . import utc

_WMS = const(3_600_000)  # watt-milliseconds of a Wh
_TOO_SHORT_WH = const(10)  # a plug that was only tried is no session
_GONE_S = const(60)
_STILL_S = const(3600)
_FLOWS_W = const(100)
_REPORT_MS = const(15_000)
_MOST_ENDED = const(50)  # that wait to be stored


class Session:
    """open  there is one
    begin    UTC as (day, second), None unknown
    seconds  that it has lasted while the meter ran; away_s: of them since the car was last seen
    wh, sun_wh  estimated: some of it was not measured
    stored   None, or after a restart when that was, as `begin`; seen: its car since then
    """

    def __init__(self):
        self.open = False
        self._begin(None)

    def _begin(self, begin):
        self.begin = begin
        self.stored = None
        self.seen = True
        self.estimated = self.restarted = False
        self.seconds = self.away_s = self.wh = self.sun_wh = 0
        self._ms = self._rest = self._sun_rest = 0

    def come(self, clock):
        """A car, with nothing in."""
        self.open = True
        self._begin(_ago(clock, 0))

    def dump(self):
        """What is stored of it while it runs."""
        return [self.begin, self.seconds, self.wh, self.sun_wh, self.estimated]

    def go_on(self, dumped, stored):
        """After a restart."""
        self._begin(None)
        self.begin, self.seconds, self.wh, self.sun_wh, self.estimated = dumped
        self.open = self.restarted = True
        self.stored, self.seen = stored, False

    def pass_time(self, elapsed_ms, there, clock):
        """So long, with its car there or away."""
        self._ms += elapsed_ms
        passed = self._ms // 1000
        self._ms -= passed * 1000
        self.seconds += passed
        self.away_s = 0 if there else self.away_s + passed
        self.seen = self.seen or there
        if passed and not self.begin and not self.restarted:
            self.begin = _ago(clock, self.seconds)  # once the time is known

    def add(self, watts, sun_w, measured, elapsed_ms):
        """So much power for so long."""
        self._rest += watts * elapsed_ms
        self.wh += self._rest // _WMS
        self._rest %= _WMS
        self._sun_rest += sun_w * elapsed_ms
        self.sun_wh += self._sun_rest // _WMS
        self._sun_rest %= _WMS
        if watts and not measured:
            self.estimated = True

    def end(self, clock):
        """What is kept of it: begin, end, seconds, Wh, of the sun, estimated, over a restart."""
        self.open = False
        end = _ago(clock, self.away_s) if self.seen else self.stored
        over = 0 if not self.restarted else 1 if self.seen else 2
        seconds = self.seconds - self.away_s
        return [self.begin, end, seconds, self.wh, self.sun_wh, self.estimated, over]


class Sessions:
    """`running[c]` of each charger; `ended`: (charger, what is kept) until somebody stores it."""

    def __init__(self, chargers):
        self.running = [Session() for _ in range(chargers)]
        self.ended = []

    def step(self, plugs, elapsed_ms, grid_w, clock):
        """Time has passed; sets each plug's session_wh.

        grid_w  None where it is unknown: then all is bought
        """
        total_w = 0
        for plug in plugs:
            total_w += plug.watts
        bought_w = total_w if grid_w is None else min(total_w, max(0, grid_w))
        bought_q12 = (bought_w << 12) // total_w if total_w else 0
        for i in range(len(plugs)):
            plug = plugs[i]
            session = self.running[i]
            state = plug.state
            if session.seen or state.online:
                there = state.car if not state.rest_ms else plug.watts >= _FLOWS_W
                if there and not session.open:
                    session.come(clock)
                if session.open:
                    session.pass_time(elapsed_ms, there, clock)
                    self._count(session, plug, elapsed_ms, bought_q12)
                if session.away_s >= (_STILL_S if state.rest_ms else _GONE_S):
                    self._end(i, clock)
            plug.session_wh = session.wh if session.open else 0

    def _count(self, session, plug, elapsed_ms, bought_q12):
        watts = plug.watts
        state = plug.state
        measured = plug.measured
        if not measured and plug.leg_mv and plug.draw_ma >= 0:
            watts = watts * (plug.leg_mv // 100) // (plug.leg_v * 10)
            measured = _tells(state) and state.reported_age_ms < _REPORT_MS
        sun_w = watts - (watts * bought_q12 >> 12)
        session.add(watts, sun_w, measured, elapsed_ms)

    def _end(self, i, clock):
        session = self.running[i]
        kept = session.end(clock)
        session.away_s = 0
        if session.wh >= _TOO_SHORT_WH and len(self.ended) < _MOST_ENDED:
            self.ended.append((i, kept))


def _tells(state):
    """Does its charger tell all that its car draws? Of three phases a car may use one."""
    reported = state.reported_ma
    return min(reported) >= 0 if len(state.legs) == 3 else reported[0] >= 0


def _ago(clock, seconds):
    """(day, second) so long ago, None while the time is unknown."""
    return utc.before(clock.day, clock.second, seconds) if clock.known else None
