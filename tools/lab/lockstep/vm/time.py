"""The simulation's time in place of the PC's; ticks wrap at 2^30 as on any board."""

import world
from utime import *  # noqa: F403

_PERIOD = 1 << 30


def ticks_us():
    return world.look() % _PERIOD


def ticks_ms():
    return world.look() // 1000 % _PERIOD


def ticks_add(ticks, delta):
    return (ticks + delta) % _PERIOD


def ticks_diff(end, start):
    return (end - start + _PERIOD // 2) % _PERIOD - _PERIOD // 2


def time():
    return world.look() // 1_000_000


def sleep_us(us):
    world.wait(max(0, us))


def sleep_ms(ms):
    world.wait(max(0, ms) * 1000)


def sleep(seconds):
    world.wait(max(0, int(seconds * 1_000_000)))
