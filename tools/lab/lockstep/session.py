"""One run of the firmware in the simulated world, in virtual time."""

import asyncio
from pathlib import Path
from typing import cast

from lab.session import Session

from .loop import VirtualLoop
from .machine import Machine
from .memory import MEMORY, Terminal


class LockstepSession(Session):
    """Like Session, inside `loop.run`: the same world, the same firmware, no waiting."""

    joints = MEMORY

    def _firmware(self, folder: Path) -> Machine:
        world = self.world
        line = cast(Terminal, world.line.master)
        return Machine(
            cast(VirtualLoop, asyncio.get_running_loop()),
            folder,
            (world.samples_out, line, world.console),
            world.firmware_runs,
            world.firmware_crashed,
        )
