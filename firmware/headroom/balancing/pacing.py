"""When may one charger's current change? Down at once, up slowly, hold, pause last.

A car gives up after some ten interruptions, and a breaker tolerates small overloads for minutes.
So a charger without room is first held at its minimum, for HOLD_MS or until the breaker's budget
is used up; a pause then lasts a minute, and longer each time it comes again.
"""

from micropython import const

from .. import records
from .recent import RecentMinimum

GRID_MA = const(500)  # changes end on this grid, so that noise doesn't write a new value each time
RISE_STEP_MA = const(5000)  # the most in one dead time
RESUME_MARGIN_MA = const(1000)
HOLD_MS = const(300_000)
PAUSE_MS = const(60_000)
LONGEST_PAUSE_MS = const(300_000)
_CALM_MS = const(3_600_000)  # an hour without a pause: the next is short again
_FOREVER_MS = const(1 << 28)


class Pacer:
    """Timers of one charger.

    dead_time_ms    a change needs this long to show (a car follows within about 5 s)
    rise_window_ms  room must have been there this long before the current rises into it
    """

    def __init__(self, dead_time_ms, rise_window_ms):
        self._dead_time_ms = dead_time_ms
        self._recent = RecentMinimum(rise_window_ms)
        self._unchanged_ms = 0
        self._held_ms = 0
        self._pause_left_ms = 0
        self._pause_ms = PAUSE_MS
        self._calm_ms = 0

    def forget_proof(self):
        """The measurement was lost: what was proven before it counts no more."""
        self._recent.clear()

    def step(self, allocation, state, elapsed_ms, proof, used_up):
        """Move `allocation.ma` towards `allocation.room_ma`.

        proof    the room is from a good 200 ms window, not from a single cycle
        used_up  the breaker's budget is gone: the minimum can't be held
        """
        self._pass(elapsed_ms)
        if proof:
            self._recent.add(allocation.room_ma, elapsed_ms)
        allocation.wait_ms = 0
        if allocation.ma == 0:
            self._paused(allocation, state, elapsed_ms, proof)
        elif allocation.room_ma < state.min_ma:
            self._short(allocation, state, elapsed_ms, used_up)
        else:
            self._held_ms = max(0, self._held_ms - elapsed_ms)
            if allocation.room_ma < allocation.ma:
                self._fall(allocation, state)
            elif proof:
                self._rise(allocation, state)

    def change(self, allocation, ma, reason):
        """Set the current; a new value starts the dead time, a new reason its own clock."""
        if ma != allocation.ma:
            allocation.ma = ma
            self._unchanged_ms = 0
        if reason != allocation.reason:
            allocation.reason = reason
            allocation.since_ms = 0

    def _pass(self, elapsed_ms):
        self._unchanged_ms = min(self._unchanged_ms + elapsed_ms, _FOREVER_MS)
        self._calm_ms = min(self._calm_ms + elapsed_ms, _FOREVER_MS)
        if self._calm_ms > _CALM_MS:
            self._pause_ms = PAUSE_MS

    def _fall(self, allocation, state):
        ma = max(state.min_ma, allocation.room_ma - allocation.room_ma % GRID_MA)
        self.change(allocation, ma, records.FALLEN)

    def _short(self, allocation, state, elapsed_ms, used_up):
        self._held_ms += elapsed_ms
        if used_up or self._held_ms > HOLD_MS:
            self._pause_left_ms = self._pause_ms
            self._pause_ms = min(2 * self._pause_ms, LONGEST_PAUSE_MS)
            self._held_ms = 0
            self._calm_ms = 0
            self.change(allocation, 0, records.PAUSED)
            return
        allocation.wait_ms = HOLD_MS - self._held_ms
        self.change(allocation, state.min_ma, records.HOLDING)

    def _paused(self, allocation, state, elapsed_ms, proof):
        self._pause_left_ms = max(0, self._pause_left_ms - elapsed_ms)
        allocation.wait_ms = max(self._pause_left_ms, self._recent.missing_ms())
        enough = self._recent.value() >= state.min_ma + RESUME_MARGIN_MA
        if proof and enough and allocation.wait_ms == 0:
            self.change(allocation, state.min_ma, records.RISING)
        elif enough and self._pause_left_ms == 0:
            self.change(allocation, 0, records.SETTLING)
        else:
            self.change(allocation, 0, records.PAUSED)

    def _rise(self, allocation, state):
        allocation.wait_ms = max(
            self._recent.missing_ms(), self._dead_time_ms - self._unchanged_ms, 0
        )
        proven_ma = min(self._recent.value(), allocation.room_ma)
        ma = min(proven_ma - proven_ma % GRID_MA, allocation.ma + RISE_STEP_MA)
        if allocation.room_ma - allocation.ma < GRID_MA:
            allocation.wait_ms = 0
            self.change(allocation, allocation.ma, _why_steady(state))
        elif allocation.wait_ms == 0 and ma > allocation.ma:
            self.change(allocation, ma, records.RISING)
        elif allocation.wait_ms == 0 or allocation.reason != records.RISING:
            self.change(allocation, allocation.ma, records.SETTLING)


def _why_steady(state):
    if not state.online:
        return records.OFFLINE
    return records.STEADY if state.car else records.NO_CAR
