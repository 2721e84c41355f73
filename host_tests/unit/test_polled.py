"""A charger that polls our meter and takes no orders, beside one that does: judged by what flows.

Its car may draw anything up to its maximum at any moment: nobody is asked before.
"""

import random
from types import SimpleNamespace

import pytest

from headroom import records
from headroom.app import building
from headroom.charging.polled import Polled
from headroom.console import screen
from headroom.reporting import explain
from headroom.settings import table, together
from headroom.supervisor import Supervisor
from headroom.wiring_test.selftest import SelfTest

WINDOW_MS = 200
LIMIT_A = 80
MAY_A = 32
POLLED, DRIVEN = 0, 1


def settings(**changes):
    values = table.defaults() | {
        "emulate": "wall_connector",
        "charger1.profile": "polled",
        "charger1.circuit_a": 40,
        "charger2.profile": "evse_wb",
        "charger2.address": 2,
        "charger2.max_a": 48,
    }
    for name, value in changes.items():
        table.put(values, name.replace("__", "."), value)
    together.check(values)
    return values


class Panel:
    """Two legs; `polled_a` is what the car at the polled charger draws, asked by nobody."""

    def __init__(self, **changes):
        values = settings(**changes)
        chargers, problems = building.chargers(values, "")
        assert not problems
        self.charger = chargers[POLLED]
        self.states = [charger.state for charger in chargers]
        self.controller = building.controller(values, self.states, False)
        self.rows = self.controller.allocations
        self.reading = records.Reading(2)
        self.ev_ct = values["ev_source"] == "ct"
        self.house_a, self.polled_a = 20.0, 0.0
        driven = self.states[DRIVEN]
        driven.online = driven.car = driven.charging = True

    @property
    def allowed_a(self):
        """What the driven one may draw."""
        return self.rows[DRIVEN].allowed_ma / 1000

    def step(self, good=True, blind_ms=50):
        driven = self.states[DRIVEN]
        driven_ma = max(0, driven.offer_ma)
        ev_ma = driven_ma + round(1000 * self.polled_a)
        self.reading.ev_ma = ev_ma if self.ev_ct else 0
        for leg in range(2):
            self.reading.leg_ma[leg] = round(1000 * self.house_a) + ev_ma
        self.reading.good = good
        driven.reported_ma[0] = driven_ma
        driven.reported_age_ms = 0
        self.controller.step(self.reading, WINDOW_MS, blind_ms)
        self.charger.switch(0)
        if self.rows[DRIVEN].ready:
            driven.offer_ma = driven.ceiling_ma = self.rows[DRIVEN].allowed_ma

    def run(self, seconds):
        for _ in range(seconds * 1000 // WINDOW_MS):
            self.step()
        return self.allowed_a


@pytest.mark.parametrize("polled_a", [0, 10, MAY_A])
def test_with_an_ev_ct_its_maximum_is_kept_and_the_rest_is_the_others(polled_a):
    panel = Panel()
    panel.polled_a = polled_a
    assert panel.run(120) == pytest.approx(LIMIT_A - 20 - MAY_A, abs=0.6)
    assert panel.controller.ev.beyond_ma == 0


@pytest.mark.parametrize("source", ["register", "estimate"])
@pytest.mark.parametrize("polled_a", [0, 10, MAY_A])
def test_without_an_ev_ct_what_it_draws_is_load_like_any_other(source, polled_a):
    """Nobody could tell it from the house: to keep its maximum besides would count it twice."""
    panel = Panel(ev_source=source)
    panel.polled_a = polled_a
    assert panel.run(120) == pytest.approx(min(48, LIMIT_A - 20 - polled_a), abs=0.6)


@pytest.mark.parametrize("seed", range(6))
def test_the_sum_holds_whatever_its_car_does(seed):
    """With the EV CT: house + its maximum + what the other may draw are within the limit, always,
    but for the minimum that is held."""
    chance = random.Random(seed)
    panel = Panel()
    panel.run(30)
    for _ in range(3000):
        if chance.random() < 0.05:
            panel.house_a = chance.uniform(2, 60)
        if chance.random() < 0.1:
            panel.polled_a = chance.uniform(0, MAY_A)
        panel.step()
        room_a = LIMIT_A - panel.house_a - MAY_A
        assert panel.allowed_a <= max(6, room_a) + 0.001


def test_what_it_draws_above_its_maximum_is_named_and_taken_off():
    panel = Panel()
    panel.run(120)
    panel.polled_a = MAY_A + 8
    panel.run(20)
    assert panel.rows[POLLED].holds_ma == 1000 * (MAY_A + 8)
    for _ in range(300):
        panel.step()
        assert panel.allowed_a == pytest.approx(LIMIT_A - 20 - MAY_A - 8, abs=0.6)
    panel.polled_a = MAY_A
    assert panel.run(60) == pytest.approx(LIMIT_A - 20 - MAY_A, abs=0.6)
    assert panel.rows[POLLED].holds_ma == 0


def test_its_group_keeps_its_maximum_though_nothing_measures_it():
    more = {"group1__breaker_a": 60, "charger1__group": 1, "charger2__group": 1}
    panel = Panel(ev_source="estimate", **more)
    assert panel.run(120) == pytest.approx(60 * 0.8 - MAY_A, abs=0.2)
    supervisor = Supervisor((), (), 2, 100_000, [60_000], panel.states, None, True)
    assert supervisor._may_flow_ma(2) == 1000 * (MAY_A + panel.allowed_a)


def test_blind_it_is_on_its_own_and_the_other_has_its_fallback():
    panel = Panel()
    panel.run(120)
    for n in range(5):
        panel.step(good=False, blind_ms=200 * (n + 1))
    assert panel.allowed_a == 6
    assert panel.rows[POLLED].reason == records.BLIND
    assert panel.rows[POLLED].allowed_ma == 6000
    assert panel.run(60) == pytest.approx(LIMIT_A - 20 - MAY_A, abs=0.6)
    assert panel.rows[POLLED].reason == records.POLLS


def test_it_is_there_while_it_asks(monkeypatch):
    panel = Panel()
    now = [0]
    monkeypatch.setattr("time.ticks_ms", lambda: now[0])
    charger = Polled("charger1", panel.states[POLLED])
    charger.slave = SimpleNamespace(asked=0)
    charger.switch(0)
    assert not panel.states[POLLED].online
    charger.slave.asked = 5
    charger.switch(0)
    assert panel.states[POLLED].online
    now[0] = 14_000
    charger.switch(0)
    assert panel.states[POLLED].online
    now[0] = 15_001
    charger.switch(0)
    assert not panel.states[POLLED].online
    assert "has not asked" in charger.error


def test_what_people_are_told():
    panel = Panel()
    panel.run(30)
    told = panel.charger.facts() | {
        "name": "charger1", "kept_ma": panel.rows[POLLED].kept_ma, "reported_ma": -1,
    }  # fmt: skip
    assert screen.charger(told).startswith(
        "charger1: polls this meter, has asked 0 times; 32.0 A kept for it\n"
        "  failsafe by itself: 6 A without its meter, as set\n"
    )
    assert explain.what_next(panel.rows[POLLED], panel.states[POLLED]) == "is told nothing"


def test_it_cant_be_stepped():
    panel = Panel()
    bus = SimpleNamespace(chargers=[panel.charger], caps_ma=[0])
    meter = SimpleNamespace(ev_used=True)
    found = list(SelfTest(bus, panel.rows, meter).run([0]))
    assert (
        found[-1]["text"] == "it balances by itself and takes no orders; nothing could be tested"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"emulate": ""}, "charger1 polls this meter: set emulate to the one"),
        ({"emulate": "headroom"}, "charger1 polls this meter: set emulate to the one"),
        ({"charger1__address": 5}, "charger1.address means nothing to a charger that takes no"),
        ({"charger1__mode": "off"}, "charger1.mode means nothing"),
        ({"charger1__schedule": "daily 17:00-20:00 off"}, "charger1.schedule means nothing"),
        ({"charger1__fallback_a": 40}, "above what it may: 32 A"),
        ({"charger1__fallback_a": 32, "breaker_a": 40}, "the fallbacks add up to 38 A, above"),
        ({"charger1__legs": "L1"}, "one EV CT can't tell chargers on different legs apart"),
        ({"charger1__rest_s": 60}, "charger1.rest_s is for a relay"),
    ],
)
def test_settings_that_cant_be_are_refused(changes, said):
    with pytest.raises(table.Refused) as caught:
        settings(**changes)
    assert said in str(caught.value)
