"""The judge: a well-behaved meter passes, and each rule that is broken is found, once, in time."""

from dataclasses import replace

import pytest

from lab.sim.chargers import EvseWb, Heidelberg, SmartEvse
from lab.sim.line import Frame, crc16
from lab.sim.rules import Judge
from lab.sim.truth import Conditions, Truth

TICK_S = 0.005
COMMAND = 261
STATUS = bytes.fromhex("04 00 05 00 0A")


class Scene:
    """A judge with chargers, and a meter played by the test."""

    def __init__(self, *models):
        self.now_s = 1000.0
        self.chargers = [
            model(address, clock=lambda: self.now_s)
            for address, model in enumerate(models or (Heidelberg,), start=1)
        ]
        self.charger = self.chargers[0]
        for charger in self.chargers:
            charger.power_on(ago_s=3600)
        names = [(f"charger{c.address}", c) for c in self.chargers]
        self.judge = Judge(names, rated_a=100.0, fallback_a=6.0)
        for judge in self.judge.chargers:
            judge.booted()
        self.judge.firmware_started()
        self.conditions = Conditions(firmware=True)
        self.links = [True for _ in self.chargers]
        self.base_a = 20.0
        self.cars_follow = True

    def wait(self, seconds):
        """Let time pass, polling once a second as a meter does, unless it is blind."""
        for tick in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            pilots_a = tuple(charger.pilot_a for charger in self.chargers)
            if self.cars_follow:
                for charger, pilot_a in zip(self.chargers, pilots_a, strict=True):
                    charger.draw_a = 0.95 * pilot_a
            self.judge.tick(
                Truth(
                    self.now_s,
                    TICK_S,
                    (self.base_a + 0.95 * sum(pilots_a), 0.0),
                    80.0 - self.base_a,
                    pilots_a,
                    tuple(self.links),
                ),
                replace(self.conditions),
            )
            for charger, link in zip(self.chargers, self.links, strict=True):
                if tick % 200 == 0 and self.conditions.sees and self.conditions.firmware and link:
                    self.send(STATUS, charger)

    def offer(self, amps, charger=None):
        """Write the limit; the charger takes it and answers."""
        charger = charger or self.charger
        raw = round(amps / charger.limit_a(1))
        register = charger.limit_register
        body = bytes((6,)) + register.to_bytes(2, "big") + raw.to_bytes(2, "big")
        charger.holding[register] = raw
        self.send(body, charger)

    def send(self, pdu, charger=None):
        charger = charger or self.charger
        body = bytes((charger.address,)) + pdu
        frame = body + crc16(body).to_bytes(2, "little")
        charger.fed()
        self.judge.frame(Frame(self.now_s, self.now_s + 0.005, True, frame, frame))
        self.judge.frame(Frame(self.now_s + 0.01, self.now_s + 0.02, False, frame, frame))

    @property
    def broken(self):
        return [breach.rule for breach in self.judge.broken]


@pytest.fixture
def scene():
    scene = Scene()
    scene.wait(4)
    for amps in (6, 11, 16):
        scene.offer(amps)
        scene.wait(5.1)
    return scene


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
