"""The chip's time in place of the PC's; ticks wrap at 2^30 as on any 32-bit board."""

import chip
from utime import *  # noqa: F403

_PERIOD = 1 << 30
_CALL_US = 2


def ticks_us():
    chip.spend(_CALL_US)
    return chip.now_us % _PERIOD


def ticks_ms():
    chip.spend(_CALL_US)
    return chip.now_us // 1000 % _PERIOD


def ticks_add(ticks, delta):
    return (ticks + delta) % _PERIOD


def ticks_diff(end, start):
    return (end - start + _PERIOD // 2) % _PERIOD - _PERIOD // 2


def sleep_ms(ms):
    chip.spend(ms * 1000)


def sleep_us(us):
    chip.spend(us)
