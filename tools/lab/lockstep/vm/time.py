"""The simulation's time in place of the PC's; ticks wrap at 2^30 as on any board."""

import micropython
import world
from micropython import const
from utime import *  # noqa: F403

_LAST = const((1 << 30) - 1)


@micropython.native
def ticks_us():
    return world.look() & _LAST


@micropython.native
def ticks_ms():
    return world.look() // 1000 & _LAST


@micropython.viper
def ticks_add(ticks: int, delta: int) -> int:
    return ticks + delta & 0x3FFFFFFF


@micropython.viper
def ticks_diff(end: int, start: int) -> int:
    return (end - start + 0x20000000 & 0x3FFFFFFF) - 0x20000000


def time():
    return world.look() // 1_000_000


def sleep_us(us):
    world.wait(max(0, us))


def sleep_ms(ms):
    world.wait(max(0, ms) * 1000)


def sleep(seconds):
    world.wait(max(0, int(seconds * 1_000_000)))
