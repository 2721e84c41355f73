"""The largest value of the last so many seconds: a worst case that headroom must have outlasted.

A peak of less than a second doesn't count. It is a motor's inrush: over before any car could
follow it, and nothing to a breaker (the chargers were lowered for it all the same).
"""

from array import array

from micropython import const

PARTS = const(20)
_SECOND = const(5)  # values in a second
_LARGEST = const(1 << 29)


class LeastOfASecond:
    """What a value has been for a whole second; values come every 200 ms."""

    def __init__(self):
        self._values = array("i", [_LARGEST] * _SECOND)
        self._at = 0

    def clear(self):
        """Begin anew."""
        for i in range(_SECOND):
            self._values[i] = _LARGEST

    def add(self, value):
        """The least of the last second, this value included."""
        self._values[self._at] = value
        self._at = (self._at + 1) % _SECOND
        for other in self._values:
            if other < value:
                value = other
        return value


class RecentMaximum:
    """Sliding maximum over `window_ms`, kept in 20 buckets, so exact to a twentieth of it.

    `value` is the maximum, meaningless while `missing_ms`, the time until the window is full, is
    not 0.
    """

    def __init__(self, window_ms):
        self._bucket_ms = window_ms // PARTS
        self._maxima = array("i", [0] * (PARTS + 1))  # one bucket more is being filled
        self.clear()

    def clear(self):
        """Begin anew: nothing is proven."""
        self.value = 0
        self.missing_ms = PARTS * self._bucket_ms
        self._filled_ms = 0
        self._at = 0
        for i in range(PARTS + 1):
            self._maxima[i] = 0
        self._before = 0  # the largest of all full buckets

    def add(self, value, elapsed_ms):
        """The value was `value` during the last `elapsed_ms`."""
        bucket_ms = self._bucket_ms
        filled_ms = min(self._filled_ms + elapsed_ms, bucket_ms * (PARTS + 1))
        while filled_ms >= bucket_ms:
            filled_ms -= bucket_ms
            self._next()
        self._filled_ms = filled_ms
        if value > self._maxima[self._at]:
            self._maxima[self._at] = value
        self.value = max(self._before, self._maxima[self._at])

    def _next(self):
        """Begin another bucket; the oldest is forgotten."""
        self._at = (self._at + 1) % (PARTS + 1)
        self._maxima[self._at] = 0
        self.missing_ms = max(0, self.missing_ms - self._bucket_ms)
        self._before = 0
        for value in self._maxima:
            if value > self._before:
                self._before = value
