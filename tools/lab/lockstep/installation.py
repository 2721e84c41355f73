"""A house with chargers and settings of one's own; the whole firmware in it, in virtual time.

For whoever brings models and cars that no command line names. The demo has LockstepSession.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from lab.firmware import ANSWER_S, Console
from lab.sim.chargers import ChargerModel
from lab.sim.house import Load
from lab.sim.joints import Joints
from lab.sim.world import World
from meter.errors import MeterError

from .loop import VirtualLoop
from .machine import Machine
from .memory import MEMORY, Terminal

FALLBACK_A = 6
STARTUP_S = 60.0


class Installation:
    """Use as a context inside `loop.run`; no car is plugged in until whoever uses it does so."""

    def __init__(
        self,
        folder: Path,
        house: Load,
        chargers: Sequence[ChargerModel],
        rated_a: float,
        limit_a: float,
        joints: Joints = MEMORY,
    ) -> None:
        self.world = world = World(folder, house, chargers, rated_a, limit_a, FALLBACK_A, joints)
        self.firmware = Machine(
            cast(VirtualLoop, asyncio.get_running_loop()),
            folder,
            (world.samples_out, cast(Terminal, world.line.master), world.console),
            world.firmware_runs,
            world.firmware_crashed,
        )
        self.console = Console(world.console)
        self.firmware.asked = self.console.restart_typed
        for model in chargers:
            model.plugged = False
        self._simulation: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Installation":
        self._simulation = await self.world.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.firmware.stop()
        await self.world.stop()

    async def set_up(self, *settings: str) -> None:
        """Start the firmware, `set` these, and the chargers; done once every charger answers."""
        self.firmware.start()
        await self.console.until_up(STARTUP_S)
        for setting in settings:
            await self.console.configure(f"set {setting}")
        for station in self.world.stations:
            asked = station.model.settings(station.name, FALLBACK_A)
            await self.console.configure(f"set {asked}")
        await self.console.send("save")
        await asyncio.sleep(0.2)
        deadline_s = asyncio.get_running_loop().time() + STARTUP_S
        while not await self._all_answer():
            if asyncio.get_running_loop().time() > deadline_s:
                raise MeterError("the meter does not reach every simulated charger")
            await asyncio.sleep(0.1)

    async def _all_answer(self) -> bool:
        status = await self.console.status(ANSWER_S)
        chargers = (status or {}).get("chargers") or []
        online = [charger.get("online") for charger in chargers]
        return len(online) >= len(self.world.stations) and all(online)

    def check(self) -> None:
        """Raise what has ended the simulation or the firmware, if anything has."""
        if self._simulation is not None and self._simulation.done():
            self._simulation.result()
        if self.firmware.crashes:
            raise MeterError(self.firmware.crashes[0])
