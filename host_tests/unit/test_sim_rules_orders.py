"""The judge of orders: how far and how soon a charger is raised (rule 4), how often lowered."""

import pytest
from judge_scene import COMMAND, Scene, steered

from lab.sim.chargers import SmartEvse
from lab.sim.frames import Frame, crc16


@pytest.fixture
def scene():
    return steered()


def rises(*steps, wait_s, cars_follow=True):
    scene = Scene()
    scene.cars_follow = cars_follow
    scene.charger.holding[COMMAND] = 100
    scene.charger.draw_a = 9.5
    scene.judge.chargers[0].booted()
    for amps in steps:
        scene.wait(wait_s)
        scene.offer(amps)
    return scene.broken


@pytest.mark.parametrize(
    "case",
    [
        {"steps": (0, 13), "wait_s": 6},
        {"steps": (6, 8), "wait_s": 1.5},
        {"steps": (6, 8), "wait_s": 4, "cars_follow": False},
    ],
)
def test_rule_4_too_much_too_soon_or_before_the_car_has_followed(case):
    assert rises(*case.pop("steps"), **case) == [4]


def test_rule_4_a_step_of_12_a_or_one_after_the_car_has_followed_is_right():
    assert rises(0, 12, wait_s=6) == []
    assert rises(6, 8, 10, wait_s=2) == []
    assert rises(6, 8, wait_s=5, cars_follow=False) == []


def test_rule_4_one_that_comes_back_rises_as_slowly_as_any_other(scene):
    """Its watchdog has lowered it meanwhile; what it had before gives it no right."""
    scene.links = [False]
    scene.wait(20)
    scene.links = [True]
    for amps in (6, 11, 16):
        scene.offer(amps)
        scene.wait(1)
    assert scene.broken == [4]


@pytest.mark.parametrize(
    ("lasts_s", "ended_s", "broken"),
    [
        (2.0, 1.5, [4]),
        (2.0, 0.2, [4]),
        (2.0, 9.0, []),
        (0.3, 2.0, []),  # an inrush: in a window of 200 ms it is less
        (0.5, 0.1, []),  # no meter knew of it yet
    ],
)
def test_rule_4_a_rise_into_room_that_has_not_lasted(lasts_s, ended_s, broken):
    """A load leaves 10 A, and ends."""
    scene = Scene()
    scene.wait(4)
    scene.offer(6)
    scene.wait(10)
    scene.base_a = 70.0
    scene.wait(lasts_s)
    scene.base_a = 20.0
    scene.wait(ended_s)
    scene.offer(15)
    assert scene.broken == broken


@pytest.mark.parametrize(("since_s", "broken"), [(0.5, []), (9.0, [4])])
def test_rule_4_after_a_start_the_fallback_is_told_and_then_only_what_has_lasted(since_s, broken):
    """In a full house: its last words, before it has measured, or a charger of its own accord."""
    scene = Scene()
    scene.base_a = 78.0
    scene.wait(20)
    scene.judge.firmware_started()
    scene.wait(since_s)
    scene.offer(6)
    assert scene.broken == broken


@pytest.mark.parametrize(
    ("away_s", "amps", "broken"), [(0.5, 15, []), (0.5, 16, [4]), (4.0, 15, [4])]
)
def test_rule_4_a_restart_that_nobody_can_have_seen_lets_what_was_told_be_repeated(
    scene, away_s, amps, broken
):
    scene.offer(15)
    scene.wait(5.1)
    scene.links = [False]
    scene.charger.holding[COMMAND] = 0
    scene.judge.chargers[0].booted()
    scene.wait(away_s)
    scene.links = [True]
    scene.offer(amps)
    assert scene.broken == broken


@pytest.mark.parametrize(
    ("stuck_s", "held_a", "shows_s", "broken"),
    [
        (10.0, 16.0, None, []),  # its car has not followed yet
        (10.0, 16.0, 0.2, []),  # an order was under way when that was read
        (10.0, 16.0, 0.5, [4]),
        (10.0, 16.0, 1.7, [4]),
        (10.0, 16.0, 9.0, []),
        (10.0, 11.0, 1.7, []),  # it held too little more to be known
        (10.0, 7.0, 0.5, []),  # it held less
        (6.0, 16.0, 1.7, []),  # nor is it known before the dead time is over
        (0.0, 16.0, 0.5, [4]),  # no old order
    ],
)
def test_rule_4_one_that_obeys_at_last_is_raised_only_once_that_has_shown(
    scene, stuck_s, held_a, shows_s, broken
):
    judge, charger = scene.judge.chargers[0], scene.charger
    scene.cars_follow = False
    if stuck_s:
        scene.offer(10)
        charger.holding[COMMAND] = round(10 * held_a)
    charger.draw_a = 0.95 * held_a
    scene.wait(stuck_s)
    judge.look_again()
    scene.offer(10)
    scene.wait(0.3)
    if shows_s:
        charger.draw_a = 9.5
        scene.wait(shows_s)
    scene.offer(14)
    assert scene.broken == broken


@pytest.mark.parametrize(("plugged", "broken"), [(False, []), (True, [4])])
def test_rule_4_a_fall_without_a_car_needs_no_time_to_show(scene, plugged, broken):
    scene.charger.plugged = plugged
    scene.cars_follow = plugged
    scene.charger.draw_a = 15.2 * plugged
    scene.wait(5.1)
    scene.offer(0)
    scene.wait(0.5)
    scene.charger.plugged = True
    scene.offer(6)
    assert scene.broken == broken


def test_orders_that_lower_a_charger_are_counted(scene):
    for amps in (10, 9.5, 8, 6, 10, 0):
        scene.offer(amps)
        scene.wait(5.1)
    assert scene.judge.lowered == 4
    assert scene.judge.pauses == 1


def test_an_order_that_nobody_acknowledges_counts_once_its_charger_speaks():
    """SmartEVSE's currents go to address 9, all of them in one frame, in 0.1 A."""
    scene = Scene(SmartEvse)
    charger = scene.charger
    charger.address = 2

    def tell(amps):
        slots = b"".join(round(10 * a).to_bytes(2, "big") for a in (0, amps, 0, 0, 0, 0, 0, 0))
        pdu = b"\x09\x10" + (0x20).to_bytes(2, "big") + b"\x00\x08\x10" + slots
        frame = pdu + crc16(pdu).to_bytes(2, "little")
        charger.written({0x20 + n: round(10 * amps) if n == 1 else 0 for n in range(8)})
        charger.state = 7  # as after its handshake
        scene.judge.frame(Frame(scene.now_s, scene.now_s + 0.01, True, frame, frame))

    for amps in (6, 18, 12, 12):
        tell(amps)
        scene.wait(5.1)
    assert scene.judge.lowered == 1
    assert scene.judge.chargers[0].offer_a == 12.0
    assert scene.broken == []
    tell(30)
    scene.wait(1.1)
    assert scene.broken == [4], "18 A more at once"


def test_one_that_stops_by_itself_and_is_told_its_minimum_has_not_risen_too_soon():
    """SmartEVSE stops after 11 s without a broadcast, and charges again after a handshake."""
    scene = Scene(SmartEvse)
    charger = scene.charger
    charger.written({0x20 + n: 160 for n in range(8)})
    charger.state = 7
    scene.wait(1)
    scene.judge.chargers[0].booted()
    scene.wait(15)
    assert charger.pilot_a == 0.0
    assert scene.judge.chargers[0].offer_a == 0.0
    assert scene.judge.lowered == scene.judge.pauses == 0


def test_rule_4_a_car_that_followed_and_is_full_a_moment_later_has_followed(scene):
    scene.offer(10)
    scene.wait(2.5)
    scene.cars_follow = False
    scene.charger.draw_a = 0.0
    scene.wait(0.1)
    scene.offer(14)
    assert scene.broken == []


def test_rule_4_a_full_car_has_nothing_to_fall(scene):
    scene.cars_follow = False
    scene.charger.draw_a = 0.0
    scene.wait(6)
    scene.offer(6)
    scene.wait(2.5)
    scene.offer(10)
    assert scene.broken == []


def test_rule_4_a_car_that_is_full_is_waited_for_as_long_as_it_was_last_seen_to_need(scene):
    scene.cars_follow = False
    scene.offer(10)
    scene.wait(2.5)
    scene.charger.draw_a = 9.5  # it took that long
    scene.wait(4)
    scene.charger.draw_a = 0.0
    scene.offer(12)
    scene.wait(3.5)
    scene.offer(14)
    assert scene.broken == []
    scene.wait(2)
    scene.offer(16)
    assert scene.broken == [4]


def test_rule_4_a_change_counts_from_its_own_moment_not_from_that_of_the_one_before(scene):
    scene.offer(6)
    scene.wait(6)
    scene.cars_follow = False
    scene.offer(10)
    scene.wait(1)
    scene.offer(12)
    assert scene.broken == [4]
    assert "1.0 s after the last change" in scene.judge.broken[0].text
