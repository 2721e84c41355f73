"""Time that only passes when everybody sleeps: an hour on the line takes a second of a test."""

import asyncio
import math
import selectors
import time

from micropython import TICKS_PERIOD


class Clock:
    """Milliseconds since the start; `time.ticks_ms` begins at `ticks_ms` and wraps as on a board.

    `install` with pytest's monkeypatch, then `run` coroutines: asyncio's sleeps jump ahead.
    `drive` is for one that waits for nothing but sleeps: it needs no loop, and half the time.
    """

    def __init__(self, ticks_ms=0):
        self.ms = 0
        self._offset_ms = ticks_ms

    def install(self, monkeypatch):
        monkeypatch.setattr(time, "ticks_ms", lambda: (self.ms + self._offset_ms) % TICKS_PERIOD)
        monkeypatch.setattr(time, "sleep_ms", self.advance)
        in_loop, in_loop_ms = asyncio.sleep, asyncio.sleep_ms
        monkeypatch.setattr(asyncio, "sleep", lambda s: _in_a_loop(in_loop, s) or _Sleep(s * 1000))
        monkeypatch.setattr(
            asyncio, "sleep_ms", lambda ms: _in_a_loop(in_loop_ms, ms) or _Sleep(ms)
        )

    def advance(self, ms):
        self.ms += ms

    def drive(self, work, at_ms=math.inf, action=None):
        """The result of a coroutine; `action()` happens `at_ms` from now, whatever goes on."""
        due_ms = self.ms + at_ms
        while True:
            try:
                until_ms = self.ms + work.send(None)
            except StopIteration as end:
                return end.value
            if action and until_ms >= due_ms:
                self.ms, due_ms = due_ms, math.inf
                action()
            self.ms = until_ms

    def run(self, work):
        """The result of a coroutine, run in virtual time."""
        loop = _Loop(self)
        try:
            return loop.run_until_complete(work)
        finally:
            loop.close()


def _in_a_loop(sleep, period):
    """asyncio's own, where an event loop runs."""
    return sleep(period) if asyncio._get_running_loop() else None


class _Sleep:
    def __init__(self, ms):
        self._ms = math.ceil(ms - 1e-6)

    def __await__(self):
        yield self._ms


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
