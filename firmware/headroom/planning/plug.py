"""One charger and its car, as planning sees them: what an ampere is in watts, what it draws."""

from micropython import const

from .request import FAST, NO_LIMIT_MA, Request

_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_STEADY_MS = const(10_000)  # a car has followed by then
_IDLE_MS = const(60_000)  # offered so long, and took nothing
_GROWTH_MA = const(3000)
_DRAWS_MA = const(1000)  # on a phase, else the car does not use it


class Plug:
    """state    what charging knows of it (records.ChargerState); it is read only
    leg_v    volts of a leg to neutral: 120 in a US home, 230 in Europe; measured where they are,
             as the mean of its legs; leg_mv: the same as of this window, 0 unknown
    step_ma  the charger's step: 1000 where it takes whole amperes
    mode     what its owner chose
    Options, None where they are off: `sun` (sun.py), `schedule`, `tariff`, `finish`, `capped`
    (demand_cap.py).

    Told before each step:
    draw_ma  what its car draws on its largest phase, -1 unknown
    draw_w   the same in watts where they are measured, -1 unknown
    command_ma  what a command asks for, request.NO_LIMIT_MA for nothing
    session_wh  what its car has had since it came

    Made of these:
    watts    what its car draws, by the best that is known; `measured` as such
    phases   those that its car uses: all until the charger reports fewer, until the car leaves
    sunny    it follows the sun now; always: and never falls below its minimum
    request  what planning asks for
    """

    def __init__(self, state, leg_v, step_ma=1000, mode=FAST):
        self.state = state
        self.step_ma = step_ma
        self.mode = mode
        self.sun = self.schedule = self.tariff = self.finish = self.capped = None
        self.draw_ma = self.draw_w = -1
        self.command_ma = NO_LIMIT_MA
        self.session_wh = 0
        self.watts = 0
        self.measured = False
        self.phases = len(state.legs)
        self.sunny = self.always = False
        self.request = Request()
        self.leg_v = leg_v
        self.leg_mv = 0
        self._told_ma = 0
        self._told_for_ms = 0
        self._idle_ms = 0
        self._taken_q8 = 256
        self.share_w = 0  # of sharing.py, like these three
        self.need_w = self.want_w = 0
        self.runs = False
        self.drawn_w = self.sum_w = 0  # of power.py

    def pass_time(self, elapsed_ms):
        """Take in what it was told."""
        state = self.state
        if not state.car:
            self.phases = len(state.legs)
            self._taken_q8 = 256
        elif state.charging:
            self._count_phases()
        told_ma = max(0, state.offer_ma)
        same = told_ma == self._told_ma
        self._told_ma = told_ma
        self._told_for_ms = min(self._told_for_ms + elapsed_ms, _FOREVER_MS) if same else 0
        waits = state.car and told_ma and not state.charging
        self._idle_ms = min(self._idle_ms + elapsed_ms, _FOREVER_MS) if waits else 0
        self.watts = self._watts()
        self.measured = self.draw_w >= 0
        self._learn()

    def idle(self):
        """Its car takes nothing of what it is offered: full, or asleep."""
        return self._idle_ms > _IDLE_MS

    def can_use_ma(self):
        """What its car can use: all, or 3 A more than it takes where it takes less than it may."""
        state = self.state
        most_ma = min(state.max_ma, state.setting_ma, state.circuit_ma)
        if self._told_for_ms < _STEADY_MS or not state.charging:
            return most_ma
        told_w = self.power(self._told_ma)
        if self.watts >= told_w - (told_w >> 3):
            return most_ma
        return max(state.min_ma, min(most_ma, self.current(self.watts) + _GROWTH_MA))

    def power(self, ma):
        """Watts that its car draws of an offer; cars take some percent less than they may."""
        return (ma * self.leg_v * self.phases // 1000 * self._taken_q8) >> 8

    def current(self, watts):
        """The offer of which its car draws so much, not yet in steps; power() rounds 2 W off."""
        return (max(0, watts + 2) << 8) // self._taken_q8 * 1000 // (self.leg_v * self.phases)

    def full_ma(self, watts):
        """The offer of which no car draws more."""
        return max(0, watts) * 1000 // (self.leg_v * self.phases)

    def steps(self, ma):
        """The charger's step at or below."""
        return ma - ma % self.step_ma

    def _count_phases(self):
        reported = self.state.reported_ma
        if len(self.state.legs) < 3 or min(reported) < 0:
            return
        used = 0
        for ma in reported:
            used += ma > _DRAWS_MA
        if used and self.state.reported_age_ms < _STEADY_MS:
            self.phases = used

    def _watts(self):
        if self.draw_w >= 0:
            return self.draw_w
        if not self.state.charging:
            return 0
        ma = self.draw_ma if self.draw_ma >= 0 else self._told_ma * 15 // 16
        return ma * self.leg_v * self.phases // 1000

    def _learn(self):
        """How much of an offer its car takes; below 7/8 of it, it is limited by itself."""
        if self._told_for_ms < _STEADY_MS or not self._told_ma or not self.state.charging:
            return
        all_w = self._told_ma * self.leg_v * self.phases // 1000
        taken_q8 = (self.watts << 8) // all_w
        if taken_q8 >= 224:
            self._taken_q8 += (min(taken_q8, 256) - self._taken_q8) // 4
