"""What planning asks for is one more limit of balancing: it only lowers, and every rule holds.

The random world judges by its own house and cars while whoever plans asks for anything at all.
"""

import random

import pytest
from balancing_world import STEP_MS, World
from hypothesis import given, settings
from hypothesis import strategies as st
from panel_of_cars import RISE_WINDOW_S, Panel

from headroom import records
from headroom.balancing.controller import Controller
from headroom.planning.calendar import Calendar
from headroom.planning.contact import Contact
from headroom.planning.demand_cap import Capped, DemandCap
from headroom.planning.finish import Finish
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.schedule import Schedule
from headroom.planning.sessions import Sessions
from headroom.planning.sun import Sun
from headroom.planning.surplus import Surplus
from headroom.planning.tariff import Tariff
from headroom.planning.temperature import Temperature
from headroom.planning.zone import Zone

STEPS = 1500  # five minutes
HOSTILE_MA = (-5000, 0, 0, 1, 5999, 6000, 8050, 9000, 16_000, 80_000, records.NO_REQUEST_MA)
SCHEDULES = (
    "daily 00:00-12:00 off; daily 12:00-24:00 8A",
    "mon-sun 10:00-11:00 sun; daily 20:00-04:00 sun+min",
    "sat 06:00-08:00 fast",
)
SOURCES = (records.EV_CT, records.EV_REGISTER, records.EV_ESTIMATE)


class Asked(World):
    """Each charger is asked for anything, at any time; `often` per step."""

    def __init__(self, seed, legs, chargers, source, often):
        super().__init__(seed, legs, chargers, source)
        self.often = often

    def _measure(self):
        for state in self.states:
            if self.chance.random() < self.often:
                state.request_ma = self.chance.choice(HOSTILE_MA)
        super()._measure()

    def _check(self, before):
        super()._check(before)
        if self.blind_ms > records.STALE_MS:
            return
        for allocation, state in zip(self.controller.allocations, self.states, strict=True):
            if not allocation.ready:
                continue
            most_ma = state.request_ma if state.request_ma >= state.min_ma else 0
            assert allocation.allowed_ma <= most_ma, "rule 5: more than is asked for"


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    legs=st.integers(1, 2),
    chargers=st.integers(1, 6),
    source=st.sampled_from(SOURCES),
    often=st.sampled_from((0.3, 0.02, 0.002)),
)
def test_every_rule_holds_whatever_is_asked_for_and_nobody_has_more(
    seed, legs, chargers, source, often
):
    Asked(seed, legs, chargers, source, often).run(STEPS)


class Wishful(Asked):
    """Every option of planning at random; what it is told is true, unknown or a lie."""

    def __init__(self, seed, legs, chargers, source):
        super().__init__(seed, legs, chargers, source, 0)
        self.dice = dice = random.Random(seed + 1)
        self.calendar = Calendar(Zone(dice.choice(("UTC0", "CET-1CEST,M3.5.0,M10.5.0/3"))))
        plugs = []
        for state in self.states:
            plug = Plug(
                state, dice.choice((120, 230)), dice.choice((100, 1000)), dice.randint(0, 3)
            )
            plug.sun = dice.choice((None, Sun(1000, 5000), Sun(1000, 3_600_000)))
            plug.capped = Capped()
            if dice.random() < 0.5:
                plug.schedule = Schedule(dice.choice(SCHEDULES), dice.randint(0, 3))
            if dice.random() < 0.5:
                plug.tariff = Tariff("daily 08:00-20:00 0.4", "0.2", dice.choice(("0.1", "0.3")))
            if dice.random() < 0.3:
                plug.finish = Finish("12:00", dice.choice((1, 200)))
            plugs.append(plug)
        power = Power()
        self.contact, self.temperature = Contact(), Temperature(60, 80)
        cap = DemandCap(power, self.calendar, dice.choice((1000, 5000, 20_000)), 15)
        limits = (
            Surplus(power, dice.choice((-5000, 0, 5000))),
            cap,
            self.contact,
            self.temperature,
        )
        limits = tuple(limit for limit in limits if dice.random() < 0.6)
        self.planner = Planner(plugs, self.calendar, power, limits)
        self.sessions = Sessions(len(plugs))
        for session in self.sessions.running:
            if dice.random() < 0.5:  # as after a restart
                session.go_on([None, 7, dice.randrange(10**6), 5, True], None)
        self.day, self.second = 9600, dice.randrange(86_400)

    def _measure(self):
        super()._measure()
        dice = self.dice
        if dice.random() < 0.002:
            self.day, self.second = dice.randrange(9000, 36_000), dice.randrange(86_400)
        if dice.random() < 0.9:
            self.calendar.tell(self.day, (self.second + self.steps // 5) % 86_400)
        else:
            self.calendar.forget()
        watts = sum(self.reading.leg_ma) * 120 // 1000
        grid_w = dice.choice((watts, watts, -watts, None, 10**6, -(10**6)))
        if dice.random() < 0.01:
            level = dice.choice((0, 1, None))
            for _ in range(4):
                self.contact.tell(250, level)
            self.temperature.tell(dice.choice((None, 200, 700, 900)))
        for plug in self.planner.plugs:
            plug.draw_ma = dice.choice((-1, 0, 16_000, 80_000))
            plug.command_ma = dice.choice((0, 6000, 10**9)) if dice.random() < 0.01 else 10**9
            plug.draw_w = dice.choice((-1, -1, 0, 20_000))
            plug.leg_v = dice.choice((100, 230, 277))
            plug.leg_mv = dice.choice((0, 120_000, 277_000))
        self.sessions.step(self.planner.plugs, STEP_MS, grid_w, self.calendar)
        self.planner.step(STEP_MS, grid_w)
        for plug, state in zip(self.planner.plugs, self.states, strict=True):
            state.request_ma = plug.request.bound_ma


@pytest.mark.long
@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    legs=st.integers(1, 2),
    chargers=st.integers(1, 6),
    source=st.sampled_from(SOURCES),
)
def test_every_rule_holds_whatever_is_wished_and_planning_is_told(seed, legs, chargers, source):
    Wishful(seed, legs, chargers, source).run(STEPS)


class Planned(World):
    """A planner is at work, and nothing is wished."""

    def __init__(self, *args):
        super().__init__(*args)
        self.planner = Planner([Plug(state, 230) for state in self.states])
        self.series = []

    def _measure(self):
        super()._measure()
        self.planner.step(STEP_MS, None)
        for plug, state in zip(self.planner.plugs, self.states, strict=True):
            state.request_ma = plug.request.bound_ma

    def _check(self, before):
        super()._check(before)
        self.series.append([(a.allowed_ma, a.reason) for a in self.controller.allocations])


class Unplanned(Planned):
    def _measure(self):
        World._measure(self)


@pytest.mark.long
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1 << 32), source=st.sampled_from(SOURCES))
def test_without_a_wish_each_allocation_is_the_same(seed, source):
    worlds = [kind(seed, 2, 4, source) for kind in (Planned, Unplanned)]
    for world in worlds:
        world.run(STEPS)
    assert worlds[0].series == worlds[1].series
    assert len({str(row) for row in worlds[0].series}) > 3


def charging():
    panel = Panel()
    panel.run(120, (20_000, 20_000))
    assert panel.allowed()[0] == 48_000
    return panel


@pytest.mark.parametrize(
    ("asked_ma", "allowed_ma"), [(0, 0), (5999, 0), (-1, 0), (16_040, 16_000)]
)
def test_it_lowers_in_one_window_and_names_itself(asked_ma, allowed_ma):
    panel = charging()
    panel.states[0].request_ma = asked_ma
    panel.run(0.2, (20_000, 20_000))
    allocation = panel.allocations[0]
    assert allocation.allowed_ma == allowed_ma
    assert records.LIMIT_NAMES[allocation.limit] == "request"
    assert allocation.reason == (records.LOWERED if allowed_ma else records.SUSPENDED)


def test_what_comes_after_a_pause_by_request_starts_as_any_and_costs_no_patience():
    panel = charging()
    row = panel.allocations[0]
    before = row.rise.patience_ms, row.hold.pauses
    panel.states[0].request_ma = 0
    panel.run(60, (20_000, 20_000))
    panel.states[0].request_ma = records.NO_REQUEST_MA
    panel.run(0.2, (20_000, 20_000))
    assert panel.allowed() == [6000], "room has lasted: the minimum first"
    panel.run(1, (20_000, 20_000))
    assert panel.allowed() == [6000], "its car has not followed yet"
    panel.run(60, (20_000, 20_000))
    assert panel.allowed() == [48_000]
    assert (row.rise.patience_ms, row.hold.pauses) == before


def test_room_that_came_while_it_was_paused_must_have_lasted():
    panel = charging()
    panel.states[0].request_ma = 0
    panel.run(60, (79_000, 79_000))
    panel.states[0].request_ma = records.NO_REQUEST_MA
    panel.run(RISE_WINDOW_S - 2, (20_000, 20_000))
    assert panel.allowed() == [0]
    panel.run(30, (20_000, 20_000))
    assert panel.allowed()[0] >= 6000


def test_one_that_is_held_at_its_minimum_pauses_when_it_is_asked_to():
    panel = charging()
    panel.run(5, (78_000, 78_000))
    assert panel.allocations[0].reason == records.HOLDING
    panel.states[0].request_ma = 0
    panel.run(0.2, (78_000, 78_000))
    assert panel.allowed() == [0]
    panel.states[0].request_ma = 32_000
    panel.run(2, (78_000, 78_000))
    assert panel.allowed() == [0], "a request gives nothing"


def test_the_smaller_of_house_and_request_is_named():
    panel = charging()
    panel.states[0].request_ma = 30_000
    panel.run(0.2, (60_000, 20_000))
    assert panel.allowed() == [20_000]
    assert records.LIMIT_NAMES[panel.allocations[0].limit] == "L1"
    assert panel.allocations[0].reason == records.FALLEN


def test_a_relay_is_off_at_once_and_rests_before_it_is_on_again():
    state = records.ChargerState(32_000, 32_000, 80_000, 80_000, 0, (0, 1), rest_ms=300_000)
    state.online = state.car = state.charging = True
    controller = Controller(2, 100_000, 80, 6000, 5000, [state], (), records.EV_ESTIMATE)
    row = controller.allocations[0]
    reading = records.Reading(2)
    reading.good = True

    def run(seconds):
        for _ in range(seconds * 5):
            reading.leg_ma[0] = reading.leg_ma[1] = 10_000 + max(0, state.offer_ma)
            controller.step(reading, STEP_MS, 50)
            state.offer_ma = state.ceiling_ma = row.allowed_ma
        return row.allowed_ma

    assert run(600) == 32_000
    for asked_ma in (0, 31_999):
        state.request_ma = asked_ma
        reading.leg_ma[0] = reading.leg_ma[1] = 42_000
        controller.step(reading, STEP_MS, 50)
        assert row.allowed_ma == 0
        state.offer_ma = state.ceiling_ma = 0
        assert run(60) == 0
        state.request_ma = records.NO_REQUEST_MA
        assert run(230) == 0, "it rests"
        assert run(300) == 32_000
