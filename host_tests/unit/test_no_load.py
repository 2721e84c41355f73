"""No load: noise counts no watt-hours, and a meter starts where IEC 62053-21 wants it to.

The standard (class 1): nothing is registered at 115 % of the voltage without a current (8.3.2),
and a meter behind a CT starts at 0.2 % of its rating (8.3.3). Judged by what flows.
"""

import math

import numpy as np
import pytest
from chip_house import ChipHouse

from headroom.metering.direction import Direction
from lab.bench.metering.waveforms import RATE_HZ, Replay, play
from lab.bench.power import accuracy, waves
from lab.sim.digitise import FrontEnd

VOLTS = 1.15 * 120
SECONDS = 8.0
T = np.arange(round(SECONDS * RATE_HZ)) / RATE_HZ
EV = 2  # its place among the channels of two legs
CHANGES = {"ev_source": "ct", "ev_burden_mohm": 22000, "charger1.profile": "heidelberg"}


def lived(ev, seed=1, noise=1.0, bias=0.0, volts=VOLTS):
    """Powers of the EV branch in mW, window by window; `ev` are the counts at its input."""
    board = accuracy.on_five_inputs()
    ct = FrontEnd(accuracy.MA_PER_COUNT, noise_counts=noise, bias_counts=bias)
    sensor = FrontEnd(accuracy.MV_PER_COUNT, noise_counts=noise)
    legs = [ct.digitise(waves.sine(5, 60, turn).at(T), seed + turn) for turn in (0, 180)]
    v = sensor.digitise(waves.sine(volts, 60).at(T + 4 / 5 / RATE_HZ), seed + 7)
    sampler = Replay(*legs, ct.digitise(0 * T, seed + 8), ev, v)
    meter = accuracy.build(sampler, board, nominal_v=138, **CHANGES)
    direction = Direction(2, meter.power)
    found = []
    for window in play(meter, sampler):
        direction.look(window)
        if window.seq > 2:
            assert meter.power.known >> EV & 1
            found.append((meter.power.mw[EV], meter.power.mvar[EV]))
    assert list(direction.votes) == [0]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_noise_of_an_idle_ct_has_no_power(seed):
    """From none at all to that of a bad supply, its mean anywhere between two counts."""
    random = np.random.default_rng(seed)
    noise = (0.0, 0.2, 0.7, 1.5, 4.0, 12.0)[seed]
    hum = 0.2 * np.sin(2 * np.pi * 60 * T + random.uniform(0, 6))  # what its neighbours put on it
    counts = 2048 + random.uniform(-50, 50) + hum + random.normal(0, 1, len(T)) * noise
    found = lived(np.rint(counts).astype(np.uint16), seed, max(noise, 0.3))
    assert len(found) > 30
    assert found == [(0, 0)] * len(found)


def test_what_flows_at_the_standards_starting_current_is_counted():
    """0.2 % of 200 A, forward and backward, and of a motor."""
    va = 240 * 0.4  # of the EV branch, between two legs
    ct = FrontEnd(accuracy.MA_PER_COUNT / 2, noise_counts=1.0)
    for degrees in (0, 53.13, 180):
        lead = 4.026  # that the firmware knows of this CT
        current = waves.sine(0.4, 60, -degrees).through(lead).at(T + 3 / 5 / RATE_HZ)
        found = lived(ct.digitise(current, 5), volts=120)
        mean_w = np.mean([mw for mw, _ in found]) / 1000
        assert mean_w == pytest.approx(va * math.cos(math.radians(degrees)), abs=0.05 * va)


@pytest.fixture
def house(monkeypatch):
    house = ChipHouse(monkeypatch)
    house.volts = 137.0
    return house


@pytest.mark.long
def test_a_metering_chips_idle_ct_counts_nothing_in_hours(house):
    house.settle()
    for _ in house.windows(4000):
        power = house.meter.power
        assert power.known >> EV & 1
        assert (power.mw[EV], power.mvar[EV]) == (0, 0)


@pytest.mark.parametrize("sense", [1, -1])
def test_a_metering_chip_starts_at_half_a_tenth_of_its_range(house, sense):
    """0.05 % of 100 A: a quarter of what the standard asks for."""
    house.amps[EV] = 0.05
    house.lag_deg[EV] = 0 if sense > 0 else 180
    house.settle()
    assert house.meter.power.mw[EV] / 1000 == pytest.approx(sense * 274 * 0.05, rel=0.05)
