"""A roof whose inverter feeds in ahead of the mains CTs, and no voltage: the whole firmware.

In virtual time, sample by sample; the world's own amperes say what is left and what is bought.
"""

import asyncio
import tempfile
from pathlib import Path

import numpy as np
import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.sim.chargers import EvseWb
from lab.sim.front_end import FrontEnd
from lab.sim.house import Steps

HOUSE_A = (6.0, 5.0)
SETTINGS = "ev_source register inverter_legs L1L2"


class Inverter:
    """On both legs; its CT has the last input, and the mains CTs see house and car."""

    def __init__(self, front_end):
        self.amps = 0.0
        self._house = front_end.sample
        self._roof = FrontEnd(seed=2)
        front_end.sample = self.sample

    def sample(self, count, legs_a, ev_a):
        frames = np.frombuffer(self._house(count, legs_a, ev_a), "<u2").reshape(count, 3).copy()
        made = np.frombuffer(self._roof.sample(count, (0.0, 0.0), self.amps), "<u2")
        frames[:, 2] = made.reshape(count, 3)[:, 2]
        return frames.tobytes()


@pytest.mark.long
def test_the_car_takes_what_the_roof_leaves_and_buys_nothing():
    async def play():
        clock = asyncio.get_running_loop().time
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            model = EvseWb(1, clock)
            house = Steps({0: HOUSE_A})
            async with Installation(Path(folder), house, [model], 100.0, 80.0) as plant:
                roof = Inverter(plant.world.front_end)
                await plant.set_up(SETTINGS)
                await plant.console.configure("set charger1.mode sun")
                await plant.console.send("save")
                await asyncio.sleep(0.2)
                await plant.console.until_up(60)
                model.plugged = True
                plant.world.begin()

                async def drawn(roof_a, seconds):
                    """By the car, and what is left for it, on each leg."""
                    roof.amps = roof_a
                    await asyncio.sleep(seconds)
                    plant.check()
                    return model.draw_a, roof_a - sum(HOUSE_A) / 2

                car_a, _ = await drawn(0.0, 180)
                assert car_a == 0
                car_a, left_a = await drawn(30.0, 300)
                assert 0.85 * left_a - 1 <= car_a <= left_a
                status = (await plant.console.status())["planning"]
                assert 0.9 * 60 * 120 < status["inverter_w"] <= 60 * 120
                assert 0.8 * 2 * 120 * left_a < status["surplus_w"] <= 2 * 120 * left_a * 1.01
                car_a, left_a = await drawn(18.0, 60)
                assert 6 <= car_a <= left_a
                assert (await plant.console.status())["good"]
                car_a, _ = await drawn(0.8, 800)
                assert car_a == 0, "evening"
                assert plant.world.judge.broken == []

    virtual.run(play())
