"""A relay that lies in random plants, alone and beside a charger on the bus; judged by what flows.

A contactor that is welded, and one that does not close; with a read-back and without.
HEADROOM_LIARS says how many plants (`make soak-balancing`); without it two of each.
"""

import os
import random

import pytest
from liar_scenarios import random_house
from lying_plant import Plant
from plug import FAMILIES, Car
from relay_plug import NeverCloses, Welded

COUNT = int(os.environ.get("HEADROOM_LIARS", "8")) // 4
RUN_S = 420.0
CURRENT_A = 24


def car(chance):
    return Car(40, chance.uniform(0.3, 3.0), chance.uniform(2, 8), chance.uniform(15, 30))


def build(seed, read_back):
    chance = random.Random(seed)
    source = chance.choice(("ct", "register", "estimate"))
    own = {"pin": 10, "max_a": CURRENT_A, "fallback_a": 0}
    if read_back:
        own["readback_pin"] = 11
    chargers = [("relay", own, car(chance))]
    if chance.random() < 0.6:
        chargers.append((chance.choice(list(FAMILIES)), {"max_a": 32}, car(chance)))
    values = {"ev_source": source, "breaker_a": 100}
    if chance.random() < 0.4:
        values["group1__breaker_a"] = 40
        for _, each, _ in chargers:
            each["group"] = 1
    begin_s = chance.uniform(200, 240)  # it has had its two minutes of room by then
    house = random_house(chance, 2, 80, begin_s)
    about = f"seed {seed}: {source}, {[family for family, *_ in chargers]}, {values}"
    return Plant(chargers, house, seed, **values), about, begin_s, chance


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("read_back", [True, False])
@pytest.mark.parametrize("lie", ["welded", "never closes"])
def test_random_plants_with_a_relay(lie, read_back):
    started = 0
    for seed in range(COUNT):
        plant, about, begin_s, chance = build(seed, read_back)
        with plant:
            relay = plant.plugs[0]
            how = Welded(hidden=not read_back) if lie == "welded" else NeverCloses()
            plant.at(begin_s, lambda how=how, relay=relay: setattr(relay, "lie", how))
            if chance.random() < 0.5:  # the house turns at once: it would have to open
                plant.at(begin_s + 20, lambda relay=relay: setattr(relay.car, "max_a", 40))
            plant.run(RUN_S)
            print(about)
            started += relay.starts
            plant.judge.check()
    assert started >= COUNT // 2, "that never starts tests nothing"


def test_one_that_is_welded_is_named_by_its_read_back_and_the_other_makes_way():
    """The house leaves less than the weld draws; nothing measures the cars."""

    def house(t_s):
        return (20.0, 20.0) if t_s < 300 else (57.0, 57.0)

    own = {"pin": 10, "readback_pin": 11, "max_a": CURRENT_A, "fallback_a": 0}
    chargers = [("relay", own, Car()), ("obo", {"max_a": 32}, Car())]
    with Plant(chargers, house, ev_source="estimate") as plant:
        relay, other = plant.plugs
        plant.run(290)
        assert relay.true_a > 20
        relay.lie = Welded(hidden=False)
        plant.run(120)
        assert not relay.on
        assert any("charger1" in fault for fault in plant.faults)
        assert other.true_a <= 6
        plant.judge.check()
