"""Time that only passes when everybody sleeps: an hour on the line takes a second of a test."""

import asyncio
import math
import selectors
import time

from micropython import TICKS_PERIOD


class Clock:
    """Milliseconds since the start; `time.ticks_ms` begins at `ticks_ms` and wraps as on a board.

    `install` with pytest's monkeypatch, then `run` coroutines: asyncio's sleeps jump ahead.
    """

    def __init__(self, ticks_ms=0):
        self.ms = 0
        self._offset_ms = ticks_ms

    def install(self, monkeypatch):
        monkeypatch.setattr(time, "ticks_ms", lambda: (self.ms + self._offset_ms) % TICKS_PERIOD)
        monkeypatch.setattr(time, "sleep_ms", self.advance)

    def advance(self, ms):
        self.ms += ms

    def run(self, work):
        """The result of a coroutine, run in virtual time."""
        loop = _Loop(self)
        try:
            return loop.run_until_complete(work)
        finally:
            loop.close()


class _Selector(selectors.DefaultSelector):
    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("every task waits for something that never comes")
        self._clock.ms += math.ceil(timeout * 1000 - 1e-6)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock):
        self._clock = clock
        super().__init__(_Selector(clock))

    def time(self):
        return self._clock.ms / 1000
