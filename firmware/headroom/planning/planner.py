"""All wishes in one written order: for each charger an upper bound or a pause, and who asks.

    mode         what its owner chose, or its schedule's window; off pauses
    schedule     a limit of its window
    price        pauses while it is dear
    sun          modes sun and sun+min: its part of the surplus
    command      a number that somebody typed or sent
    demand cap   its part of what is left of the window's energy
    grid contact its part of what the operator leaves
    temperature  less while it is warm

All of it only lowers; the smallest binds and is named. `finish` makes it fast while it runs: it
lifts the schedule, the price and the sun, but not `off` as the charger's own mode. None of this
sees the breaker: who calls takes the smaller of `request.bound_ma` and what protection allows.

With each window of 200 ms one tells each plug `draw_ma` (or `draw_w`), `command_ma`, `session_wh`,
the calendar the time, contact and temperature what they are wired to; then step(). After it
`plug.request` is what holds.
"""

from micropython import const

from . import request
from .request import FAST, NO_LIMIT_MA, OFF, SUN_MIN

_TURN_MS = const(1000)


class Planner:
    """plugs  in the order of the chargers
    calendar  None where nothing hangs on the time
    power     of power.py, None where neither Surplus nor DemandCap is on
    limits    what is on of Surplus, DemandCap, Contact and Temperature, in this order
    """

    def __init__(self, plugs, calendar=None, power=None, limits=()):
        self.plugs = plugs
        self._calendar = calendar
        self._power = power
        self._limits = limits
        self._ms = _TURN_MS

    def step(self, elapsed_ms, grid_w):
        """Time has passed. grid_w: power at the grid, + import, None where it is unknown."""
        for plug in self.plugs:
            plug.pass_time(elapsed_ms)
        self._ms += elapsed_ms
        turn = self._ms >= _TURN_MS  # a second is soon enough for what somebody would like
        if turn:
            self._ms = 0
            for plug in self.plugs:
                self._choose(plug)
        look = turn
        if self._power:
            look = self._power.gather(elapsed_ms, grid_w, self.plugs)
        for limit in self._limits:
            limit.ask(self.plugs, elapsed_ms, grid_w, look)
        if turn:
            for plug in self.plugs:
                plug.request.settle(plug.state.min_ma)

    def _choose(self, plug):
        """Mode, schedule, price and command: what hangs on nothing but the time."""
        calendar = self._calendar
        mode = plug.mode
        limit_ma = NO_LIMIT_MA
        dear = False
        if plug.tariff:
            plug.tariff.look(calendar)  # the price is told while `finish` runs, too
        if plug.finish and mode != OFF and plug.finish.holds(calendar, plug.session_wh):
            mode = FAST
        else:
            if plug.schedule:
                plug.schedule.look(calendar, mode)
                mode = plug.schedule.mode
                limit_ma = plug.schedule.limit_ma
            dear = plug.tariff is not None and plug.tariff.dear
        sun = OFF < mode < FAST
        plug.sunny = sun and not dear and plug.sun is not None
        plug.always = mode == SUN_MIN
        priced = plug.tariff and plug.tariff.told is None
        timed = (plug.schedule or priced) and not calendar.known
        self._pause_if(plug, request.BY_MODE, mode == OFF, request.MODE_OFF, timed)
        if sun and plug.sun is None:
            plug.request.ask(request.BY_MODE, 0, request.SUN_BLIND)
        plug.request.ask(request.BY_SCHEDULE, limit_ma, request.WINDOW)
        self._pause_if(plug, request.BY_PRICE, dear, request.DEAR, timed)
        plug.request.ask(request.BY_COMMAND, plug.command_ma, request.COMMANDED)

    def _pause_if(self, plug, limit, pauses, reason, timed):
        ma = 0 if pauses else NO_LIMIT_MA
        plug.request.ask(limit, ma, request.CLOCK_UNKNOWN if timed else reason)
