"""What each car took: when, how much, how much of it from the sun. Not a billing meter.

A session lasts from the car's coming to its going. What it takes is from the sun as far as nothing
is imported: what comes from the grid is shared by the cars as they draw. The last so many that
ended are kept, oldest first; who stores them says so with `changed`.
"""

from micropython import const

_WMS = const(3_600_000)  # watt-milliseconds of a Wh
_TOO_SHORT_WH = const(10)  # a plug that was only tried is no session


class Session:
    """begin_day, begin_s, end_day, end_s  local time, day -1 where it was unknown
    wh, sun_wh  estimated: some of it was not measured
    """

    def __init__(self, charger):
        self.charger = charger
        self.begin(None)

    def begin(self, calendar):
        """Now, with nothing in."""
        self.wh = self.sun_wh = self._rest = self._sun_rest = 0
        self.estimated = False
        self.begin_day, self.begin_s = _now(calendar)
        self.end_day, self.end_s = -1, 0

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

    def row(self):
        """What is kept of it once it has ended."""
        return (
            self.charger, self.begin_day, self.begin_s, self.end_day, self.end_s,
            self.wh, self.sun_wh, self.estimated,
        )  # fmt: skip


def _now(calendar):
    if calendar is None or not calendar.known:
        return -1, 0
    return calendar.day, calendar.second


class Sessions:
    """`running[c]` of each charger; `ended`: rows of the last `most`, oldest first."""

    def __init__(self, chargers, most=50, ended=()):
        self.running = [Session(charger) for charger in range(chargers)]
        self.ended = list(ended)[-most:]
        self.changed = False
        self._most = most
        self._there = [False] * chargers

    def step(self, plugs, elapsed_ms, grid_w, calendar):
        """Time has passed; sets each plug's session_wh. grid_w: None where it is unknown."""
        total_w = 0
        for plug in plugs:
            total_w += plug.watts
        bought_w = total_w if grid_w is None else min(total_w, max(0, grid_w))
        bought_q12 = (bought_w << 12) // total_w if total_w else 0
        for i in range(len(plugs)):
            plug = plugs[i]
            session = self.running[i]
            if plug.state.car and not self._there[i]:
                session.begin(calendar)
            elif self._there[i] and not plug.state.car:
                self._end(session, calendar)
            self._there[i] = plug.state.car
            if plug.state.car:
                sun_w = plug.watts - (plug.watts * bought_q12 >> 12)
                session.add(plug.watts, sun_w, plug.measured, elapsed_ms)
            plug.session_wh = session.wh if plug.state.car else 0

    def _end(self, session, calendar):
        session.end_day, session.end_s = _now(calendar)
        if session.wh >= _TOO_SHORT_WH:
            self.ended = (self.ended + [session.row()])[-self._most :]
            self.changed = True
