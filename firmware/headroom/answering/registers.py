"""The words of a meter's registers, from its rows (models/) and what a source tells.

They are written into a buffer that is there already: a charger may ask ten times a second, and
what is taken from the heap then is collected while the loop is held.
"""

import struct

from .models import WIDTHS

_FORMATS = {"h": ">h", "H": ">H", "i": ">i", "I": ">I", "L": ">L", "f": ">f", "q": ">q"}
_LIMITS = {  # lowest and highest that a kind has; L is a counter, which rolls over
    "h": (-0x8000, 0x7FFF),
    "H": (0, 0xFFFF),
    "i": (-0x80000000, 0x7FFFFFFF),
    "I": (0, 0xFFFFFFFF),
    "q": (0, 0x7FFFFFFFFFFFFFFF),
}
_WIDEST = 4
_LAST = 0x10000


class Registers:
    """`source.value(quantity, leg)` is an integer, None for what isn't there.

    Of rows that come again it is `source.value(quantity, leg, which)`. `source.fixed` is as that
    of the meter.
    """

    def __init__(self, meter, source):
        self._rows = meter["rows"]
        self._fixed = meter.get("fixed", ()) + source.fixed
        self._alone = meter.get("alone", {})
        self._repeats = meter.get("repeats", ())
        self._absent = meter.get("absent", {})
        self._low_first = meter.get("low_first", False)
        self._source = source
        self._value = bytearray(2 * _WIDEST)
        self._row = None  # the last one that was found: the next value is mostly its
        self._which = self._base = self._next = 0

    def write(self, register, count, into, at):
        """Write so many words to into[at:]; the first register that nobody knows, -1 for none."""
        if count == 1 and register in self._alone:
            struct.pack_into(">H", into, at, self._alone[register])
            return -1
        unknown = -1
        here = register - _WIDEST + 1  # a value may begin before the first
        end = register + count
        while here < end:
            width = self._take(here)
            if width:
                for place in range(width):
                    if register <= here + place < end:
                        self._write_word(place, width, into, at)
                        at += 2
                here += width
                continue
            following = min(self._next, end) if here >= register else here + 1
            while here < following:
                if here >= register:
                    if not self._write_fixed(here, into, at) and unknown < 0:
                        unknown = here
                    at += 2
                here += 1
        return unknown

    def _write_word(self, place, width, into, at):
        if self._low_first:
            place = width - 1 - place
        into[at] = self._value[2 * place]
        into[at + 1] = self._value[2 * place + 1]

    def _write_fixed(self, register, into, at):
        """Whether it is one of those that never change; 0 if not."""
        for first, data in self._fixed:
            place = 2 * (register - first)
            if 0 <= place < len(data):
                into[at], into[at + 1] = data[place], data[place + 1]
                return True
        into[at] = into[at + 1] = 0
        return False

    def _take(self, register):
        """The value that begins there into `_value`: its width. 0 if none begins there, and none
        before `_next`."""
        row = self._row
        if not row or not row[0] <= register - self._base < row[1]:
            row = self._row = self._find(register)
            if not row:
                return 0
        first, _, kind, quantities, legs, per = row
        width = WIDTHS[kind]
        place = register - self._base - first
        if place % width:
            self._next = register + 1
            return 0
        place //= width
        quantity = quantities if isinstance(quantities, str) else quantities[place]
        leg = legs if isinstance(legs, (str, int)) else legs[place]
        self._pack(kind, self._source.value(quantity, leg, self._which), per)
        return width

    def _pack(self, kind, value, per):
        if value is None:
            value = self._absent.get(kind, 0)
        elif kind == "f":
            value = value / per
        else:
            value = (value + per // 2) // per
            if kind == "L":
                value &= 0xFFFFFFFF
            else:
                lowest, highest = _LIMITS[kind]
                value = max(lowest, min(highest, value))
        struct.pack_into(_FORMATS[kind], self._value, 0, value)

    def _find(self, register):
        """The row that a register is in, None if it is in none."""
        rows, self._base, self._which, behind = self._rows, 0, 0, _LAST
        for first, distance, count, again in self._repeats:
            if 0 <= register - first < distance * count:
                self._which = (register - first) // distance
                self._base = first + distance * self._which
                rows, behind = again, distance
            elif register < first:
                behind = min(behind, first)
        register -= self._base
        for row in rows:
            if row[0] <= register < row[1]:
                return row
            if register < row[0] < behind:
                behind = row[0]
        self._next = self._base + behind
        return None
