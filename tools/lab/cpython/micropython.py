"""What the pure firmware code needs from MicroPython, on CPython.

`viper` functions run as plain Python: their pointer types become the arrays themselves.
`time` gains the tick functions, with the 2^30 period of a 32-bit board, so that tests meet the
wrap that a board meets after 12.4 days; `asyncio` gains sleep_ms.
"""

import asyncio
import builtins
import time

TICKS_PERIOD = 1 << 30


def viper(function):
    return function


native = viper


def const(value):
    return value


def kbd_intr(byte):
    """Which byte raises KeyboardInterrupt: none here."""


def _pointer(buffer):
    return buffer


for _name in ("ptr8", "ptr16", "ptr32"):
    setattr(builtins, _name, _pointer)


def ticks_add(ticks, delta):
    return (ticks + delta) % TICKS_PERIOD


def ticks_diff(end, start):
    return (end - start + TICKS_PERIOD // 2) % TICKS_PERIOD - TICKS_PERIOD // 2


def ticks_ms():
    return time.monotonic_ns() // 1_000_000 % TICKS_PERIOD


def ticks_us():
    return time.monotonic_ns() // 1_000 % TICKS_PERIOD


def sleep_ms(ms):
    time.sleep(ms / 1000)


async def _async_sleep_ms(ms):
    await asyncio.sleep(ms / 1000)


asyncio.sleep_ms = _async_sleep_ms

for _function in (ticks_add, ticks_diff, ticks_ms, ticks_us, sleep_ms):
    setattr(time, _function.__name__, _function)
