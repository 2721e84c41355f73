"""The meter of a soak, and its three chargers that may lie, two of them behind one breaker."""

import asyncio
import math
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lab.lockstep.session import LockstepSession
from lab.lockstep.windows import WindowsSession
from lab.session import FALLBACK_A, RATED_A, STARTUP_S, Plan

from .home import Home
from .judge import SoakJudge
from .liars import LIARS

CHARGERS = (("heidelberg", 1), ("evse_wb", 2), ("heidelberg", 3))
GROUP, GROUP_A = (1, 2), 25


class Soaked(LockstepSession):
    """Sample by sample."""

    models = LIARS

    def __init__(self, plan: Plan, folder: Path) -> None:
        super().__init__(plan, folder)
        self.judge = SoakJudge(self.world.stations, RATED_A, FALLBACK_A, GROUP, GROUP_A)
        self.judge.limit(self.world.limit_a)
        self.world.judge = self.judge

    async def _configure(self) -> None:
        await super()._configure()
        members = " ".join(f"charger{i + 1}.group 1" for i in GROUP)
        await self.console.configure(f"set group1.breaker_a {GROUP_A} {members}")
        await self.console.send("save")
        await asyncio.sleep(1.0)
        await self.console.until_up(STARTUP_S)


class SoakedByWindows(WindowsSession, Soaked):
    """With windows ready-made."""


@asynccontextmanager
async def running(seed: str, windows: bool) -> AsyncIterator[Soaked]:
    """A meter that works; the world begins to live."""
    plan = Plan(math.inf, Home(seed), CHARGERS, [], compressed=False)
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        session = (SoakedByWindows if windows else Soaked)(plan, Path(folder))
        async with session:
            await session.set_up(asyncio.Event())
            session.world.begin()
            yield session
