"""The grid operator's contact at a pin: what it allows, by volts and amperes, and what is told.

Open is high, by the pull-up, and so is a broken wire. What is allowed is held against volts times
amperes times phases.
"""

from array import array

import pytest
from relay_plant import relay
from wished_house import House

from headroom.console import wishes as screen
from headroom.metering.chip_three import ThreePower
from headroom.reporting.wishes import Wishes
from headroom.settings import table, together

PIN = 11
OPEN, CLOSED = "1", "0"
FREE_MA = 1 << 28


@pytest.fixture
def wired(tmp_path, monkeypatch, clock):
    """A function that makes a house whose contact is a file; `move(level)` in it."""
    monkeypatch.setenv("HEADROOM_PINS", str(tmp_path))
    relay()  # the board has these pins

    def make(level=CLOSED, **settings):
        (tmp_path / str(PIN)).write_text(level)
        own = {"voltage": "", "contact_pin": PIN, "charger1__profile": "evse_wb"}
        house = House(clock, **own | settings)
        house.move = (tmp_path / str(PIN)).write_text
        house.told = Wishes(house.planning)
        return house

    return make


def news(house, seconds):
    """The events of so many seconds."""
    found = []
    for _ in range(seconds):
        house.run(1)
        found.append(house.told.news())
    return [text for text in found if text]


@pytest.mark.parametrize(
    ("limits", "asks", "free"), [("open", OPEN, CLOSED), ("closed", CLOSED, OPEN)]
)
def test_it_limits_after_a_second_and_no_longer_a_second_after_it_has_gone(
    wired, limits, asks, free
):
    house = wired(free, contact_limits=limits)
    assert house.run(2) == [FREE_MA]
    house.move(asks)
    for _ in range(10):  # it chatters
        for _ in range(4):
            house.step()
        house.move(free)
        house.step()
        house.move(asks)
    assert house.states[0].request_ma == FREE_MA
    assert house.run(2) == [18_000], "4200 W at 230 V"
    assert house.by() == "grid contact"
    house.move(free)
    assert house.run(2) == [FREE_MA]


def test_until_the_contact_has_been_heard_it_limits_though_the_start_took_long(wired):
    house = wired()
    house.clock.ms += 5000
    house.step()
    assert house.states[0].request_ma == 18_000


@pytest.mark.parametrize("volts", [207, 229, 230, 231, 244, 253])
def test_watts_become_amperes_by_the_volts_that_are_measured(wired, volts):
    house = wired(OPEN, voltage="zmpt101b")
    house.power.good, house.power.mv = True, volts * 1000
    [asked_ma] = house.run(3, 500)
    assert 4200 - volts - 4 * 18 < asked_ma * volts / 1000 <= 4200
    house.power.good = False
    assert house.run(3)[0] == 18_000, "at the nominal 230 V"


@pytest.mark.parametrize(("legs", "volts"), [("L1", 225), ("L3", 244), ("L1L2L3", 3 * 233)])
def test_where_each_leg_has_its_own_voltage_those_of_the_charger_count(wired, legs, volts):
    house = wired(OPEN, legs=3, charger1__legs=legs)
    house.power = house.meter.power = ThreePower()
    house.power.legs_mv[:] = array("i", (225_000, 230_000, 244_000))
    house.power.good = True
    [asked_ma] = house.run(3, 500)
    assert 4200 - volts < asked_ma * volts / 1000 <= 4200


def test_a_car_that_leaves_some_of_its_offer_is_given_no_more_for_that(wired):
    house = wired(OPEN)
    house.run(3)
    for _ in range(60):
        house.rows[0].draw_ma = house.states[0].offer_ma * 15 // 16
        house.run(1)
    assert house.states[0].request_ma == 18_000


def test_amperes_for_each_of_two_and_watts_for_both_and_the_smaller_binds(wired):
    other = {"charger2__profile": "evse_wb", "charger2__address": 2}
    assert wired(OPEN, **other).run(3) == [9_000, 9_000]
    assert wired(OPEN, contact_a=8, **other).run(3) == [8_000, 8_000]
    assert wired(OPEN, contact_a=8, contact_w=0, **other).run(3) == [8_000, 8_000]


def test_while_planning_fails_what_the_operator_asked_for_stands(wired, monkeypatch):
    house = wired(OPEN)
    assert house.run(3) == [18_000]
    monkeypatch.setattr(house.planning._planner, "step", None)
    assert house.run(120) == [18_000]
    assert "modes off, grid contact, temperature" in house.planning.fault()


def test_each_change_is_an_event_with_the_time_and_what_flowed_before_and_after(wired):
    house = wired()
    house.planning.set_time("2026-11-26T21:04:05Z")
    house.meter.window.leg_ma[0] = 20_000
    house.rows[0].draw_ma = 16_000
    assert news(house, 20) == [], "a start is no event"
    house.move(OPEN)
    house.rows[0].draw_ma = 12_000  # it follows before anybody looks
    said = news(house, 3)
    assert said == [
        "2026-11-26T21:04:26Z grid contact limits to 4200 W for all: cars 3680 W, grid 4600 W "
        "before"
    ]
    house.rows[0].draw_ma = 10_000
    house.meter.window.leg_ma[0] = 14_000
    assert news(house, 60) == [
        "2026-11-26T21:04:56Z grid contact, 30 s later: cars 2300 W, grid 3220 W"
    ]
    house.stale = True
    house.run(1)
    house.told.news()
    house.move(CLOSED)
    assert news(house, 60) == [
        "2026-11-26T21:05:30Z grid contact free: cars 2300 W, grid unknown before",
        "2026-11-26T21:06:00Z grid contact, 30 s later: cars 2300 W, grid unknown",
    ]
    assert all(len(text) < 120 for text in said), "an event has 160 characters at most"


def test_a_start_while_it_limits_is_an_event(wired):
    house = wired(OPEN, contact_a=8)
    [said, _] = news(house, 60)
    assert said.startswith(
        "time unknown grid contact limits to 4200 W for all and 8 A for each: cars "
    )


def test_the_status_says_it(wired):
    house = wired(OPEN)
    house.run(3)
    now = house.told.now()
    assert now["contact"] == {"limits": True, "limit_w": 4200, "limit_ma": 0}
    assert screen.line(now) == "time unknown; grid contact limits\n"
    [limit] = house.told.limits(0)
    assert limit == (
        "grid contact",
        18_000,
        "the grid operator asks for less, or the wire is broken",
        True,
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contact_pin": 26}, "contact_pin 26 is not free on this board; these are: 10, 11, 12"),
        (
            {"contact_pin": 10},
            "charger1.pin and contact_pin are both 10; give each a pin of its own, such as 11, 12",
        ),
        ({"contact_pin": 11, "charger1__readback_pin": 11}, "are both 11"),
        ({"contact_pin": 11, "contact_w": 900}, "1000 to 100000 for all chargers, or 0 with one"),
        ({"contact_pin": 11, "contact_w": 0}, "1000 to 100000 for all chargers, or 0 with one"),
        ({"contact_pin": 11, "contact_a": 5}, "of 5 A for each charger: 6 to 80, or 0 for none"),
        ({"contact_limits": "shut"}, "contact_limits is one of: open, closed"),
    ],
)
def test_settings_that_cant_be(changes, said):
    with pytest.raises(table.Refused) as refused:
        together.check(relay(**changes))
    assert said in str(refused.value)


def test_a_contact_beside_a_relay_on_another_pin_may_be(wired):
    together.check(relay(contact_pin=PIN, contact_limits="closed", contact_w=0, contact_a=6))
    assert wired(charger1__mode="off").planning.contact
    assert House(wired().clock, voltage="", charger1__mode="off").planning.contact is None
