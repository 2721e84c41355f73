"""The PC's files as a board's flash (see flash.py), and a chance that is the same each time."""

from flash import remove, rename  # noqa: F401
from uos import *  # noqa: F403
from uos import getenv

unlink = remove
_chance = int(getenv("HEADROOM_SEED") or 1)


def urandom(count):
    """Bytes of a linear congruential generator, of its higher bits."""
    global _chance
    result = bytearray(count)
    for i in range(count):
        _chance = (_chance * 1103515245 + 12345) & 0x7FFFFFFF
        result[i] = _chance >> 16 & 0xFF
    return bytes(result)
