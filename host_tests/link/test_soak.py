"""An hour of `lab soak`: the whole firmware in virtual time, and all that may happen to it."""

import asyncio
import hashlib

import pytest

from lab.lockstep import loop as virtual
from lab.soak.day import Day
from lab.soak.meter import running
from lab.soak.run import soak

MINUTES_S = 150.0  # the first slot of an hour


@pytest.mark.timeout(0)
def test_an_hour_of_everything():
    said = []
    wrong = soak(seed=1, days=[0], hours=1, windows=True, say=said.append)
    print("\n".join(said))
    assert wrong == 0


async def first_minutes(seed):
    """The hash of all that the firmware says in them, and the number of its starts."""
    said = hashlib.sha256()
    async with running(seed, windows=True) as session:
        day = Day(seed, session)
        session.firmware.transcript = said.update
        hour = asyncio.create_task(day.hour(0))
        await asyncio.sleep(MINUTES_S)
        hour.cancel()
        day.close()
        return said.hexdigest(), day.starts


def test_the_same_seed_gives_the_same_bytes():
    first, again, other = (virtual.run(first_minutes(seed)) for seed in ("3/0", "3/0", "4/0"))
    assert first == again
    assert first != other
