"""asyncio's event loop with the simulation's clock: where others wait, it lets time pass.

Whatever asks the loop for the time, sleeps or sets a timer runs in it as it is. It is joined to at
most one Machine: before a moment of the world, the machine has every moment that comes earlier.
"""

import asyncio
import math
import selectors
from collections.abc import Coroutine
from typing import Any, Protocol

SIGNALS_EVERY = 64


class Guest(Protocol):
    """Whoever lives in the loop's time beside it."""

    @property
    def next_s(self) -> float:
        """When it wants to go on; infinite if it doesn't."""

    def step(self, now_s: float, horizon_s: float) -> None:
        """Let it go on from `now_s`; the world has nothing for it before `horizon_s`."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """`guest` takes turns with the loop's own callbacks."""

    def __init__(self) -> None:
        self.guest: Guest | None = None
        self._now_s = 0.0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._now_s

    def pass_time(self, timeout_s: float | None) -> None:
        """Nothing is left to do for `timeout_s` (None: for ever): on to the next moment."""
        until_s = math.inf if timeout_s is None else self._now_s + timeout_s
        guest_s = self.guest.next_s if self.guest else math.inf
        if self.guest and guest_s <= until_s:
            self._now_s = max(self._now_s, guest_s)
            self.guest.step(self._now_s, until_s)
        elif math.isinf(until_s):
            raise RuntimeError("everybody waits for somebody else")
        else:
            self._now_s = until_s


class _Selector(selectors.DefaultSelector):
    """Its waiting is virtual. Signals still come by it, every now and then."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop
        self._waits = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return []
        self._loop.pass_time(timeout)
        self._waits += 1
        return [] if self._waits % SIGNALS_EVERY else super().select(0)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of `work`, in virtual time."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
