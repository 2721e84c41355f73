"""Days of faults in accelerated time: no rule broken, memory flat.

HEADROOM_SOAK_DAYS says how many days (`make soak-balancing`: 30); without it a part of one.
"""

import gc
import os
import sys

import pytest
from balancing_world import World

DAYS = float(os.environ.get("HEADROOM_SOAK_DAYS", "0.05"))
STEPS_A_DAY = 432_000


@pytest.mark.long
@pytest.mark.timeout(0)
def test_days_of_faults():
    world = World(4, legs=2, chargers=3)
    world.run(5000)
    gc.collect()
    before = sys.getallocatedblocks()
    world.run(round(DAYS * STEPS_A_DAY))
    gc.collect()
    assert sys.getallocatedblocks() < before + 200
