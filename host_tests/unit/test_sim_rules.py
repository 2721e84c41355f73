"""The judge: a well-behaved meter passes, and each rule that is broken is found, once, in time.

Rule 4, and what counts as an order: test_sim_rules_orders.py.
"""

import pytest
from judge_scene import STATUS, Scene, steered

from lab.sim.chargers import EvseWb, Heidelberg
from lab.soak.liars import LIARS


@pytest.fixture
def scene():
    return steered()


def test_a_careful_meter_breaks_nothing(scene):
    scene.base_a = 70.0
    scene.wait(0.5)
    scene.offer(10)
    scene.wait(5)
    scene.base_a = 78.0
    scene.wait(0.5)
    scene.offer(6)
    scene.wait(60)
    scene.offer(0)
    scene.base_a = 20.0
    scene.wait(10)
    scene.offer(6)
    assert scene.broken == []
    assert scene.judge.pauses == 1


def test_rule_1_too_much_for_longer_than_a_second(scene):
    scene.base_a = 70.0
    scene.wait(0.9)
    assert scene.broken == []
    scene.wait(5)
    assert scene.broken == [1]
    assert "16.0 A" in scene.judge.broken[0].text


def test_rule_1_an_inrush_is_no_breach(scene):
    scene.base_a = 170.0
    scene.wait(0.5)
    scene.base_a = 50.0
    scene.wait(5)
    assert scene.broken == []


def test_rule_1_holding_at_the_minimum_ends_with_the_breakers_budget(scene):
    scene.offer(6)
    scene.base_a = 140.0 - 0.95 * 6
    scene.wait(10.5)
    assert scene.broken == []
    scene.wait(1.2)
    assert scene.broken == [1]
    assert "budget" in scene.judge.broken[0].text


@pytest.fixture
def pair():
    """Two chargers at 16 and 12 A beside 40 A of house."""
    scene = Scene(Heidelberg, EvseWb)
    heidelberg, evse_wb = scene.chargers
    scene.offer(0, evse_wb)
    scene.wait(6)
    scene.base_a = 40.0
    for amps in (6, 11, 16):
        scene.offer(amps, heidelberg)
        scene.offer(min(amps, 12), evse_wb)
        scene.wait(5.1)
    assert scene.broken == []
    return scene


def test_rule_1_is_about_the_sum_of_the_offers(pair):
    pair.base_a = 52.5
    pair.wait(3)
    assert pair.broken == []
    pair.base_a = 54.0
    pair.wait(3)
    assert pair.broken == [1]
    assert "28.0 A" in pair.judge.broken[0].text


def test_rule_1_two_may_be_held_at_their_minimum_but_one_above_it_may_not(pair):
    heidelberg, evse_wb = pair.chargers
    pair.base_a = 72.0
    pair.offer(6, heidelberg)
    pair.offer(6, evse_wb)
    pair.wait(5)
    assert pair.broken == []
    pair.offer(7, evse_wb)
    pair.wait(2)
    assert pair.broken == [4, 1]


def test_rule_1_one_that_lies_cannot_fall_but_the_other_can(pair):
    pair.conditions.lied_to = True
    pair.chargers[0].wild = True
    pair.base_a = 62.0  # 18 A are there: the liar has 16 A of them, the other its minimum
    pair.offer(6, pair.chargers[1])
    pair.wait(12)
    assert pair.broken == []
    pair.chargers[0].wild = False
    pair.wait(12)
    assert pair.broken == [1]


def test_rule_1_a_charger_out_of_reach_is_no_excuse_for_the_other(pair):
    heidelberg = pair.charger
    pair.links[1] = False
    pair.base_a = 70.0
    pair.offer(6, heidelberg)
    pair.wait(5)
    assert pair.broken == []
    pair.offer(8, heidelberg)
    pair.wait(2)
    assert pair.broken == [1]


def test_breaches_name_the_charger(pair):
    pair.offer(90, pair.chargers[1])
    assert pair.broken[0] == 2
    assert pair.judge.broken[0].text.startswith("charger2: ")


@pytest.mark.parametrize("amps", [1, 5.9, 16.1])
def test_rule_2_a_value_that_no_charger_has(scene, amps):
    scene.offer(amps)
    assert 2 in scene.broken


def test_rule_3_blind_and_no_fallback(scene):
    scene.conditions.sees = False
    scene.wait(1.0)
    assert scene.broken == []
    scene.wait(1.0)
    assert scene.broken == [3]


def test_rule_3_fallback_then_silence_is_right(scene):
    scene.conditions.sees = False
    scene.wait(0.8)
    scene.offer(6)
    scene.wait(20)
    scene.conditions.sees = True
    scene.wait(5)
    assert scene.broken == []


def test_rule_3_blind_but_the_watchdog_is_fed(scene):
    scene.conditions.sees = False
    scene.wait(0.8)
    scene.offer(6)
    scene.wait(2)
    scene.send(STATUS)
    scene.wait(2)
    scene.send(STATUS)
    assert scene.broken == [3]


def test_rule_3_a_charger_without_watchdog_may_be_polled():
    scene = Scene(EvseWb)
    scene.offer(6)
    scene.wait(6)
    scene.conditions.sees = False
    scene.wait(3)
    scene.send(bytes.fromhex("03 03 E8 00 07"))
    assert scene.broken == []


def test_rule_3_blind_and_raised(scene):
    scene.offer(6)
    scene.wait(6)
    scene.conditions.sees = False
    scene.wait(1)
    scene.offer(10)
    assert scene.broken == [3]


def test_rule_6_the_charger_keeps_charging_without_its_meter(scene):
    scene.charger.holding[262] = 160
    scene.conditions.firmware = False
    scene.wait(14)
    assert scene.broken == []
    scene.wait(3)
    assert scene.broken == [6]


def test_rule_6_a_read_after_a_restart_wakes_the_old_command(scene):
    scene.charger.holding[262] = 60
    scene.conditions.firmware = False
    scene.wait(20)
    scene.conditions.firmware = True
    scene.send(STATUS)
    scene.wait(0.1)
    assert scene.broken == [6]
    assert "16.0 A before it was told" in scene.judge.broken[0].text


def test_rule_6_a_safe_limit_first_is_right(scene):
    scene.charger.holding[262] = 60
    scene.conditions.firmware = False
    scene.wait(20)
    scene.conditions.firmware = True
    scene.offer(6)
    scene.send(STATUS)
    scene.wait(6)
    scene.offer(12)
    scene.wait(2)
    assert scene.broken == []


def test_rule_6_failsafe_in_time_is_right(scene):
    scene.charger.holding[262] = 60
    scene.conditions.firmware = False
    scene.wait(30)
    assert scene.broken == []


def test_rule_8_flash_is_written_again_and_again(scene):
    scene.charger.flash_writes[257] += 2
    scene.wait(1)
    assert scene.broken == []
    scene.charger.flash_writes[257] += 1
    scene.wait(5)
    assert scene.broken == [8]


@pytest.mark.parametrize("draws", [False, True])
def test_what_a_hidden_charger_signals_counts_as_far_as_its_car_draws(draws):
    """Its registers show the 0 A that it was told: without a car nothing shows the 6 A."""
    scene = Scene(LIARS["heidelberg"], Heidelberg)
    liar, other = scene.chargers
    scene.wait(6)
    scene.offer(6, liar)
    scene.offer(6, other)
    scene.wait(6)
    liar.begin("hidden")
    scene.offer(0, liar)
    assert liar.pilot_a == 6.0
    scene.cars_follow = False
    liar.draw_a = 0.0
    scene.conditions.lied_to = True
    scene.base_a = 64.0
    scene.offer(16, other)
    scene.wait(12)
    assert 1 not in scene.broken
    liar.draw_a = 6.0 if draws else 0.0
    scene.wait(12)
    assert (1 in scene.broken) == draws
