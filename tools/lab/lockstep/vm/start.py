"""Runs the firmware's main.py as it is, in the simulation's time."""

import gc
import os
import sys

import micropython
import tasks
import world
from micropython import const

sys.modules["_asyncio"] = tasks  # before asyncio is loaded, which takes them from there
import asyncio

_MEASURE_EVERY_US = const(120_000_000)


class Idle:
    """In place of asyncio's waiting for I/O: the firmware waits for time only.

    Every two minutes the world is told how much memory is in use, and of how many modules.
    """

    map = ()
    measure_us = world.now_us + _MEASURE_EVERY_US

    @micropython.native
    def wait_io_event(self, ms):
        if ms > 0:
            if world.now_us >= self.measure_us:
                self.measure_us += _MEASURE_EVERY_US
                gc.collect()
                world.send(world.MEMORY, b"%d %d" % (gc.mem_alloc(), len(sys.modules)))
            world.wait(ms * 1000)


asyncio.core.IOQueue = Idle
asyncio.new_event_loop()

import port

from headroom import ports

ports.current = lambda: port
if os.getenv("HEADROOM_WINDOWS"):
    import windows

    windows.install()

if os.getenv("HEADROOM_NETWORK"):
    import hostile

    hostile.install()

import main  # noqa: F401
