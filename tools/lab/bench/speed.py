"""How fast virtual time is: the beginning of the demo's evening, and who takes the time.

Firmware and world take turns, so the clock's time is the sum of both: what the world does not
take is the firmware's, and what it costs to hand over.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.session import Plan
from lab.sim.evening import Evening

SECONDS = 300.0
CHARGER = ("heidelberg", 1)


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Virtual seconds a second of the clock, with one charger and three channels."""
    figures = virtual.run(_play())
    print(
        f"virtual time: {figures['virtual_s_per_s']:.0f} times as fast as the clock;"
        f" the world takes {figures['world_share']:.0%} of it"
    )
    return figures


async def _play() -> dict[str, Any]:
    never = asyncio.Event()
    plan = Plan(SECONDS, Evening(), (CHARGER,), [])
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        async with LockstepSession(plan, Path(folder)) as session:
            await session.set_up(never)
            begun_s, world_s = time.monotonic(), time.process_time()
            await session.run(never, lambda view: None)
            took_s, world_s = time.monotonic() - begun_s, time.process_time() - world_s
    return {
        "virtual_s_per_s": round(SECONDS / took_s, 1),
        "world_share": round(world_s / took_s, 2),
    }
