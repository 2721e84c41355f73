"""Virtual time without an event loop, for the firmware's bus and all that it waits for."""

import asyncio
import time
from collections.abc import Coroutine, Generator
from typing import Any

import pytest
from micropython import TICKS_PERIOD


class FastClock:
    """Virtual time for one coroutine at a time and no event loop: 100,000 frames in seconds."""

    def __init__(self) -> None:
        self.us = 0

    @property
    def ms(self) -> float:
        return self.us / 1000

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """For as long as the patch lasts, this is the time of `time` and `asyncio`."""
        patch.setattr(time, "ticks_ms", lambda: self.us // 1000 % TICKS_PERIOD)
        patch.setattr(time, "sleep_ms", self.advance)
        patch.setattr(asyncio, "sleep_ms", lambda ms: _Sleep(ms * 1000))
        patch.setattr(asyncio, "sleep", lambda s, result=None: _Sleep(round(s * 1_000_000)))

    def advance(self, ms: float) -> None:
        self.us += round(ms * 1000)

    def run(self, work: Coroutine[int, None, Any]) -> Any:
        """The result of a coroutine that waits for nothing but time."""
        while True:
            try:
                self.us += work.send(None)
            except StopIteration as end:
                return end.value


class _Sleep:
    def __init__(self, us: int) -> None:
        self._us = us

    def __await__(self) -> Generator[int, None, None]:
        yield self._us
