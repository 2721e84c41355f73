"""One run of the firmware in the simulated world: set up, faults in their time, figures."""

import asyncio
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import summary
from lab.firmware import Console, Firmware, Reporter
from lab.panel import View
from lab.sim.chargers import MODELS
from lab.sim.chargers.relay import PINS
from lab.sim.faults import KINDS, Fault, inject
from lab.sim.house import Load
from lab.sim.idle import Idle
from lab.sim.joints import PTYS
from lab.sim.world import World
from meter.errors import MeterError

RATED_A = 100
DERATE_PCT = 80
FALLBACK_A = 6
STARTUP_S = 20.0


@dataclass(frozen=True)
class Plan:
    """A run as asked for: `chargers` are (family, address).

    Where hours are `compressed` into a minute, the meter's patience is too, to the least it
    allows.
    """

    duration_s: float
    house: Load
    chargers: tuple[tuple[str, int], ...]
    faults: list[Fault]
    compressed: bool = False


class Session:
    """World and firmware of one run, with their files in `folder`; made in the event loop."""

    joints = PTYS
    models = MODELS

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        clock = asyncio.get_running_loop().time
        self.data = folder / "data"
        self.world = World(
            folder,
            plan.house,
            [self.models[family](address, clock) for family, address in plan.chargers],
            RATED_A,
            RATED_A * DERATE_PCT / 100,
            FALLBACK_A,
            self.joints,
        )
        self.idle = Idle(self.world)
        self.firmware = self._firmware(folder)
        self.console = Console(self.world.console)
        self.firmware.asked = self.console.restart_typed
        self._simulation: asyncio.Task[None] | None = None

    def _firmware(self, folder: Path) -> Firmware:
        paths = {
            "HEADROOM_SAMPLES": str(self.world.samples_out.path),
            "HEADROOM_LINE": self.world.line.master.path,
            "HEADROOM_CONSOLE": self.world.console.path,
            "HEADROOM_DATA": str(self.data),
            "HEADROOM_PINS": str(folder / PINS),
        }
        return Firmware(folder, paths, self.world.firmware_runs, self.world.firmware_crashed)

    async def __aenter__(self) -> "Session":
        try:
            self._simulation = await self.world.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.firmware.stop()
        await self.world.stop()

    async def set_up(self, stop: asyncio.Event) -> None:
        """Start the firmware, configure it; done once every charger answers.

        Ends early if `stop` is set; MeterError if the firmware crashes or does not come up.
        """
        self.firmware.start()
        await self._unless(stop, self._configure())

    async def run(self, stop: asyncio.Event, show: Callable[[View], None]) -> dict[str, Any]:
        """The run itself, `show`n twenty times a second; returns its figures."""
        plan, world = self.plan, self.world
        assert self._simulation is not None
        world.begin()
        world.watchers.append(self.idle.tick)
        reporter = Reporter(self.console)
        tasks = [
            self._simulation,
            asyncio.create_task(self._faults()),
            asyncio.create_task(reporter.run()),
        ]
        try:
            while world.t_s < plan.duration_s and not stop.is_set():
                await asyncio.sleep(0.05)
                _raise_from(tasks)
                if world.history:
                    show(self._view(reporter.now))
        finally:
            for task in tasks[1:]:
                task.cancel()
            await asyncio.wait(tasks[1:])
        return summary.figures(world, reporter.last_known, plan.faults, self.idle.found)

    def check(self) -> None:
        """Raise what has ended the simulation, if anything has."""
        assert self._simulation is not None
        _raise_from([self._simulation])

    async def _unless(self, stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` unless the user, a crash or a fault of the simulation ends it before."""
        assert self._simulation is not None
        task = asyncio.create_task(work)
        crashes = self.firmware.crashes
        while not (task.done() or self._simulation.done() or stop.is_set() or crashes):
            await asyncio.wait([task, self._simulation], timeout=0.1)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
            _raise_from([self._simulation])
            raise MeterError(*crashes[:1] or ["ended before the meter was up"])
        _raise_from([task])

    async def _configure(self) -> None:
        """Set the meter up through its console, as a user would."""
        await self.console.until_up(STARTUP_S)
        await self.console.configure(f"set breaker_a {RATED_A} derate_pct {DERATE_PCT}")
        if self.plan.compressed:
            await self.console.configure("set dead_time_s 5 rise_window_s 10")
        for station in self.world.stations:
            asked = station.model.settings(station.name, FALLBACK_A)
            await self.console.configure(f"set {asked}")
        await self.console.send("save")
        await asyncio.sleep(0.2)
        deadline_s = asyncio.get_running_loop().time() + STARTUP_S
        while silent := _silent(await self.console.until_up(STARTUP_S)):
            if asyncio.get_running_loop().time() > deadline_s:
                raise MeterError(f"the meter does not reach the simulated {', '.join(silent)}")
            await asyncio.sleep(0.1)

    async def _faults(self) -> None:
        """Let every fault begin and end in its time."""
        faults = self.plan.faults
        edges = [(fault.start_s, True, fault) for fault in faults]
        edges += [(fault.end_s, False, fault) for fault in faults if math.isfinite(fault.end_s)]
        for at_s, active, fault in sorted(edges, key=lambda edge: edge[:2]):
            now_s = self.world.run_time_s(asyncio.get_running_loop().time())
            await asyncio.sleep(max(0.0, at_s - now_s))
            if fault.kind != "firmware_kill":
                await inject(self.world, fault, active)
            elif active:
                await self.firmware.kill()
            else:
                self.firmware.start()

    def _view(self, meter: dict[str, Any] | None) -> View:
        world = self.world
        return View(
            truth=world.history[-1],
            meter=meter,
            limit_a=world.limit_a,
            rated_a=RATED_A,
            faults=[KINDS[fault.kind] for fault in self.plan.faults if fault.active(world.t_s)],
            broken=[f"rule {b.rule}: {b.text}" for b in world.judge.broken]
            + [text for _, text in self.idle.found],
            duration_s=self.plan.duration_s,
            kwh=sum(station.kwh for station in world.stations),
        )


def _silent(status: dict[str, Any]) -> list[str]:
    """The chargers that do not answer; all of them while the meter does not know them."""
    chargers = status.get("chargers") or [{"name": "chargers"}]
    return [charger["name"] for charger in chargers if not charger.get("online")]


def _raise_from(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()
