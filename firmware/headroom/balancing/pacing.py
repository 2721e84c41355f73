"""When may one charger's current change? Down at once, up slowly, hold, pause last.

A car gives up after some ten interruptions, and a breaker tolerates small overloads for minutes.
So a charger without room is first held at its minimum, for HOLD_MS or until the breaker's budget
is used up; a pause then lasts a minute, and longer each time it comes again.
"""

from micropython import const

from .. import records
from .base_load import later

GRID_MA = const(100)  # the finest step that chargers take
RISE_MA = const(500)  # less isn't worth a write
RISE_STEP_MA = const(6000)  # the most in one dead time
RESUME_MARGIN_MA = const(1000)
HOLD_MS = const(300_000)
PAUSE_MS = const(60_000)
LONGEST_PAUSE_MS = const(300_000)
PAUSES = const(8)  # in one session; after that
LAST_PAUSE_MS = const(1_800_000)  # each lasts this long: the car would give up


class Pacer:
    """Timers of one charger.

    dead_time_ms  a change needs this long to show (a car follows within about 5 s)
    hold_ms       how long the minimum may be held without room
    """

    def __init__(self, dead_time_ms, hold_ms):
        self._dead_time_ms = dead_time_ms
        self._hold_ms = hold_ms
        self._unchanged_ms = 0
        self._before_ma = 0
        self._held_ms = 0
        self.pause_left_ms = 0
        self.pauses = 0

    def wait(self, elapsed_ms, car):
        """Time passes; without a car the session's pauses are forgotten."""
        self._unchanged_ms = later(self._unchanged_ms, elapsed_ms)
        self.pause_left_ms = max(0, self.pause_left_ms - elapsed_ms)
        if not car:
            self.pauses = 0
            self.pause_left_ms = 0
            self._held_ms = 0

    def settling_ms(self):
        """How long until the last change has had time to show."""
        return max(0, self._dead_time_ms - self._unchanged_ms)

    def committed_ma(self, allocation, told_ma):
        """What its car may still be drawing: a lower limit must be told, and take effect."""
        ma = allocation.ma if allocation.ma > told_ma else told_ma
        if self._unchanged_ms < self._dead_time_ms and self._before_ma > ma:
            return self._before_ma
        return ma

    def change(self, allocation, ma, reason):
        """Set the current; a new value starts the dead time, a new reason its own clock."""
        if ma != allocation.ma:
            self._before_ma = allocation.ma
            allocation.ma = ma
            self._unchanged_ms = 0
        if reason != allocation.reason:
            allocation.reason = reason
            allocation.since_ms = 0

    def fall(self, allocation, state):
        """Down to its room, which is at least its minimum."""
        ma = max(state.min_ma, allocation.room_ma - allocation.room_ma % GRID_MA)
        self.change(allocation, ma, records.FALLEN)

    def hold(self, allocation, state, elapsed_ms, used_up):
        """No room for the minimum: keep it for a while, then pause."""
        self._held_ms += elapsed_ms
        if used_up or self._held_ms > self._hold_ms:
            self.pauses += 1
            self.pause_left_ms = min(PAUSE_MS * self.pauses, LONGEST_PAUSE_MS)
            if self.pauses > PAUSES:
                self.pause_left_ms = LAST_PAUSE_MS
            self._held_ms = 0
            allocation.wait_ms = self.pause_left_ms
            self.change(allocation, 0, records.PAUSED)
            return
        allocation.wait_ms = self._hold_ms - self._held_ms
        self.change(allocation, min(allocation.ma, state.min_ma), records.HOLDING)

    def recover(self, elapsed_ms):
        """There is room again: the time to hold comes back as it went."""
        self._held_ms = max(0, self._held_ms - elapsed_ms)

    def rise(self, allocation, proven_ma, missing_ms):
        """Up to `proven_ma` if the last change has shown; returns by how much it rose.

        missing_ms  how long until the proof covers its whole window
        """
        more_ma = min(proven_ma, allocation.room_ma) - allocation.ma
        allocation.wait_ms = max(missing_ms, self.settling_ms())
        if allocation.reason == records.FALLEN and self._unchanged_ms < self._dead_time_ms:
            pass  # that is news, for as long as it takes effect
        elif allocation.room_ma - allocation.ma < RISE_MA:
            allocation.wait_ms = 0
            self.change(allocation, allocation.ma, records.STEADY)
        elif allocation.wait_ms == 0 and more_ma >= RISE_MA:
            more_ma = min(more_ma - more_ma % GRID_MA, RISE_STEP_MA)
            self.change(allocation, allocation.ma + more_ma, records.RISING)
            return more_ma
        elif allocation.wait_ms == 0 or allocation.reason != records.RISING:
            self.change(allocation, allocation.ma, records.SETTLING)
        return 0
