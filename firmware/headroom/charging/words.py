"""Values in registers: from integers to 16-bit words and back, by the type that a profile names.

An *item* is a profile's description of one value: `register`, and where they differ from the
usual `type` ("u16"), `write` (function 6 for one word, 16 for two), `read` (function 3) and the
scale, `ma_per_count` or `counts_per_a`. A float's count is 1 of its unit.
"""

import struct

from umodbus import functions

WIDTHS = {"u16": 1, "i16": 1, "u32": 2, "i32": 2, "f32": 2, "coil": 1}
_TINIEST = 1e-6  # with swapped words an ordinary float becomes tiny or huge
_HUGEST = 1e6
ABSURD_MA = 200_000  # no phase of a charger carries that: wrong type or word order
READ_HOLDING = 3
WRITE_COIL = 5
WRITE_ONE = 6
WRITE_MANY = 16


def kind(item):
    """Its type."""
    return item.get("type", "u16")


def width(item):
    """How many registers it takes."""
    return WIDTHS[kind(item)]


def to_words(value, kind, low_first):
    """The words of an integer; a float is sent as a whole number of its unit or as given."""
    if kind == "f32":
        high, low = struct.unpack(">HH", struct.pack(">f", value))
    elif WIDTHS[kind] == 1:
        return (value & 0xFFFF,)
    else:
        high, low = value >> 16 & 0xFFFF, value & 0xFFFF
    return (low, high) if low_first else (high, low)


def from_words(words, at, kind, low_first):
    """The value whose first word is words[at]: an integer, or a float (nan: not available)."""
    if WIDTHS[kind] == 1:
        value = words[at]
        return value - 0x10000 if kind == "i16" and value & 0x8000 else value
    high, low = words[at], words[at + 1]
    if low_first:
        high, low = low, high
    if kind == "f32":
        return struct.unpack(">f", struct.pack(">HH", high, low))[0]
    if kind == "i32" and high & 0x8000:
        high -= 0x10000
    return high << 16 | low


def counts(ma, item):
    """Milliamperes in the item's unit, rounded down; a float keeps its fraction."""
    if "counts_per_a" in item:
        return ma * item["counts_per_a"] // 1000
    if kind(item) == "f32":
        return ma / item["ma_per_count"]
    return ma // item["ma_per_count"]


def quantised(ma, item):
    """`ma` rounded down to what the item can say, and to its steps."""
    ma -= ma % item.get("step_ma", 1)
    return ma if kind(item) == "f32" else milliamperes(counts(ma, item), item)


def milliamperes(value, item):
    """A value in the item's unit as mA; -1 if a float is no number, or its words are swapped."""
    if "counts_per_a" in item:
        return (value * 1000 + item["counts_per_a"] - 1) // item["counts_per_a"]
    if kind(item) == "f32":
        if not (value == 0 or _TINIEST < value < _HUGEST):
            return -1
        return int(value * item["ma_per_count"] + 0.5)
    return value * item["ma_per_count"]


def scaled(item):
    """Whether it has a scale of its own."""
    return "ma_per_count" in item or "counts_per_a" in item


def write_pdu(item, value, low_first):
    """The request that writes `value` (in the item's unit) to it."""
    if kind(item) == "coil":
        return functions.write_single_coil(item["register"], 0xFF00 if value else 0)
    words = to_words(value, kind(item), low_first)
    if item.get("write", WRITE_ONE if len(words) == 1 else WRITE_MANY) == WRITE_ONE:
        return functions.write_single_register(item["register"], words[0], False)
    return functions.write_multiple_registers(item["register"], words, False)


def write_many(register, words):
    """The request that writes these words by function 16."""
    return functions.write_multiple_registers(register, words, False)
