"""A charger at another baud than the meter believes: the whole firmware in virtual time."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.sim.chargers import Obo
from lab.sim.house import Steps

OFFLINE_S = 10.0  # three time-outs, with its back-off
ITS_BAUD, ANOTHER = 19200, 9600


async def online(plant, baud):
    """Whether it answers a while after it was set to that baud."""
    await plant.console.configure(f"set charger1.baud {baud}")
    await plant.console.send("save")
    await asyncio.sleep(OFFLINE_S)
    return (await plant.console.until_up(OFFLINE_S))["chargers"][0]["online"]


@pytest.mark.long
def test_at_another_baud_it_does_not_answer_and_scan_tells_the_right_one():
    async def play():
        clock = asyncio.get_running_loop().time
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            charger = Obo(101, clock)
            plant = Installation(Path(folder), Steps({0: (20.0, 15.0)}), [charger], 100.0, 80.0)
            async with plant:
                await plant.set_up()
                before = await online(plant, 0), plant.world.line.reaches(0)
                wrong = await online(plant, ANOTHER), plant.world.line.reaches(0)
                said = await plant.console.ask("scan", 3600.0)
                return before, wrong, said, await online(plant, ITS_BAUD)

    before, wrong, said, after = virtual.run(play())
    assert before == (True, True)
    assert wrong == (False, False)
    assert f"address 101 at {ITS_BAUD} 8E1" in said
    assert after
