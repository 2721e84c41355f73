"""When may a relay start again? It rests first, and starts so many times an hour at most.

A contactor wears with each start, and a car gives up after some ten interruptions. So after a
relay has gone off it rests, and with the last of MOST_STARTS within an hour it waits until the
first is an hour ago. The rest counts from when the measurement is back, too: what there was
before nobody has seen. A restart forgets the starts, so then it is all that holds. Nothing here
delays going off.

A longer rest, or a longer proof of headroom, saves no start on the recorded house, whose stops
are loads that do come: tried with 5, 10 and 20 minutes, each costs energy.
"""

from array import array

from micropython import const

MOST_STARTS = const(6)
_HOUR_MS = const(3_600_000)


class Rest:
    """One relay's, in the place of a Hold: what is never held has no time to hold.

    pause_left_ms  how long it stays off, if it is off
    pauses         counts as paused before: a start wants headroom of two minutes
    """

    pauses = 1

    def __init__(self, rest_ms):
        self.pause_left_ms = self._left_ms = self._rest_ms = rest_ms
        self._on = False
        self._started_ms = array("i", [_HOUR_MS] * MOST_STARTS)  # ago
        self._oldest = 0

    def pass_time(self, row, elapsed_ms):
        """It was allowed what `row` says for the last `elapsed_ms`."""
        started_ms = self._started_ms
        for i in range(MOST_STARTS):
            started_ms[i] = min(started_ms[i] + elapsed_ms, _HOUR_MS)
        on = row.allowed_ma > 0
        if on and not self._on:
            started_ms[self._oldest] = 0
            self._oldest = (self._oldest + 1) % MOST_STARTS
        self._on = on
        self._left_ms = max(0, self._left_ms - elapsed_ms)
        if on or not row.fresh:
            self._left_ms = self._rest_ms
        self.pause_left_ms = max(self._left_ms, _HOUR_MS - started_ms[self._oldest])

    def spend(self, excess_ma, elapsed_ms):
        """It has no headroom: that can't go on."""
        return True

    def recover(self, elapsed_ms):
        """It has headroom, and nothing to recover from."""

    def pause(self):
        """It is off from now on; `pass_time` sees that."""
