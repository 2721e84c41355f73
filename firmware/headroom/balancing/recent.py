"""The largest value of the last so many seconds: a worst case that room must have outlasted.

A peak of less than a second doesn't count. It is a motor's inrush: over before any car could
follow it, and nothing to a breaker (the chargers were lowered for it all the same).
"""

from array import array

from micropython import const

_BUCKETS = const(20)
_NONE = const(-(1 << 29))
_STEPS = const(5)  # of a second


class RecentMaximum:
    """Sliding maximum over `window_ms`, kept in 20 buckets, so exact to a twentieth of it.

    Values come in steps of 200 ms; five of them are a second. `value` is the maximum, meaningless
    while `missing_ms`, the time until the window is full, is not 0.
    """

    def __init__(self, window_ms):
        self._bucket_ms = window_ms // _BUCKETS
        self._maxima = array("i", [_NONE] * (_BUCKETS + 1))
        self._second = array("i", [_NONE] * _STEPS)
        self.clear()

    def clear(self):
        """Begin anew: nothing is proven."""
        self._at = 0
        self._in_bucket_ms = 0
        self.missing_ms = _BUCKETS * self._bucket_ms
        self.value = _NONE
        for i in range(_BUCKETS + 1):
            self._maxima[i] = _NONE
        self._step = 0
        for i in range(_STEPS):
            self._second[i] = -_NONE

    def add(self, value, elapsed_ms):
        """The value was `value` during the last `elapsed_ms`."""
        self._second[self._step] = value
        self._step = self._step + 1 if self._step < _STEPS - 1 else 0
        for other in self._second:
            if other < value:
                value = other
        self._in_bucket_ms += elapsed_ms
        rolls = self._in_bucket_ms // self._bucket_ms
        self._in_bucket_ms -= rolls * self._bucket_ms
        for _ in range(min(rolls, _BUCKETS)):
            self._next_bucket()
        if value > self._maxima[self._at]:
            self._maxima[self._at] = value
            if value > self.value:
                self.value = value

    def _next_bucket(self):
        self._at = (self._at + 1) % (_BUCKETS + 1)
        self._maxima[self._at] = _NONE
        self.missing_ms = max(0, self.missing_ms - self._bucket_ms)
        self.value = _NONE
        for maximum in self._maxima:
            if maximum > self.value:
                self.value = maximum
