"""A charger on a relay, judged by its pin and by what flows: when it may be on, and when not."""

import random
from itertools import pairwise
from types import SimpleNamespace

import pytest
from relay_plant import CURRENT_A, LIMIT_A, PIN, READ_BACK, Plant, relay

from headroom.app.wished import Wished
from headroom.console.commands import selftest
from headroom.planning.request import MODES
from headroom.records import NO_REQUEST_MA
from headroom.settings import table, together
from headroom.wiring_test.selftest import SelfTest

PROOF_S = 120
REST_S = 120
ASKED_MA = (-1, 0, 6000, 39_999, 40_000, *[NO_REQUEST_MA] * 3)  # by whoever plans
STARTS_AN_HOUR = 6


@pytest.fixture
def plant(tmp_path, monkeypatch):
    return lambda **changes: Plant(tmp_path, monkeypatch, **changes)


def test_the_pin_is_low_from_the_first_moment(plant):
    assert not plant().on  # the file said "1" before


def test_it_starts_once_there_was_room_for_all_of_it_for_two_minutes(plant):
    house = plant()
    took_s = house.run(300, lambda: house.on)
    assert PROOF_S <= took_s < PROOF_S + 5


@pytest.mark.parametrize("house_a", [LIMIT_A - CURRENT_A + 1, 79, 95])
def test_it_never_starts_without_that_room(plant, house_a):
    house = plant()
    house.house_a = house_a
    house.run(400)
    assert house.starts_s == []


def test_a_load_that_comes_every_minute_is_no_room(plant):
    house = plant()
    for _ in range(6):
        house.house_a = 30
        house.run(57)
        house.house_a = 45
        house.run(3)
    assert house.starts_s == []


def test_it_is_off_with_the_first_window_above_the_limit(plant):
    house = plant().started()
    house.house_a = LIMIT_A - 0.95 * CURRENT_A + 3
    house.step()
    assert not house.on


def test_it_is_off_with_the_first_cycle_above_the_rating(plant):
    house = plant().started()
    house.house_a = 63
    house.cycle()
    assert not house.on


def test_it_is_never_held(plant):
    """What others hold at their minimum for half an hour, it has not for a window."""
    house = plant().started()
    house.house_a = LIMIT_A - CURRENT_A + 0.5
    house.step()
    assert not house.on


@pytest.mark.long
@pytest.mark.parametrize("rest_s", [REST_S, 600])
def test_it_rests_before_it_starts_again(plant, rest_s):
    house = plant(charger1__rest_s=rest_s).started()
    house.house_a = 60
    house.step()
    house.house_a = 30
    off_s = house.run(1000, lambda: house.on)
    assert rest_s <= off_s < rest_s + 10


@pytest.mark.long
def test_it_starts_six_times_an_hour_at_most(plant):
    house = plant(charger1__rest_s=60)
    for _ in range(4500 // 150):
        house.house_a = 30
        house.run(145)
        house.house_a = 60
        house.run(5)
    starts_s = house.starts_s
    assert len(starts_s) > STARTS_AN_HOUR
    assert all(b - a >= 3599 for a, b in zip(starts_s, starts_s[STARTS_AN_HOUR:], strict=False))


def test_blind_is_off_and_what_was_seen_before_is_no_proof(plant):
    house = plant().started()
    house.good = False
    assert house.run(5, lambda: not house.on) <= 0.8
    house.run(1800)
    house.good = True
    assert house.run(300, lambda: house.on) >= PROOF_S


def test_where_its_current_may_always_flow_blind_is_on_but_no_room_is_off(plant):
    house = plant(charger1__fallback_a=CURRENT_A)
    house.run(5)
    assert house.on, "that may flow in any case, so it needs no proof"
    house.good = False
    house.run(60)
    assert house.on
    house.good = True
    house.house_a = 60
    house.run(5)
    assert not house.on


@pytest.mark.parametrize("asked_ma", [0, 6000, 39_000])
def test_a_wish_for_less_than_all_of_it_is_off(plant, asked_ma):
    house = plant().started()
    house.states[0].request_ma = asked_ma
    house.step()
    assert not house.on


def test_what_is_wished_of_it_is_planned_as_of_others(plant):
    values = relay(charger1__mode="off")
    together.check(values)
    [plug] = Wished(values, plant(charger1__mode="off").chargers).plugs
    assert MODES[plug.mode] == "off"


def test_the_supervisor_opens_it_whatever_is_allowed(plant):
    house = plant().started()
    house.supervisor.trip("task 'control' failed")
    house.guard.look(100)
    assert not house.on
    assert house.row.allowed_ma == CURRENT_A * 1000


def test_the_last_words_open_it(plant):
    house = plant().started()
    house.guard.last_words(SimpleNamespace(note=pytest.fail))
    assert not house.on


@pytest.mark.parametrize("draws", [True, False])
def test_a_contactor_that_is_welded_is_named_and_kept_for(plant, draws):
    """A second charger gets what is left beside it, though nothing flows at the moment."""
    house = plant(
        charger1__readback_pin=READ_BACK, charger2__profile="evse_wb", charger2__address=2
    ).started(house_a=10)
    house.welded, house.draws = True, draws
    house.house_a = 45
    house.run(2)
    house.house_a = 20
    house.run(15)
    assert not house.on
    named, chargers = house.told()
    assert "charger1 holds 40.0 A though told 0.0 A" in named
    assert "welded" in chargers[0]["note"]
    house.run(200)
    assert 6000 <= house.other.offer_ma <= (LIMIT_A - 20 - CURRENT_A) * 1000
    house.welded = False
    house.house_a = 10
    house.run(600)
    assert house.on
    assert house.told()[0] == []


def test_one_that_draws_more_than_it_was_said_to_is_named_and_switched_all_the_same(plant):
    house = plant(charger1__max_a=25)
    house.takes_a = 38
    house.started()
    house.run(20)
    assert any("charger1 draws" in text and "told 25.0 A" in text for text in house.told()[0])
    assert house.on
    house.house_a = LIMIT_A - 38 + 1
    house.step()
    assert not house.on


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "beside", "asked"),
    [(0, False, False), (1, True, False), (2, False, True), (3, True, True)],
)
def test_hours_in_a_random_house(plant, seed, beside, asked):
    """Never on beyond what is there, or is asked for; never without proof or its rest."""
    chance = random.Random(seed)
    more = {"charger2__profile": "evse_wb", "charger2__address": 2} if beside else {}
    house = plant(**more)
    house_a, went_off_s = [], 0.0
    for _ in range(3600 * 5):
        if chance.random() < 0.002:
            house.house_a = chance.choice((5, 10, 20, 30, 38, 45, 70, 85))
        if chance.random() < 0.0001:
            house.good = not house.good
        elif not house.good and chance.random() < 0.02:
            house.good = True
        if asked and chance.random() < 0.002:
            house.states[0].request_ma = chance.choice(ASKED_MA)
        was, now_s = house.on, house.ms / 1000
        house.step()
        assert not house.on or house.states[0].request_ma >= CURRENT_A * 1000 or not house.good
        house_a.append(house.house_a if house.good else 999)
        others_a = house.other.offer_ma / 1000 if house.other else 0
        if house.on:
            assert house.good or house.health.blind_ms < 600
            if house.good:
                assert house.house_a + CURRENT_A + min(others_a, 6) <= LIMIT_A + 6 * beside
                assert house.house_a + CURRENT_A + others_a <= LIMIT_A or others_a == 6
        if house.on and not was:
            last = house_a[-PROOF_S * 5 :]
            seconds = [min(last[k : k + 5]) for k in range(len(last) - 4)]  # an inrush is no load
            assert max(seconds) + CURRENT_A <= LIMIT_A
            assert now_s - went_off_s >= REST_S - 0.2
        if was and not house.on:
            went_off_s = now_s
    assert house.starts_s
    assert all(b - a > REST_S for a, b in pairwise(house.starts_s))


def test_the_self_test_steps_it_from_off(plant):
    house = plant().started()
    house.meter.ev_used = True
    house.meter.in_phase_ma = lambda leg: round((1, -1)[leg] * house.car_a * 1000)
    said, levels = "", [house.on]
    test = SelfTest(house.bus, house.controller.allocations, house.meter)
    for text in selftest.lines(test.run([0])):
        said += text or ""
        if text == "":
            house.step()
            if house.on != levels[-1]:
                levels.append(house.on)
    assert "step 2 of 8: 40 A" in said
    assert "all is well" in said, said
    assert levels == [True, False] * 4 + [True]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"charger1__pin": 0}, "set charger1.pin (free on this board: 10, 11, 12), "),
        ({"charger1__pin": 2}, "charger1.pin 2 is not free on this board; these are: 10, 11, 12"),
        ({"charger1__readback_pin": 4}, "charger1.readback_pin 4 is not free on this board"),
        ({"charger1__readback_pin": PIN}, "charger1.pin and charger1.readback_pin are both 10"),
        (
            {
                "charger2__profile": "relay",
                "charger2__pin": PIN,
                "charger2__max_a": 16,
                "charger2__fallback_a": 0,
            },
            "charger1.pin and charger2.pin are both 10; give each a pin of its own",
        ),
        ({"charger1__address": 2}, "charger1.address means nothing to a relay"),
        ({"charger1__parity": "E"}, "charger1.parity means nothing to a relay"),
        ({"charger1__min_a": 8}, "set it to 6"),
        ({"charger1__fallback_a": 6}, "fallback_a of a relay is 0 (off when blind), or 40"),
        ({"charger1__max_a": 60}, "(max_a), but 80 % of its circuit_a is 48 A"),
        ({"breaker_a": 45}, "but the limit of the panel (breaker_a x derate_pct) is 36 A"),
        (
            {"charger1__group": 1, "group1__breaker_a": 40},
            "draws 40 A when it is on (max_a), but 80 % of group1.breaker_a is 32 A",
        ),
        ({"charger2__profile": "abb", "charger2__pin": 11}, "charger2.profile is abb; set it"),
        ({"charger3__rest_s": 300}, "is for a relay, and charger3.profile is none"),
        ({"charger1__rest_s": 59}, "charger1.rest_s must be from 60 to 3600 s, not 59"),
    ],
)  # fmt: skip
def test_settings_that_cant_be(changes, said):
    with pytest.raises(table.Refused) as refused:
        together.check(relay(**changes))
    assert said in str(refused.value)


def test_two_relays_and_a_charger_on_the_line_may_be_together():
    together.check(
        relay(
            charger1__readback_pin=11,
            charger2__profile="relay",
            charger2__pin=12,
            charger2__max_a=16,
            charger2__fallback_a=0,
            charger3__profile="heidelberg",  # address 1, which no relay has
        )
    )
