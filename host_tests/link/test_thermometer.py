"""An NTC at the input of a CT that is not fitted: the whole firmware in virtual time.

Sample by sample: the currents go on being measured beside it, and the judge holds the rules.
"""

import asyncio
import tempfile
from math import exp
from pathlib import Path

import numpy as np
import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.sim.chargers import EvseWb
from lab.sim.house import Steps

MIN_A, MOST_A = 6, 32
WARM_C, HOT_C = 50, 70
SETTINGS = f"ev_source register thermometer EV warm_c {WARM_C} hot_c {HOT_C}"


class Ntc:
    """10 k, B 3950, below 10 k from the reference, in the place of the last channel's CT."""

    def __init__(self, front_end):
        self._sample = front_end.sample
        self.celsius = 20.0
        front_end.sample = self.sample

    def sample(self, count, legs_a, ev_a):
        frames = np.frombuffer(self._sample(count, legs_a, ev_a), "<u2").reshape(count, 3).copy()
        ohm = 10_000 * exp(3950 * (1 / (self.celsius + 273.15) - 1 / 298.15))
        frames[:, 2] = round(4096 * ohm / (ohm + 10_000))
        return frames.tobytes()


@pytest.mark.long
def test_the_charger_has_less_while_it_is_warm_and_pauses_when_it_is_hot():
    async def play():
        clock = asyncio.get_running_loop().time
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            model = EvseWb(1, clock)
            house = Steps({0: (20.0, 18.0)})
            async with Installation(Path(folder), house, [model], 100.0, 80.0) as plant:
                ntc = Ntc(plant.world.front_end)
                await plant.set_up(SETTINGS)
                model.plugged = True
                plant.world.begin()

                async def told(celsius, seconds):
                    ntc.celsius = celsius
                    await asyncio.sleep(seconds)
                    plant.check()
                    return model.pilot_a

                assert await told(20, 60) == MOST_A
                warm_a = MIN_A + (MOST_A - MIN_A) * (HOT_C - 60) / (HOT_C - WARM_C)
                assert abs(await told(60, 15) - warm_a) <= 1
                why = await plant.console.ask("why")
                assert [line for line in why.splitlines() if line.startswith(" > temperature ")]
                status = await plant.console.status()
                assert abs(status["planning"]["temperature_dc"] - 600) < 10
                assert status["good"]
                assert await told(71, 15) == 0
                assert await told(60, 30) == 0
                assert await told(-60, 30) == 0, "broken: nobody knows that it has cooled"
                assert await told(20, 60) == MOST_A
                assert await told(-60, 30) == MIN_A, "broken"
                assert "thermometer EV: broken" in await plant.console.ask("faults")
                assert await told(20, 60) == MOST_A
                assert "thermometer EV: broken" in await plant.console.ask("log")
                assert plant.world.judge.broken == []

    virtual.run(play())
