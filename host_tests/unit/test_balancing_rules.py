"""The rules of RULES.md that balancing keeps, over random houses, cars, chargers and faults.

balancing_world.py checks all of them after every step; here are the worlds to check: other ones in
each run, and ten times as many in `make soak-balancing`.
"""

import os

import pytest
from balancing_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom import records

STEPS = 1500  # five minutes
MANY = 10 if "HEADROOM_SOAK_DAYS" in os.environ else 1


@settings(max_examples=30 * MANY, deadline=None)
@given(seed=st.integers(0, 1 << 32), legs=st.integers(1, 2), chargers=st.integers(1, 8))
def test_every_rule_with_an_ev_ct(seed, legs, chargers):
    World(seed, legs, chargers).run(STEPS)


@pytest.mark.long
@settings(max_examples=20 * MANY, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    legs=st.integers(1, 3),
    chargers=st.integers(1, 4),
    source=st.sampled_from((records.EV_REGISTER, records.EV_ESTIMATE)),
)
def test_every_rule_without_an_ev_ct(seed, legs, chargers, source):
    World(seed, legs, chargers, source).run(STEPS)


def test_a_surge_shortens_no_dead_time():
    """Here one comes while a car may still draw what it was told 5.9 s ago."""
    World(11217077, 2, 2, records.EV_ESTIMATE).run(STEPS)


@pytest.mark.long
@settings(max_examples=12 * MANY, deadline=None)
@given(seed=st.integers(0, 1 << 32), chargers=st.integers(2, 25))
def test_groups_alone_share_their_breakers(seed, chargers):
    World(seed, 0, chargers, records.EV_REGISTER).run(STEPS)


@settings(max_examples=5 * MANY, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_twenty_five_chargers(seed):
    World(seed, 2, 25).run(300)


@pytest.mark.parametrize("elapsed_ms", [1, 10_000, 1 << 29])
def test_any_time_between_two_steps_keeps_the_rules(elapsed_ms):
    world = World(7, 2, 2)
    world.run(600)
    world.controller.step(world.reading, elapsed_ms, 0)
    world.run(600)
