"""The largest value of the last so many seconds: a worst case that room must have outlasted.

A peak of less than a second doesn't count. It is a motor's inrush: over before any car could
follow it, and nothing to a breaker (the chargers were lowered for it all the same).
"""

from array import array

from . import kernel
from .kernel import BUCKETS


class RecentMaximum:
    """Sliding maximum over `window_ms`, kept in 20 buckets, so exact to a twentieth of it.

    Values come in steps of 200 ms; five of them are a second. `value` is the maximum, meaningless
    while `missing_ms`, the time until the window is full, is not 0.
    """

    def __init__(self, window_ms):
        self._bucket_ms = window_ms // BUCKETS
        self._state = array("i", [0] * kernel.RECENT_SIZE)
        self.clear()

    def clear(self):
        """Begin anew: nothing is proven."""
        kernel.recent_clear(self._state)
        self.value = 0
        self.missing_ms = BUCKETS * self._bucket_ms

    def add(self, value, elapsed_ms):
        """The value was `value` during the last `elapsed_ms`."""
        self.value = kernel.recent_add(self._state, value, elapsed_ms, self._bucket_ms)
        if self.missing_ms:
            self.missing_ms = (BUCKETS - self._state[kernel.FULL]) * self._bucket_ms
