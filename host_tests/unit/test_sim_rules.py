"""The judge: a well-behaved meter passes, and each rule that is broken is found, once, in time."""

from dataclasses import replace

import pytest

from meter.sim.chargers import EvseWb, Heidelberg
from meter.sim.line import Frame, crc16, written
from meter.sim.reaction import ReactionTimer, percentile
from meter.sim.rules import Conditions, Judge, Truth

TICK_S = 0.005
COMMAND = 261
STATUS = bytes.fromhex("01 04 00 05 00 0A")


class Scene:
    """A judge with a charger, and a meter played by the test."""

    def __init__(self, model=Heidelberg):
        self.now_s = 1000.0
        self.charger = model(clock=lambda: self.now_s)
        self.charger.power_on(ago_s=3600)
        self.judge = Judge(self.charger, rated_a=100.0, fallback_a=6.0)
        self.judge.charger_booted()
        self.judge.firmware_started()
        self.conditions = Conditions(firmware=True)
        self.base_a = 20.0

    def wait(self, seconds):
        """Let time pass, polling once a second as a meter does, unless it is blind."""
        for tick in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            self.judge.tick(
                Truth(
                    self.now_s,
                    TICK_S,
                    (self.base_a + 0.95 * self.charger.pilot_a, 0.0),
                    80.0 - self.base_a,
                    self.charger.pilot_a,
                ),
                replace(self.conditions),
            )
            if tick % 200 == 0 and self.conditions.in_command:
                self.send(STATUS)

    def offer(self, amps):
        """Write the limit; the charger takes it and answers."""
        raw = round(amps / self.charger.limit_a(1))
        register = self.charger.limit_register
        self.charger.holding[register] = raw
        self.send(bytes((1, 6)) + register.to_bytes(2, "big") + raw.to_bytes(2, "big"))

    def send(self, body):
        frame = body + crc16(body).to_bytes(2, "little")
        self.charger.fed()
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


@pytest.mark.parametrize("amps", [1, 5.9, 16.1])
def test_rule_2_a_value_that_no_charger_has(scene, amps):
    scene.offer(amps)
    assert 2 in scene.broken


def test_rule_3_blind_and_no_fallback(scene):
    scene.conditions.samples = False
    scene.wait(1.0)
    assert scene.broken == []
    scene.wait(1.0)
    assert scene.broken == [3]


def test_rule_3_fallback_then_silence_is_right(scene):
    scene.conditions.samples = False
    scene.wait(0.8)
    scene.offer(6)
    scene.wait(20)
    scene.conditions.samples = True
    scene.wait(5)
    assert scene.broken == []


def test_rule_3_blind_but_the_watchdog_is_fed(scene):
    scene.conditions.samples = False
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
    scene.conditions.samples = False
    scene.wait(3)
    scene.send(bytes.fromhex("01 03 03 E8 00 07"))
    assert scene.broken == []


def test_rule_3_blind_and_raised(scene):
    scene.offer(6)
    scene.wait(6)
    scene.conditions.samples = False
    scene.wait(1)
    scene.offer(10)
    assert scene.broken == [3]


@pytest.mark.parametrize(("steps", "wait_s"), [((6, 13), 6), ((6, 8), 4), ((16, 10, 12), 3)])
def test_rule_4_too_high_or_too_soon(steps, wait_s):
    scene = Scene()
    scene.charger.holding[COMMAND] = 100
    scene.judge.charger_booted()
    for amps in steps:
        scene.wait(wait_s)
        scene.offer(amps)
    assert 4 in scene.broken


def test_rule_6_the_charger_keeps_charging_without_its_meter(scene):
    scene.charger.holding[262] = 160
    scene.conditions.firmware = False
    scene.wait(14)
    assert scene.broken == []
    scene.wait(3)
    assert scene.broken == [6]


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


def test_written_registers_of_recorded_requests():
    assert written(bytes.fromhex("01 10 01 02 00 01 02 00 04 B6 B1")) == {258: 4}
    assert written(bytes.fromhex("01 06 01 05 00 A0 98 4F")) == {261: 160}
    assert written(bytes.fromhex("01 04 00 05 00 0A 60 0C")) == {}


class TestReactionTimer:
    """Which steps count, and when the clock starts and ends."""

    @pytest.fixture
    def timer(self):
        timer = ReactionTimer(rated_a=100.0, min_a=6.0)
        timer.tick(0.0, 30.0, 16.0, 60.0)
        return timer

    def test_from_the_first_sample_to_the_first_byte_of_a_lower_limit(self, timer):
        timer.tick(1.0, 10.0, 16.0, 86.0)
        timer.limit_sent(1.05, 16.0, 16.0)
        timer.limit_sent(1.25, 10.0, 16.0)
        timer.limit_sent(1.50, 9.0, 10.0)
        assert [(r.ms, r.above_rating) for r in timer.done] == [(pytest.approx(250.0), False)]

    def test_a_frame_already_on_the_wire_is_no_answer(self, timer):
        timer.tick(1.0, 10.0, 16.0, 120.0)
        timer.limit_sent(0.999, 12.0, 16.0)
        assert timer.done == []
        timer.limit_sent(1.08, 10.0, 16.0)
        assert timer.done[0].above_rating

    @pytest.mark.parametrize(("headroom_a", "offer_a"), [(20.0, 16.0), (15.5, 16.0), (2.0, 6.0)])
    def test_a_step_that_asks_for_no_reduction_does_not_count(self, timer, headroom_a, offer_a):
        timer.tick(1.0, headroom_a, offer_a, 80.0)
        timer.limit_sent(1.1, offer_a - 1, offer_a)
        assert timer.done == []

    def test_a_step_that_is_over_before_the_answer_is_dropped_and_a_missed_one_counted(
        self, timer
    ):
        timer.tick(1.0, 10.0, 16.0, 86.0)
        timer.tick(1.1, 30.0, 16.0, 66.0)
        timer.tick(2.0, 10.0, 16.0, 86.0)
        timer.tick(8.0, 10.0, 16.0, 86.0)
        assert (timer.done, timer.missed) == ([], 1)


def test_percentiles_by_nearest_rank():
    assert percentile([], 0.5) is None
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 99.0
