"""What somebody tells by number, typed or sent: it only lowers, it ends in its time, it is logged.

What is right comes from the words of the command and the test's own clock.
"""

import contextlib
import random

import pytest
from wished_house import HOME, House

from headroom.console.commands.telling import Telling
from headroom.console.commands.wishing import Wishing
from headroom.planning.request import NO_LIMIT_MA
from headroom.settings import table, together

TWO = {"charger2__profile": "heidelberg", "charger2__address": 2, "commands": 1}
BLIND = {"voltage": "", "voltage_ratio": 0}


@pytest.fixture
def house(clock):
    return told(clock, **TWO)


def told(clock, **settings):
    house = House(clock, **settings)
    house.notes = []
    house.telling = Telling(house.planning, Wishing(house.planning), house.notes.append)
    return house


def send(house, line, source="mqtt"):
    name, *words = line.split()
    return house.telling.sent(source, name, words)


def refused(house, line):
    before = list(house.notes)
    with pytest.raises(table.Refused) as caught:
        send(house, line)
    assert house.notes == before
    return str(caught.value)


def test_a_limit_holds_until_another_one_and_is_logged_once(house):
    assert house.run(2) == [NO_LIMIT_MA] * 2
    send(house, "limit 1 10")
    assert house.run(2) == [10_000, NO_LIMIT_MA]
    assert house.by() == "command"
    send(house, "limit 1 10")
    send(house, "limit 1 12.5")
    assert house.run(3600) == [12_500, NO_LIMIT_MA]
    send(house, "limit 1 none")
    assert house.run(2) == [NO_LIMIT_MA] * 2
    assert house.notes == ["mqtt: limit 1 10", "mqtt: limit 1 12.5", "mqtt: limit 1 none"]


def test_less_than_the_chargers_minimum_is_a_pause(house):
    send(house, "limit 1 5")
    assert house.run(2)[0] == 0


def test_with_minutes_it_ends_unless_it_is_repeated(house):
    send(house, "limit 1 8 2")
    send(house, "pause 2 on 2")
    assert house.run(119) == [8000, 0]
    send(house, "limit 1 8 2")
    assert house.run(3) == [8000, NO_LIMIT_MA]
    assert house.run(114)[0] == 8000
    assert house.run(4)[0] == NO_LIMIT_MA


def test_a_pause_goes_before_a_limit_and_leaves_it(house):
    send(house, "limit 1 9")
    send(house, "pause 1 on")
    assert house.run(2)[0] == 0
    send(house, "pause 1 off")
    assert house.run(2)[0] == 9000


def test_typed_it_is_the_same_and_logged_as_typed(house):
    house.telling.limit(["1", "10", "30"])
    house.telling.pause(["2", "on"])
    assert house.run(2) == [10_000, 0]
    assert house.notes == ["console: limit 1 10 30", "console: pause 2 on"]


def test_mode_and_time_come_in_by_the_same_door(house):
    send(house, "mode 1 off")
    assert house.run(2)[0] == 0
    send(house, "mode 1 off")
    send(house, "time 2026-11-26T21:04:05Z")
    assert house.planning.time() == "2026-11-26T21:04:05Z"
    assert house.notes == ["mqtt: mode 1 off", "mqtt: time 2026-11-26T21:04:05Z"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("set breaker_a 400", "'set' can't be sent, but mode, time, limit"),
        ("save", "can't be sent"),
        ("unlock 1234", "can't be sent"),
        ("reboot", "can't be sent"),
        ("limit", "sent with a value"),
        ("time", "sent with a value"),
        ("limit 3 10", "one of charger1, charger2"),
        ("limit 1", "and a value"),
        ("limit 1 -1", "0 to 80 A, or none; not '-1'"),
        ("limit 1 81", "0 to 80 A"),
        ("limit 1 nan", "0 to 80 A"),
        ("limit 1 1e1", "0 to 80 A"),
        ("limit 1 10 0", "from 1 to 10080"),
        ("limit 1 10 5 5", "from 1 to 10080"),
        ("limit 1 10 x", "from 1 to 10080"),
        ("pause 1 ON", "on or off, not 'ON'"),
        ("pause 1 on -5", "from 1 to 10080"),
        ("mode 1 turbo", "one of fast"),
        ("mode 1 sun", "nothing in memory for the sun"),
        ("time yesterday", "yesterday"),
        ("price 0.3", "set charger1.charge_below"),
        ("grid 100", "measures it itself"),
    ],
)
def test_what_cant_be_changes_nothing_and_says_what_can(house, line, says):
    send(house, "limit 1 11")
    house.run(2)
    assert says in refused(house, line)
    assert house.run(2) == [11_000, NO_LIMIT_MA]


def test_a_price_that_is_told_goes_before_the_tariff_and_ends(clock):
    house = told(
        clock, commands=1, tariff_otherwise="0.25", charger1__charge_below="0.3", voltage="",
        voltage_ratio=0,
    )  # fmt: skip
    house.planning.set_time("2026-11-26T21:04:05Z")
    assert house.run(2) == [NO_LIMIT_MA]
    send(house, "price 0.31 1")
    assert house.run(2) == [0]
    assert house.by() == "price"
    assert house.run(61) == [NO_LIMIT_MA]
    send(house, "price -0.05")
    assert house.run(7000) == [NO_LIMIT_MA]
    assert "is no price" in refused(house, "price free")


def test_a_car_follows_the_sun_by_what_is_told_of_the_grid(clock):
    """The house makes 4 kW more than it draws; the number comes each 10 s, two seconds late."""
    house = told(clock, commands=1, charger1__mode="sun", **BLIND)
    surplus_w, late = 4000, []
    drawn = []
    for second in range(900):
        state = house.states[0]
        car_w = state.offer_ma * 230 // 1000 if state.charging else 0
        late.append(car_w - surplus_w)
        if second % 10 == 0:
            send(house, f"grid {late[-3] if len(late) > 2 else late[-1]}")
        house.rows[0].draw_ma = state.offer_ma if state.charging else 0
        house.run(1)
        drawn.append(car_w)
    settled = drawn[400:]
    assert 0.8 * surplus_w <= sum(settled) / len(settled) <= 1.02 * surplus_w
    assert max(settled) - min(settled) <= 0.25 * surplus_w, "it does not swing"
    assert len(house.notes) == 1, "each number is no event"
    house.run(120)
    assert house.states[0].request_ma == 0, "nobody tells it any more"


def test_the_sun_by_what_is_told_needs_somebody_who_may(clock):
    values = table.defaults() | HOME | BLIND | {"charger1.mode": "sun"}
    with pytest.raises(table.Refused, match="or have it told"):
        together.check(values)
    together.check(values | {"commands": 1})
    with pytest.raises(table.Refused, match="one of the two"):
        together.check(values | {"commands": 1, "cap_w": 5000})


def test_nothing_that_is_told_raises_what_was_asked_without_it(clock):
    """Any words at any time: never more than the same house without them."""
    chance = random.Random(5)
    words = ("0", "6", "10", "80", "none", "on", "off", "fast", "0.1", "99", "-3", "x", "1", "2")
    names = ("limit", "pause", "price", "grid")
    schedule = {"charger1__schedule": "daily 00:00-12:00 9A; daily 13:00-14:00 off"}
    free, bound = told(clock, **schedule, **TWO), told(clock, **schedule, **TWO)
    for house in (free, bound):
        house.planning.set_time("2026-11-26T11:50:00Z")
    for _ in range(900):
        if chance.random() < 0.5:
            line = [chance.choice(names), *chance.choices(words, k=chance.randint(1, 3))]
            with contextlib.suppress(table.Refused):
                send(bound, " ".join(line))
        asked = free.run(5)
        clock.ms -= 5000
        assert all(a <= b for a, b in zip(bound.run(5), asked, strict=True)), line
