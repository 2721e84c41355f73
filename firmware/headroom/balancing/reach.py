"""The largest current of the last 4 to 5 s: what a car may still be drawing that was told less.

Most cars have followed by then. One that is slower counts as load for a moment, which is safe.
Remembering for longer would hide for as long what a charger draws that does not follow at all.
"""

from array import array

from micropython import const

_PARTS = const(4)  # the last of them is being filled
_PART_MS = const(1300)


class Reach:
    """One charger's; `ma` is the result."""

    def __init__(self):
        self.ma = 0
        self._most_ma = array("i", [0] * _PARTS)
        self._filled_ms = 0
        self._at = 0

    def add(self, ma, elapsed_ms):
        """It was `ma` for the last `elapsed_ms`."""
        most_ma = self._most_ma
        self._filled_ms = min(self._filled_ms + elapsed_ms, _PARTS * _PART_MS)
        while self._filled_ms >= _PART_MS:
            self._filled_ms -= _PART_MS
            self._at = (self._at + 1) % _PARTS
            most_ma[self._at] = self.ma = ma
            for most in most_ma:
                self.ma = max(self.ma, most)
        if ma > most_ma[self._at]:
            most_ma[self._at] = ma
            self.ma = max(self.ma, ma)
