"""An hour of `lab soak`: the whole firmware in virtual time, and all that may happen to it."""

import asyncio
import hashlib

import pytest

from lab.lockstep import loop as virtual
from lab.sim.car import Car
from lab.soak.day import Day
from lab.soak.hour import Happening
from lab.soak.meter import running
from lab.soak.run import soak

FIRST_S = 60.0  # of an hour


@pytest.mark.timeout(0)
def test_an_hour_of_everything():
    said = []
    wrong = soak(seed=1, days=[0], hours=1, windows=True, say=said.append)
    print("\n".join(said))
    assert wrong == 0


# 24 A together: above the 20 A of their group, below its breaker, where the supervisor steps in
IN_A_GROUP = "set charger2.max_a 14 charger3.max_a 10"
WORST = (
    Happening(35.0, 36.0, "restarted"),
    Happening(60.0, 80.0, "samples_off"),  # Heidelberg's watchdog takes 15 s
    *(Happening(90.0 + 16 * n, 90.0 + 16 * n, "flash") for n in range(8)),
)


@pytest.mark.long
def test_some_minutes_of_the_worst():
    """Cars that want more than their group has, an unseen restart, blindness, cuts inside saves.

    Short, for `make mutants` plants faults here as well.
    """

    async def live():
        async with running("7/0", windows=True) as session:
            day = Day("7/0", session)
            for station in session.world.stations:
                station.car = Car(need_kwh=30.0)
            await session.console.configure(IN_A_GROUP)
            await session.console.send("save")
            try:
                await day.live(WORST, 225.0)
            finally:
                day.close()
            return day.take_broken(), day.starts, day.ledger.saved

    broken, starts, saved = virtual.run(live())
    assert broken == []
    assert starts > 8
    assert saved


async def first_minute(seed):
    """The hash of all that the firmware says in it, and the number of its starts."""
    said = hashlib.sha256()
    async with running(seed, windows=True) as session:
        day = Day(seed, session)
        session.firmware.transcript = said.update
        hour = asyncio.create_task(day.hour(0))
        await asyncio.sleep(FIRST_S)
        hour.cancel()
        day.close()
        return said.hexdigest(), day.starts


@pytest.mark.long
def test_the_same_seed_gives_the_same_bytes():
    first, again, other = (virtual.run(first_minute(seed)) for seed in ("3/0", "3/0", "4/0"))
    assert first == again
    assert first != other
