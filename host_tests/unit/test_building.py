"""What the settings say is what is built: held against the installer's own arithmetic."""

import pytest

from headroom.app import building
from headroom.records import WINDOW_MS, Reading
from headroom.settings import table, together

WATCHED = ("control",)
A_MINUTE = 60_000 // WINDOW_MS


class Watchdog:
    def feed(self):
        pass


def settings(**changes):
    """Two chargers that can do 80 A, on two legs behind an EV CT; `a__b` stands for `a.b`."""
    values = table.defaults()
    both = {"charger1__profile": "evse_wb", "charger2__profile": "evse_wb", "charger2__address": 2}
    for name, value in (both | changes).items():
        table.put(values, name.replace("__", "."), value)
    together.check(values)
    return values


def states(values, cars):
    """ChargerStates of the chargers that are built, so many with a car that takes all it may."""
    chargers, problems = building.chargers(values, "")
    assert problems == []
    for n, charger in enumerate(chargers):
        charger.state.online = True
        charger.state.car = charger.state.charging = n < cars
    return [charger.state for charger in chargers]


def given_a(values, cars=1, house_a=0):
    """What each charger has after ten minutes beside a house that never changes."""
    chargers = states(values, cars)
    controller = building.controller(values, chargers, False)
    reading = Reading(values["legs"])
    reading.good = True
    for _ in range(10 * A_MINUTE):
        reading.ev_ma = sum(max(0, state.offer_ma) for state in chargers if state.charging)
        for leg in range(reading.legs):
            reading.leg_ma[leg] = house_a * 1000 + reading.ev_ma
        controller.step(reading, WINDOW_MS, 0)
        for state, allocation in zip(chargers, controller.allocations, strict=True):
            state.offer_ma = state.ceiling_ma = allocation.allowed_ma
    return [allocation.allowed_ma / 1000 for allocation in controller.allocations]


@pytest.mark.parametrize(
    ("changes", "house_a", "expected_a"),
    [
        ({"breaker_a": 50, "derate_pct": 70, "charger1__circuit_a": 100}, 10, 50 * 0.7 - 10),
        ({"charger1__circuit_a": 20}, 10, 20 * 0.8),
        ({"charger1__max_a": 13}, 10, 13),
        ({"group3__breaker_a": 25, "charger1__group": 3}, 10, 25 * 0.8),
    ],
)
def test_a_car_has_what_the_tightest_setting_leaves(changes, house_a, expected_a):
    assert given_a(settings(**changes), 1, house_a)[0] == expected_a


def test_a_group_is_shared():
    values = settings(group1__breaker_a=40, charger1__group=1, charger2__group=1)
    assert given_a(values, 2) == [16, 16]


def test_a_charger_that_can_do_no_less_than_8_a_is_never_told_less(monkeypatch):
    values = settings(charger1__fallback_a=10)
    families = {"evse_wb": building.profile.load("evse_wb")}
    families["evse_wb"].min_ma = 8000
    monkeypatch.setattr(building.profile, "load", families.get)
    assert states(values, 1)[0].min_ma == 8000
    assert given_a(values, 1, house_a=73)[0] in (0, 8)


def test_the_supervisor_sees_to_the_groups_of_the_settings():
    """Two chargers hold 60 A behind 40: used up after 12 s / (1.5^2 - 1.05^2), some 10 s."""
    values = settings(group1__breaker_a=40, charger1__group=1, charger2__group=1)
    chargers = states(values, 2)
    supervisor = building.supervisor(values, chargers, Watchdog(), WATCHED, (1000,))
    for state in chargers:
        state.offer_ma = state.ceiling_ma = 30_000
    for _ in range(110):
        supervisor.beat(0)
        supervisor.check(100)
    assert supervisor.tripped.startswith("group 1 is above its breaker's rating")
