"""The words of a meter's registers, from its rows (models/) and what a source tells.

They are written into a buffer that is there already: a charger may ask ten times a second, and
what is taken from the heap then is collected while the loop is held.
"""

import struct

_WIDTHS = {"h": 1, "H": 1, "i": 2, "I": 2, "L": 2, "f": 2, "q": 4}
_LIMITS = {  # lowest and highest that a kind has
    "h": (-0x8000, 0x7FFF),
    "H": (0, 0xFFFF),
    "i": (-0x80000000, 0x7FFFFFFF),
    "I": (0, 0xFFFFFFFF),
    "L": (0, 0xFFFFFFFF),
    "q": (0, 0x7FFFFFFFFFFFFFFF),
}
_WIDEST = 4


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

    def write(self, register, count, into, at):
        """Write so many words to into[at:]; the first register that nobody knows, -1 for none."""
        if count == 1 and register in self._alone:
            struct.pack_into(">H", into, at, self._alone[register])
            return -1
        unknown = -1
        here = register - _WIDEST + 1  # a value may begin before the first
        while here < register + count:
            width = self._take(here)
            if not width:
                if here >= register and not self._write_fixed(here, into, at):
                    if unknown < 0:
                        unknown = here
                width = 1
                if here >= register:
                    at += 2
            else:
                for place in range(width):
                    if register <= here + place < register + count:
                        self._write_word(place, width, into, at)
                        at += 2
            here += width
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
        """The value that begins there into `_value`: its width, 0 if none begins there."""
        row = self._rows.get(register)
        which = 0
        for first, distance, count, rows in self._repeats:
            if 0 <= register - first < distance * count:
                which = (register - first) // distance
                row = rows.get((register - first) % distance)
        if not row:
            return 0
        quantity, leg, per, kind = row
        value = self._source.value(quantity, leg, which)
        if value is None:
            value = self._absent.get(kind, 0)
        elif kind == "f":
            value = value / per
        else:
            lowest, highest = _LIMITS[kind]
            value = max(lowest, min(highest, (value + per // 2) // per))
        struct.pack_into(">" + kind, self._value, 0, value)
        return _WIDTHS[kind]
