"""When may one charger's current change? Down at once, up slowly, hold, pause last.

A car gives up after some ten interruptions, and a breaker tolerates small overloads for minutes.
So a charger without room is first held at its minimum: for as long as its excess over the derated
limit, summed up, stays below HOLD_MAS and the breaker's budget lasts. A pause then takes a minute,
and longer each time it comes again.
"""

import micropython
from micropython import const

from .. import records
from .base_load import later

GRID_MA = const(100)  # the finest step that chargers take
RISE_MA = const(500)  # less isn't worth a write
RISE_STEP_MA = const(12_000)  # the most in one dead time
RESUME_MARGIN_MA = const(1000)
HOLD_MAS = const(1_800_000)  # 6 A for 5 minutes, 1 A for half an hour
PAUSE_MS = const(60_000)
LONGEST_PAUSE_MS = const(300_000)
PAUSES = const(8)  # in one session; after that
LAST_PAUSE_MS = const(1_800_000)  # each lasts this long: the car would give up
REGRET_MS = const(30_000)  # a rise that is undone sooner wasn't worth it:
LONGEST_PATIENCE_MS = const(20_000)  # the next waits twice as long, up to this
CALM_MS = 300_000  # without such a regret: half as long
_MOST_MA = const(100_000)
_LONGEST_MS = const(10_000)  # times 100 A stays below 2^30
_INRUSH_MS = const(1500)  # room that is back so soon was taken by a motor's start
_SHORTEST_DEAD_MS = const(2000)
_LAG_MARGIN_MS = const(1000)


class Pacer:
    """Timers of one charger.

    dead_time_ms  the longest that a change needs to show; what its car was seen to need, and a
                  second, counts instead while that is shorter
    patience_ms   how long after a reduction the current may rise, to begin with
    hold_mas      how much the minimum may exceed the room, in mA x s
    """

    def __init__(self, dead_time_ms, patience_ms, hold_mas):
        self._longest_dead_ms = dead_time_ms
        self._shortest_patience_ms = patience_ms
        self._most_held_mas = hold_mas
        self.dead_ms = dead_time_ms
        self.unseen_ms = 0  # time that has passed since the last `wait`
        self._passed_ms = 0
        self.patience_ms = patience_ms
        self._unchanged_ms = 0
        self._shown = True
        self._followed = False
        self._before_ma = 0
        self._fallen_ms = LONGEST_PATIENCE_MS
        self._fresh_fall = False
        self._risen_ms = REGRET_MS
        self._regretted = True
        self._calm_ms = 0
        self._held_mas = 0
        self.pause_left_ms = 0
        self.pauses = 0

    @micropython.native
    def wait(self, elapsed_ms, car):
        """Time passes; without a car the session's pauses are forgotten."""
        self._passed_ms = elapsed_ms
        self._unchanged_ms = later(self._unchanged_ms, elapsed_ms)
        self._fallen_ms = later(self._fallen_ms, elapsed_ms)
        self._risen_ms = later(self._risen_ms, elapsed_ms)
        if self._fresh_fall and self._fallen_ms >= _INRUSH_MS:
            self._fresh_fall = False
            self._regret()
        self._calm_ms += elapsed_ms
        if self._calm_ms >= CALM_MS:
            self._calm_ms = 0
            self.patience_ms = max(self.patience_ms // 2, self._shortest_patience_ms)
        if self.pause_left_ms:
            self.pause_left_ms = max(0, self.pause_left_ms - elapsed_ms)
        if not car:
            self.pauses = 0
            self.pause_left_ms = 0
            self._held_mas = 0

    def watch_lag(self, ma, draw_ma):
        """Its car draws `draw_ma` of the `ma` allowed: how long did it take to get there?

        A car that is there when it is first looked at had nothing to follow, and teaches nothing.
        """
        if self._shown or draw_ma < 0:
            return
        if self._before_ma < ma:
            self._shown = draw_ma + RISE_MA >= ma - (ma >> 3)
        else:
            self._shown = draw_ma <= ma + RISE_MA
        if not self._shown and self._unchanged_ms < self._longest_dead_ms:
            self._followed = True
        elif self._followed:
            self._shown = True
            lag_ms = max(self._unchanged_ms + _LAG_MARGIN_MS, _SHORTEST_DEAD_MS)
            lag_ms = max(lag_ms, self.dead_ms - (self.dead_ms >> 3))
            self.dead_ms = min(lag_ms, self._longest_dead_ms)

    def settling_ms(self):
        """How long until the last change has had time to show."""
        return max(0, self.dead_ms - self._unchanged_ms)

    def follows(self):
        """Whether its car may still be on the way up to what it was last raised to."""
        return self._risen_ms < self.dead_ms

    def committed_ma(self, allocation, told_ma):
        """What its car may still be drawing: a lower limit must be told, and take effect."""
        ma = allocation.ma if allocation.ma > told_ma else told_ma
        if self._unchanged_ms < self.dead_ms and self._before_ma > ma:
            return self._before_ma
        return ma

    def begin(self, allocation, ma):
        """The first current that it is told: as good as a change."""
        allocation.ma = ma
        self._unchanged_ms = self._risen_ms = 0

    @micropython.native
    def change(self, allocation, ma, reason):
        """Set the current; a new value starts the dead time, a new reason its own clock."""
        if ma != allocation.ma:
            self._before_ma = allocation.ma
            self._unchanged_ms = -self.unseen_ms
            self._shown = self._followed = False
            if ma > allocation.ma:
                self._risen_ms = -self.unseen_ms
            allocation.ma = ma
        if reason != allocation.reason:
            allocation.reason = reason
            allocation.since_ms = 0

    @micropython.native
    def fall(self, allocation, min_ma):
        """Down to its room, or to its minimum to be held there."""
        ma = allocation.room_ma - allocation.room_ma % GRID_MA
        if ma < min_ma:
            ma = min_ma
        if allocation.ma - ma >= RISE_MA:
            self._fallen_ms = -self.unseen_ms
            self._fresh_fall = True
        self.change(allocation, ma, records.FALLEN if allocation.room_ma else records.HOLDING)

    def _regret(self):
        if self._risen_ms < REGRET_MS and not self._regretted:
            self._regretted = True
            self._calm_ms = 0
            self.patience_ms = min(2 * self.patience_ms, LONGEST_PATIENCE_MS)

    def hold(self, allocation, state, excess_ma, used_up):
        """Its minimum exceeds the room by `excess_ma`: keep it for a while, then pause."""
        excess_ma = min(excess_ma, _MOST_MA)
        self._held_mas += excess_ma * min(self._passed_ms, _LONGEST_MS) // 1000
        self._passed_ms = 0
        if used_up or self._held_mas > self._most_held_mas:
            self.pauses += 1
            self.pause_left_ms = min(PAUSE_MS * self.pauses, LONGEST_PAUSE_MS)
            if self.pauses > PAUSES:
                self.pause_left_ms = LAST_PAUSE_MS
            self._held_mas = 0
            allocation.wait_ms = self.pause_left_ms
            self.change(allocation, 0, records.PAUSED)
            return
        if excess_ma:
            allocation.wait_ms = (self._most_held_mas - self._held_mas) // excess_ma * 1000
        self.change(allocation, min(allocation.ma, state.min_ma), records.HOLDING)

    def recover(self):
        """There is room again: the time to hold comes back, as for 3 A."""
        if self._held_mas:
            self._held_mas = max(0, self._held_mas - 3 * self._passed_ms)

    def rise(self, allocation, proven_ma, missing_ms):
        """Up to `proven_ma` if the last change has shown; returns by how much it rose.

        missing_ms  how long until the proof covers its whole window
        """
        if self._fresh_fall and allocation.room_ma - allocation.ma >= RISE_MA:
            self._fresh_fall = False  # it was an inrush, and is over
            self._fallen_ms = LONGEST_PATIENCE_MS
        more_ma = min(proven_ma, allocation.room_ma) - allocation.ma
        patience_ms = self.patience_ms - self._fallen_ms
        allocation.wait_ms = max(missing_ms, self.settling_ms(), patience_ms)
        if allocation.reason == records.FALLEN and self._unchanged_ms < self.dead_ms:
            pass  # that is news, for as long as it takes effect
        elif allocation.room_ma - allocation.ma < RISE_MA:
            allocation.wait_ms = 0
            self.change(allocation, allocation.ma, records.STEADY)
        elif allocation.wait_ms == 0 and more_ma >= RISE_MA:
            more_ma = min(more_ma - more_ma % GRID_MA, RISE_STEP_MA)
            self._regretted = False
            self.change(allocation, allocation.ma + more_ma, records.RISING)
            return more_ma
        elif allocation.wait_ms == 0 or allocation.reason != records.RISING:
            self.change(allocation, allocation.ma, records.SETTLING)
        return 0
