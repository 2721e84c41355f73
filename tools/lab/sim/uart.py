"""What a UART makes of characters that another one sends at a format of its own.

A receiver begins at a falling edge, looks at the line in the middle of each of its own bits, and
keeps a character whose parity and stop bit are right.
"""

from functools import lru_cache

from .chargers.model import SerialFormat

DATA_BITS = 8


@lru_cache(maxsize=1024)
def heard(data: bytes, sender: SerialFormat | None, receiver: SerialFormat | None) -> bytes:
    """The characters that are kept; None is a format that nobody knows, and fits all."""
    if sender is None or receiver is None or sender == receiver:
        return data
    levels = [1, *(bit for byte in data for bit in _bits(byte, sender))]
    kept = bytearray()
    at_s = 0.0
    while (start := _falling_edge(levels, at_s * sender.baud)) is not None:
        start_s = start / sender.baud
        count = 1 + DATA_BITS + (receiver.parity != "N") + 1
        middles = [start_s + (bit + 0.5) / receiver.baud for bit in range(count)]
        seen = [_level(levels, middle_s * sender.baud) for middle_s in middles]
        byte = sum(bit << n for n, bit in enumerate(seen[1 : 1 + DATA_BITS]))
        if seen == _bits(byte, receiver)[:count]:
            kept.append(byte)
        at_s = middles[0] if seen[0] else middles[-1]
    return bytes(kept)


def _bits(byte: int, form: SerialFormat) -> list[int]:
    """Start, data from the lowest on, parity, stop."""
    data = [byte >> n & 1 for n in range(DATA_BITS)]
    parity = {"N": [], "E": [sum(data) & 1], "O": [~sum(data) & 1]}[form.parity]
    return [0, *data, *parity, *[1] * form.stop_bits]


def _level(levels: list[int], bit: float) -> int:
    """The line after so many of the sender's bits; it is high when nobody sends."""
    return levels[int(bit)] if bit < len(levels) else 1


def _falling_edge(levels: list[int], bit: float) -> int | None:
    """The first one from that bit on."""
    for n in range(max(1, -int(-bit // 1)), len(levels)):
        if levels[n - 1] and not levels[n]:
            return n
    return None
