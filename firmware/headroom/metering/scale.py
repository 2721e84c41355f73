"""Multiplying without the heap: what is kept, and each step to it, is below 2^30."""


def times(a, b, shift):
    """a x b / 2^shift without a number beyond 2^30: |a| < 2^29, |b| <= 2^15, and the result."""
    high, low = a >> 14, a & 16383
    if shift < 14:
        return (high * b << 14 - shift) + (low * b >> shift)
    return high * b + (low * b >> 14) >> shift - 14


class Scale:
    """A fixed factor, of 15 binary places; what would be above 2^29 is that."""

    def __init__(self, factor):
        self._most = min((1 << 29) - 1, int((1 << 29) / factor))
        self._shift = 0
        while factor < 1 << 14:
            factor *= 2
            self._shift += 1
        self._factor = int(factor)

    def of(self, value):
        """The value x the factor."""
        return times(max(-self._most, min(self._most, value)), self._factor, self._shift)
