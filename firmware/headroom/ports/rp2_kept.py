"""The time over a restart that is asked for: in scratch registers of a Pico's watchdog.

Four of them, 0 to 3, are nobody's: they live through every reset but one of the supply or of the
RUN pin, and what restarts the chip for us uses 4 to 7. The time since the reset is counted by the
chip's timer, which begins with it. MicroPython's machine.RTC is of no use for this: it is set to
2021 at every start.
"""

import sys
import time

from machine import mem32
from micropython import const

_SCRATCH = (0x400D8000 if "RP2350" in sys.implementation._machine else 0x40058000) + 0x0C
_MAGIC = const(0x4852)
_DAY_MS = const(86_400_000)


def keep(day, ms):
    """It is now so many ms into that day, and the chip restarts at once."""
    mem32[_SCRATCH] = _MAGIC << 16 | day
    mem32[_SCRATCH + 4] = ms
    mem32[_SCRATCH + 8] = mem32[_SCRATCH] ^ ms


def take():
    """(day, ms) by now, None if nothing was kept; a second time there is nothing."""
    head, ms = mem32[_SCRATCH], mem32[_SCRATCH + 4]
    good = head >> 16 == _MAGIC and mem32[_SCRATCH + 8] == head ^ ms and ms < _DAY_MS
    mem32[_SCRATCH] = 0
    if not good:
        return None
    ms += time.ticks_ms()
    return (head & 0xFFFF) + ms // _DAY_MS, ms % _DAY_MS
