"""Runs the firmware's main.py as it is, in the simulation's time."""

import os
import sys

import micropython
import tasks
import world

sys.modules["_asyncio"] = tasks  # before asyncio is loaded, which takes them from there
import asyncio


class Idle:
    """In place of asyncio's waiting for I/O: the firmware waits for time only."""

    map = ()

    @micropython.native
    def wait_io_event(self, ms):
        if ms > 0:
            world.wait(ms * 1000)


asyncio.core.IOQueue = Idle
asyncio.new_event_loop()

import port

from headroom import ports

ports.current = lambda: port
if os.getenv("HEADROOM_WINDOWS"):
    import windows

    windows.install()

import main  # noqa: F401
