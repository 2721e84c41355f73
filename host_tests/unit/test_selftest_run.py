"""The self-test at work: real bus, charger and meter code, in virtual time, on a made-up house."""

import json
import math
from array import array

import pytest
from charging_bench import Bench

from headroom.charging.bus import NO_CAP
from headroom.console.commands import selftest
from headroom.metering import phase
from headroom.metering.channel import Channel
from headroom.metering.meter import WINDOW, Meter
from headroom.wiring_test.selftest import SelfTest
from lab.sim import chargers as sim

RATE_HZ, HZ = 7680, 60
RING = RATE_HZ * 3 // 10
COUNTS_PER_A = 8.0
GAIN_Q8 = round(1000 / COUNTS_PER_A * 256)


class Sampler:
    """A ring that is filled from a function of (channel, time): amperes."""

    channels, rate_hz, frames, lost_frames, jitter_us = 3, RATE_HZ, RING, 0, 0

    def __init__(self, amps):
        self.samples = array("H", [2048] * (RING * 3))
        self._amps = amps
        self._at = 0
        self._new = 0

    def run(self, frames):
        for _ in range(frames):
            for channel in range(3):
                counts = 2048 + self._amps(channel, self._at / RATE_HZ) * COUNTS_PER_A
                self.samples[self._at % RING * 3 + channel] = round(counts)
            self._at += 1
        self._new += frames

    def advance(self):
        new, self._new = self._new, 0
        return new


def meter_on(amps):
    sampler = Sampler(amps)
    channels = [Channel(GAIN_Q8, 0, 4095, 0, leg < 2) for leg in range(3)]
    return sampler, Meter(sampler, channels)


def window_of(sampler, meter):
    """Run until the next window is complete."""
    for _ in range(1000):
        sampler.run(38)
        done = meter.poll(0)
        while done:
            if done & WINDOW:
                return
            done = meter.poll(0)
    raise AssertionError("no window")


@pytest.mark.parametrize("sense", [1, -1])
@pytest.mark.parametrize("angle", [0.0, 0.7, -0.9])
def test_what_runs_along_with_the_car_is_found_whatever_the_house_draws(sense, angle):
    """In phase: base * cos(angle) + car, for an RMS base at that angle to the car's current."""
    base_a, car_a = 20.0, 9.0

    def amps(channel, t_s):
        wave = 2 * math.pi * HZ * t_s
        car = car_a * math.sqrt(2) * math.sin(wave)
        house = base_a * math.sqrt(2) * math.sin(wave + angle)
        return car if channel == 2 else sense * (car + house) if channel == 0 else 0.2 * house

    sampler, meter = meter_on(amps)
    for _ in range(8):
        window_of(sampler, meter)
    expected_ma = 1000 * sense * (car_a + base_a * math.cos(angle))
    assert phase.in_phase_ma(meter, 0) == pytest.approx(expected_ma, abs=150)
    assert phase.in_phase_ma(meter, 2) == pytest.approx(1000 * car_a, abs=100)


def test_no_car_no_direction():
    sampler, meter = meter_on(lambda channel, t_s: 0 if channel == 2 else math.sin(377 * t_s))
    for _ in range(3):
        window_of(sampler, meter)
    assert phase.in_phase_ma(meter, 0) is None


class House:
    """A Heidelberg, a car that follows within 2 s, and a meter that sees both legs."""

    def __init__(self, bench, allowed_a=14.0):
        self.bench = bench
        self.model = bench.models[0]
        self.allowed_a = allowed_a
        self.car_a = 6.0
        self.ev_used = True
        self.sense = [1, -1]
        self.most_pilot_a = 0.0
        self.window = type("Window", (), {"legs": 2, "leg_ma": [0, 0], "ev_ma": 0, "seq": 0})()

    def step(self):
        """200 ms."""
        self.bench.allocate(self.allowed_a)
        self.bench.run(0.2)
        self.most_pilot_a = max(self.most_pilot_a, self.model.pilot_a - self.allowed_a)
        self.car_a += max(-1.0, min(1.0, self.model.pilot_a - self.car_a))
        self.model.draw_a = self.car_a
        self.window.ev_ma = round(self.car_a * 1000)
        for leg in range(2):
            self.window.leg_ma[leg] = round(1000 * (5 + leg + self.car_a))
        self.window.seq += 1

    def in_phase_ma(self, leg):
        return round(self.sense[leg] * 1000 * (5 + leg + self.car_a))

    def test(self):
        return selftest.lines(self.events())

    def events(self):
        return SelfTest(self.bench.bus, self.bench.allocations, self).run([0])

    def run(self, job):
        """(what it said, seconds)."""
        begun_ms = self.bench.clock.ms
        said = []
        for text in job:
            if text:
                said.append(text.strip())
            elif text == "":
                self.step()
        return said, (self.bench.clock.ms - begun_ms) / 1000


@pytest.fixture
def house():
    with Bench(sim.Heidelberg) as bench:
        bench.allocate(14)
        bench.run(5)
        bench.chargers[0].state.legs = (0, 1)
        made = House(bench)
        for _ in range(20):
            made.step()
        yield made


def test_a_healthy_house_takes_less_than_three_minutes(house):
    said, seconds = house.run(house.test())
    assert said[-1] == "all is well: every CT sees it, in the right place, sense and size"
    assert seconds < 180
    assert house.most_pilot_a <= 0
    assert house.bench.bus.caps_ma == [NO_CAP]


def test_a_reversed_ct_is_named(house):
    house.sense = [1, 1]
    said, _ = house.run(house.test())
    assert "CT of L2 is reversed" in said[-1]


def test_what_the_controller_allows_stays_the_limit_throughout(house):
    job = house.test()
    for n, text in enumerate(job):
        if text == "":
            house.allowed_a = (14.0, 7.0, 10.0, 6.0)[n // 60 % 4]
            house.step()
            house.step()
    assert house.most_pilot_a <= 0.01


def test_it_can_be_stopped_and_leaves_nothing_behind(house):
    job = house.test()
    for _ in range(200):
        if next(job) == "":
            house.step()
    assert house.bench.bus.caps_ma[0] < NO_CAP
    job.close()
    assert house.bench.bus.caps_ma == [NO_CAP]
    for _ in range(60):
        house.step()
    assert house.model.pilot_a == 14


def test_without_a_car_it_says_what_it_could_not_test(house):
    house.model.plugged = False
    house.bench.run(3)
    said, seconds = house.run(house.test())
    assert "no car connected: of the CTs nothing could be tested; it answers" in said
    assert "failsafe proven" in said[0]
    assert seconds < 1


def test_a_charger_that_dies_meanwhile_ends_it(house):
    job = house.test()
    said = []
    for n, text in enumerate(job):
        said.append(text)
        if n == 300:
            house.model.power_off()
        if text == "":
            house.step()
    assert "given up: it does not answer" in said[-1]
    assert house.bench.bus.caps_ma == [NO_CAP]


def test_no_room_is_said_after_40_s(house):
    house.allowed_a = 7.0
    house.step()
    said, seconds = house.run(house.test())
    assert said[-1] == "the house leaves 7 A, too little to step it: try again later"
    assert 39 < seconds < 45


def test_a_blind_meter_ends_it_within_seconds(house):
    """The console resumes a job every 10 ms; no window ever comes."""
    said = list(house.test())
    assert said[-1] == "  given up: no measurement\n"
    assert len(said) * 10 < 4000


def test_tools_see_each_step_each_window_and_the_verdict(house):
    house.sense = [1, 1]
    told, _ = house.run(selftest.objects(house.events()))
    events = [json.loads(line) for line in told]
    assert events[0]["charger"] == house.bench.chargers[0].name
    steps = [event["told_ma"] for event in events if "step" in event]
    assert len(steps) == 8
    assert min(steps) == 6000
    assert max(steps) == 14000
    windows = [event for event in events if "legs_ma" in event]
    assert len(windows) == 7 * 70 + 125, "14 s a step, and 25 s for the last one"
    for window in windows:  # the made-up house draws 5 A more on L1, 6 A on L2
        assert window["legs_ma"] == [window["ev_ma"] + 5000, window["ev_ma"] + 6000]
    assert {event["code"] for event in events if "code" in event} == {"reversed"}
