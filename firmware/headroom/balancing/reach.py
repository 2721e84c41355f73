"""The largest current of the last seconds: what a car that was told less may still draw.

Remembering for longer would hide for as long what a charger draws that does not follow at all; a
car that is slower than what is remembered counts as load for a moment, which is safe.
"""

from array import array

from micropython import const

_PARTS = const(4)  # the last of them is being filled


class Reach:
    """One charger's: `ma` counts for `kept_ms`, or up to a third longer."""

    def __init__(self, kept_ms):
        self.ma = 0
        self._part_ms = kept_ms // (_PARTS - 1)
        self._most_ma = array("i", [0] * _PARTS)
        self._filled_ms = 0
        self._at = 0

    def add(self, ma, elapsed_ms):
        """It was `ma` for the last `elapsed_ms`."""
        part_ms = self._part_ms
        most_ma = self._most_ma
        self._filled_ms = min(self._filled_ms + elapsed_ms, _PARTS * part_ms)
        while self._filled_ms >= part_ms:
            self._filled_ms -= part_ms
            self._at = (self._at + 1) % _PARTS
            most_ma[self._at] = self.ma = ma
            for most in most_ma:
                self.ma = max(self.ma, most)
        if ma > most_ma[self._at]:
            most_ma[self._at] = ma
            self.ma = max(self.ma, ma)
