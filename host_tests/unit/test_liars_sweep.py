"""Random plants with liars, judged by what truly flows.

HEADROOM_LIARS says how many (`make soak-balancing`: LIARS=1000); without it one of each lie.
"""

import os

import liar_scenarios
import pytest

KINDS = list(liar_scenarios.LIES)
COUNT = int(os.environ.get("HEADROOM_LIARS", len(KINDS)))


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("lie", KINDS)
def test_random_plants(lie):
    for seed in range(KINDS.index(lie), COUNT, len(KINDS)):
        plant, about, plan = liar_scenarios.build(seed, lie)
        with plant:
            plan()
            plant.run(liar_scenarios.RUN_S)
            print(about)
            plant.judge.check()
