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


class House:
    """Cars that draw what their chargers heard `lag_s` ago, and these hear `late_s` late.

    house_a  of each leg, without the cars, which never changes
    extra_a  what the first draws above that, though its registers obey
    most_a   the most that all cars drew together
    """

    def __init__(self, values, cars, house_a=(0, 0), lag_s=(0, 0), late_s=(0, 0)):
        self.states = states(values, cars)
        self.most_a = self.extra_a = 0
        self._controller = building.controller(values, self.states, False)
        self._house_a = house_a
        self._told = [_past(late) for late in late_s]
        self._heard = [_past(lag) for lag in lag_s]
        self._reading = Reading(values["legs"])
        self._reading.good = True

    def run(self, minutes):
        """What each charger may draw in the end, in A."""
        reading = self._reading
        for _ in range(minutes * A_MINUTE):
            draws_ma = [
                heard[0] if state.charging else 0
                for state, heard in zip(self.states, self._heard, strict=True)
            ]
            draws_ma[0] += self.extra_a * 1000
            reading.ev_ma = sum(draws_ma)
            self.most_a = max(self.most_a, reading.ev_ma / 1000)
            for leg in range(reading.legs):
                on = [
                    ma
                    for ma, state in zip(draws_ma, self.states, strict=True)
                    if leg in state.legs
                ]
                reading.leg_ma[leg] = self._house_a[leg] * 1000 + sum(on)
            self._controller.step(reading, WINDOW_MS, 0)
            for n, state in enumerate(self.states):
                allowed_ma = self._controller.allocations[n].allowed_ma
                self._told[n] = [*self._told[n][1:], allowed_ma]
                state.offer_ma = self._told[n][0]
                state.ceiling_ma = max(self._told[n])
                self._heard[n] = [*self._heard[n][1:], state.offer_ma]
        return [allocation.allowed_ma / 1000 for allocation in self._controller.allocations]


def _past(seconds):
    return [0] * (round(seconds * 1000) // WINDOW_MS + 1)


def given_a(values, cars=1, house_a=(10, 10), **known):
    """What each charger has after ten minutes; `known` of the first is as its registers say."""
    house = House(values, cars, house_a)
    for key, value in known.items():
        setattr(house.states[0], key, value)
    return house.run(10)


@pytest.mark.parametrize(
    ("changes", "expected_a"),
    [
        ({"breaker_a": 50, "derate_pct": 70, "charger1__circuit_a": 100}, 50 * 0.7 - 10),
        ({"charger1__circuit_a": 20}, 20 * 0.8),
        ({"charger1__max_a": 13}, 13),
        ({"group3__breaker_a": 25, "charger1__group": 3}, 25 * 0.8),
    ],
)
def test_a_car_has_what_the_tightest_setting_leaves(changes, expected_a):
    assert given_a(settings(**changes))[0] == expected_a


@pytest.mark.parametrize(("leg", "expected_a"), [("L1", 80 - 60), ("L2", 80 - 50)])
def test_a_car_on_one_leg_has_what_that_leaves(leg, expected_a):
    values = settings(charger1__legs=leg, charger2__legs=leg)
    assert given_a(values, 1, (60, 50))[0] == expected_a


@pytest.mark.parametrize(("late_s", "lag_s"), [(0, 5), (3, 3.6)])
def test_a_car_that_comes_starts_once_the_other_has_fallen(late_s, lag_s):
    """One breaker of 40 A for both; the first is late, the second follows at once."""
    values = settings(group1__breaker_a=40, charger1__group=1, charger2__group=1)
    house = House(values, 1, lag_s=(lag_s, 0), late_s=(late_s, 0))
    assert house.run(3)[0] == 32
    house.states[1].car = house.states[1].charging = True
    assert house.run(3) == [16, 16]
    assert house.most_a <= 32


def test_what_cars_draw_beyond_all_that_was_told_is_taken_off_their_group():
    """Only the EV CT shows it, and not whose it is."""
    values = settings(group1__breaker_a=40, charger1__group=1, charger2__group=1)
    house = House(values, 2)
    assert house.run(3) == [16, 16]
    house.extra_a = 10
    house.run(1)
    house.most_a = 0
    house.run(2)
    assert 30 < house.most_a <= 32


@pytest.mark.parametrize(
    ("known", "expected_a"),
    [
        ({"max_ma": 16_000}, 16),
        ({"report_limit_ma": 13_000}, 13),
        ({"report_limit_ma": 6000}, 6),
        ({"report_limit_ma": 5000}, 0),
    ],
)
def test_no_more_than_the_charger_can_or_its_cable_carries(known, expected_a):
    """5 A are less than any charger can offer: it pauses."""
    assert given_a(settings(), **known)[0] == expected_a


def test_a_group_is_shared():
    values = settings(group1__breaker_a=40, charger1__group=1, charger2__group=1)
    assert given_a(values, 2) == [16, 16]


def test_a_charger_that_can_do_no_less_than_8_a_is_never_told_less(monkeypatch):
    values = settings(charger1__fallback_a=10)
    families = {"evse_wb": building.profile.load("evse_wb")}
    families["evse_wb"].min_ma = 8000
    monkeypatch.setattr(building.profile, "load", families.get)
    assert states(values, 1)[0].min_ma == 8000
    assert given_a(values, 1, (73, 73))[0] in (0, 8)


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
