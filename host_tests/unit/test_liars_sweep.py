"""Random plants with liars, judged by what truly flows.

HEADROOM_LIARS says how many (`make soak`: LIARS=1000); without it one of each lie.
"""

import os

import liar_scenarios
import pytest

FIRST_SEED = 0
KINDS = list(liar_scenarios.LIES)
COUNT = int(os.environ.get("HEADROOM_LIARS", len(KINDS)))


@pytest.mark.timeout(0)
@pytest.mark.parametrize("lie", KINDS)
def test_random_plants(lie):
    first = FIRST_SEED + KINDS.index(lie)
    for seed in range(first, FIRST_SEED + COUNT, len(KINDS)):
        plant, about, plan = liar_scenarios.build(seed, lie)
        with plant:
            plan()
            plant.run(liar_scenarios.RUN_S)
            print(about)
            plant.judge.check()
