"""A CT that is on backwards is found by what is on two legs at once, and nobody else's is."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
from busy_home import VOLTS, house_alone

from headroom.metering.direction import Direction


def lived(seed, hours, solar, turned=False, legs=2):
    """The most votes against each pair in a busy home without a car, and what is said of it."""
    windows = round(hours * 18_000)
    house = house_alone(seed, random.Random(seed), legs, windows, solar)
    noise = np.random.default_rng(seed).normal(0, 0.1, (legs, windows))
    along_a = house.real.reshape(legs, windows, 2).mean(2) * 1.02 + noise
    if turned:
        along_a[0] *= -1
    power = SimpleNamespace(known=(1 << legs) - 1, mw=[0] * legs)
    direction = Direction(legs, power)
    most = [0] * len(direction.votes)
    for watts in (along_a.T * VOLTS).tolist():
        power.mw = [round(w * 1000) for w in watts]
        direction.look(None)
        most = [max(pair) for pair in zip(most, direction.votes, strict=True)]
    return most, list(direction.notes())


@pytest.mark.long
@pytest.mark.parametrize("solar", [False, True])
@pytest.mark.parametrize("legs", [2, 3])
def test_one_of_two_is_named_whatever_the_sun_does(solar, legs):
    for seed in range(6):
        _, notes = lived(seed, 2, solar, True, legs)
        assert 1 <= len(notes) < legs, seed  # L3 may have had too few loads in two hours
        assert all("the CT of L1 or that of L" in note for note in notes)


@pytest.mark.long
@pytest.mark.parametrize("solar", [False, True])
@pytest.mark.parametrize("legs", [2, 3])
def test_a_right_one_never_is(solar, legs):
    for seed in range(20):
        most, notes = lived(seed, 2, solar, legs=legs)
        assert not notes
        assert max(most) < 5, seed


def zones(seed, hours):
    """W of two zones of a hob, 1,800 W each, on L1 and on L2: window means of each leg."""
    rng = np.random.default_rng(seed)
    legs = []
    for _ in range(2):
        at_s = np.cumsum(rng.uniform(3, 7, int(hours * 3600 / 7)))
        window, part = np.divmod(at_s / 0.2, 1)
        steps = np.where(np.arange(len(at_s)) % 2, -1800, 1800)
        moves = np.zeros(int(window[-1]) + 2)
        np.add.at(moves, window.astype(int), steps * (1 - part))
        np.add.at(moves, window.astype(int) + 1, steps * part)
        legs.append(np.cumsum(moves))
    windows = min(map(len, legs))
    return np.array([leg[:windows] for leg in legs]) + rng.normal(0, 5, (2, windows))


@pytest.mark.parametrize("seed", range(4))
def test_two_loads_that_are_alike_and_switch_in_one_window_now_and_then_accuse_nobody(seed):
    """They switch when they want to: in thirty windows of each hour both do."""
    power = SimpleNamespace(known=0b11, mw=[0, 0])
    direction = Direction(2, power)
    for watts in (zones(seed, 15) * 1000).astype(int).T.tolist():
        power.mw = watts
        direction.look(None)
        assert not list(direction.notes())


def test_what_is_not_known_tells_nothing_and_votes_are_forgotten():
    power = SimpleNamespace(known=0b01, mw=[0, 0])
    direction = Direction(2, power)
    for window in range(80):
        power.mw = [900_000, -900_000] if window & 4 else [0, 0]
        direction.look(None)
    assert direction.votes[0] == 0
    power.known = 0b11
    for window in range(36):
        power.mw = [900_000, -900_000] if window & 4 else [0, 0]
        direction.look(None)
    assert list(direction.notes())
    for _ in range(3 * 18_000):
        direction.look(None)
    assert not list(direction.notes())
