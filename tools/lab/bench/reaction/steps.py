"""Load steps at random moments: how long the whole firmware takes to tell the chargers less."""

import asyncio
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.lockstep.memory import MEMORY
from lab.sim.car import Car
from lab.sim.chargers import ChargerModel, EvseWb, Heidelberg
from lab.sim.chargers.evse_wb import CENTIAMPERE_BIT, CONFIG
from lab.sim.frames import Frame, written
from lab.sim.front_end import EV_BRANCH, MAINS_L1, MAINS_L2, FrontEnd
from lab.sim.reaction import percentile

STEPS, FEW, FEW_FROM = 1000, 30, 3
FAMILIES: dict[int, type[ChargerModel]] = {19200: Heidelberg, 9600: EvseWb}  # as delivered
CASES = ((1, 19200), (2, 19200), (8, 19200), (1, 9600), (2, 9600), (8, 9600), (25, 9600))
KINDS = ("above_rating", "above_limit")
RATED_A, DERATE_PCT = 300, 80
LIMIT_A = RATED_A * DERATE_PCT / 100
CALM_A, OVER_A = 20.0, 1.1 * RATED_A
MOST_A, HIGH_A, LEAST_A = 16.0, 8.5, 6.0
FALL_A = 1.2  # of each charger, by a step above the limit
EVEN_A = 0.3
FOLLOW_S = 2.0  # until its car has followed
PATIENCE_S = 60.0
# 101 samples are no part of a cycle of 128: the house's steps go through all its phases. CTs for
# 25 cars, of twice the ratio.
CHANNELS = (
    replace(MAINS_L1, ct_ratio=8000.0),
    replace(MAINS_L2, ct_ratio=8000.0),
    replace(EV_BRANCH, ct_ratio=4000.0),
)
JOINTS = replace(MEMORY, chunk_frames=101, front_end=partial(FrontEnd, CHANNELS))
SETTINGS = (
    "ct custom ct_ratio 8000 ev_ct custom ev_ct_ratio 4000",
    f"breaker_a {RATED_A} derate_pct {DERATE_PCT}",
    "dead_time_s 5 rise_window_s 2",
)


Job = tuple[int, int, str, bool]  # chargers, baud, kind, whether one of them is dead


@dataclass
class Times:
    """In ms, step by step; `missed` were not answered within PATIENCE_S."""

    first_ms: list[float] = field(default_factory=list)
    last_ms: list[float] = field(default_factory=list)
    missed: int = 0

    @property
    def count(self) -> int:
        return len(self.first_ms) + self.missed

    def figures(self) -> dict[str, Any]:
        """For out/bench.json."""
        return {
            "steps": len(self.first_ms),
            "missed": self.missed,
            "first": _percentiles(self.first_ms),
            "last": _percentiles(self.last_ms),
        }


class House:
    """Draws `wanted_a` on L1 from the next chunk of samples on, which begins at `stepped_s`."""

    name = "steps"

    def __init__(self) -> None:
        self.wanted_a = self._drawn_a = CALM_A
        self.stepped_s = 0.0

    def at(self, t_s: float) -> tuple[float, float]:
        """RMS amperes on (L1, L2)."""
        if self.wanted_a != self._drawn_a:
            self._drawn_a, self.stepped_s = self.wanted_a, t_s
        return self._drawn_a, CALM_A


class Bench:
    """`count` chargers on a line of `baud`, the last without power if one is `dead`."""

    def __init__(self, folder: Path, count: int, baud: int, dead: bool) -> None:
        clock = asyncio.get_running_loop().time
        self.house = House()
        models = [FAMILIES[baud](n, clock) for n in range(1, count + 1)]
        for model in models:
            model.max_a = MOST_A
            if isinstance(model, EvseWb):
                model.holding[CONFIG] = CENTIAMPERE_BIT
        self.plant = Installation(folder, self.house, models, RATED_A, LIMIT_A, JOINTS)
        self.world = self.plant.world
        self.dead = dead
        self.live = [model.address for model in models][: count - dead]
        self.told_a = dict.fromkeys(self.live, 0.0)
        self.lowered: dict[int, Frame] = {}
        self.chance = random.Random(count * baud)
        for station in self.world.stations:
            station.car = Car(need_kwh=1e9)
        self.world.line.listeners.append(self._heard)

    async def run(self, kind: str, steps: int) -> Times:
        """So many steps of a kind."""
        times = Times()
        async with self.plant as plant:
            await plant.set_up(*SETTINGS)
            self.world.begin()
            for station in self.world.stations:
                station.model.plugged = True
            if self.dead:
                await self.world.charger_power(len(self.world.stations) - 1, False)
                await asyncio.sleep(PATIENCE_S)
            while times.count < steps:
                self.house.wanted_a = CALM_A
                await self._until(lambda: min(self.told_a.values()) >= HIGH_A)
                if kind == "above_rating":
                    await self._inrush(times)
                else:
                    await self._stair(times, steps)
                plant.check()
        return times

    async def _inrush(self, times: Times) -> None:
        """Every charger is told its minimum."""
        await asyncio.sleep(self.chance.uniform(0, 1))
        await self._step(OVER_A, times)

    async def _stair(self, times: Times, steps: int) -> None:
        """Step by step down to the minimums, each to a little below what is allowed."""
        while min(self.told_a.values()) - FALL_A >= LEAST_A and times.count < steps:
            await asyncio.sleep(FOLLOW_S + self.chance.uniform(0, 1))
            if not await self._until(self._even):
                return
            reserved_a = LEAST_A if self.dead else 0.0
            allowed_a = sum(self.told_a.values()) + reserved_a
            await self._step(LIMIT_A - allowed_a + FALL_A * len(self.live), times)

    def _even(self) -> bool:
        """One that rises later than the others has less to give."""
        return max(self.told_a.values()) - min(self.told_a.values()) < EVEN_A

    async def _step(self, house_a: float, times: Times) -> None:
        self.lowered.clear()
        self.house.wanted_a = house_a
        if not await self._until(lambda: len(self.lowered) == len(self.live)):
            times.missed += 1
            return
        frames = self.lowered.values()
        begun_s = self.house.stepped_s
        first_s = min(self.world.run_time_s(frame.first_s) for frame in frames)
        last_s = max(self.world.run_time_s(frame.end_s) for frame in frames)
        times.first_ms.append((first_s - begun_s) * 1000)
        times.last_ms.append((last_s - begun_s) * 1000)

    async def _until(self, holds: Callable[[], bool]) -> bool:
        loop = asyncio.get_running_loop()
        end_s = loop.time() + PATIENCE_S
        while not holds() and loop.time() < end_s:
            await asyncio.sleep(0.02)
        return holds()

    def _heard(self, frame: Frame) -> None:
        if not frame.is_request or frame.unit not in self.told_a:
            return
        amps = self.world.stations[frame.unit - 1].model.ordered_a(written(frame.sent))
        if amps is None:
            return
        if amps < self.told_a[frame.unit] - 0.05:
            self.lowered.setdefault(frame.unit, frame)
        self.told_a[frame.unit] = amps


def measure(count: int, baud: int, kind: str, dead: bool, quick: bool = False) -> Times:
    """The times of STEPS steps of a kind; of FEW with FEW_FROM chargers or a dead one."""
    steps = FEW if quick or dead or count >= FEW_FROM else STEPS

    async def in_virtual_time() -> Times:
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            return await Bench(Path(folder), count, baud, dead).run(kind, steps)

    return virtual.run(in_virtual_time())


def _percentiles(times_ms: list[float]) -> dict[str, float | None]:
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0}
    found = {name: percentile(times_ms, share) for name, share in shares.items()}
    return {name: None if ms is None else round(ms, 1) for name, ms in found.items()}
