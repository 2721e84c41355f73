"""What a car may still be drawing: the largest current that it was allowed in the last seconds.

That is the lag of this car, once it has shown that, and else 4 s, when most have followed; one
that is slower counts as load for a moment, which is safe. Remembering for longer would hide for
as long what a charger draws that does not follow at all.
"""

from array import array

from micropython import const

_PARTS = const(4)  # the last of them is being filled


class Reach:
    """One charger's; `ma` is the result, up to a third longer than asked, never shorter."""

    def __init__(self):
        self.ma = 0
        self._most_ma = array("i", [0] * _PARTS)
        self._filled_ms = 0
        self._at = 0

    def add(self, allowed_ma, elapsed_ms, for_ms):
        """It was allowed so much for the last `elapsed_ms`; `for_ms` is how long that counts."""
        most_ma = self._most_ma
        part_ms = for_ms // (_PARTS - 1)
        self._filled_ms = min(self._filled_ms + elapsed_ms, _PARTS * part_ms)
        while self._filled_ms >= part_ms:
            self._filled_ms -= part_ms
            self._at = (self._at + 1) % _PARTS
            most_ma[self._at] = self.ma = allowed_ma
            for ma in most_ma:
                self.ma = max(self.ma, ma)
        if allowed_ma > most_ma[self._at]:
            most_ma[self._at] = allowed_ma
            self.ma = max(self.ma, allowed_ma)
