"""The smallest value of the last so many seconds: proof that there has been room all along.

A dip of less than a second doesn't count. It is a motor's inrush: over before any car could
follow it, and nothing to a breaker (the charger was lowered for it all the same).
"""

from array import array

from micropython import const

_BUCKETS = const(20)
_NONE = const(1 << 29)
_STEPS = const(5)  # of a second


class RecentMinimum:
    """Sliding minimum over `window_ms`, kept in 20 buckets, so exact to a twentieth of it.

    Values come in steps of 200 ms; five of them are a second.
    """

    def __init__(self, window_ms):
        self._bucket_ms = window_ms // _BUCKETS
        self._minima = array("i", [_NONE] * (_BUCKETS + 1))
        self._second = array("i", [-_NONE] * _STEPS)
        self.clear()

    def clear(self):
        """Begin anew: nothing is proven."""
        self._at = 0
        self._in_bucket_ms = 0
        self._full = 0
        self._minima[0] = _NONE
        self._step = 0
        for i in range(_STEPS):
            self._second[i] = -_NONE

    def add(self, value, elapsed_ms):
        """The value was `value` during the last `elapsed_ms`."""
        self._second[self._step] = value
        self._step = (self._step + 1) % _STEPS
        for other in self._second:
            if other > value:
                value = other
        self._in_bucket_ms += elapsed_ms
        if self._in_bucket_ms > self._bucket_ms:
            self._in_bucket_ms = 0
            self._at = (self._at + 1) % len(self._minima)
            self._minima[self._at] = value
            self._full = min(self._full + 1, _BUCKETS)
        elif value < self._minima[self._at]:
            self._minima[self._at] = value

    def missing_ms(self):
        """How long until the window is full, 0 if it is."""
        return (_BUCKETS - self._full) * self._bucket_ms

    def value(self):
        """Minimum over the window; meaningless while missing_ms() is not 0."""
        smallest = _NONE
        for value in self._minima:
            if value < smallest:
                smallest = value
        return smallest
