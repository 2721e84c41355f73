"""A voltage of another supply than the currents: found by its turning angle, and no house is.

Judged by the frequencies that the waves have, and by random busy homes whose supply is one.
"""

import random

import numpy as np
import pytest
from busy_home import VOLTS, house_alone
from chip_house import ChipHouse
from three_house import Three

from headroom.metering import voltage
from headroom.metering.power import Power
from headroom.metering.turning import Turning
from lab.bench.metering.waveforms import Replay, play
from lab.bench.power import accuracy, waves
from lab.sim.digitise import FrontEnd

CT = FrontEnd(accuracy.MA_PER_COUNT, noise_counts=0.5)
SENSOR = FrontEnd(accuracy.MV_PER_COUNT, noise_counts=0.5)


@pytest.mark.parametrize(("v_hz", "seconds"), [(60.9, 9), (59.3, 9), (63.3, 9), (50.0, 12)])
def test_watts_of_another_supply_are_unknown_and_it_is_said(v_hz, seconds):
    """0.7 to 3.3 Hz apart it turns; at 10 Hz it goes round within a window."""
    lead = accuracy.CT_LEAD_DEG
    wired = [(waves.sine(20, 60), CT, lead), (waves.sine(9, 60, 180), CT, lead)]
    wired.append((waves.sine(120, v_hz), SENSOR, accuracy.V_LEAD_DEG))
    sampler = Replay(*waves.columns(wired, float(seconds)))
    meter = accuracy.build(sampler)
    for window in play(meter, sampler):
        assert window.good or window.seq < 3, "no current hangs on it"
        assert list(window.leg_ma) == pytest.approx([20_000, 9_000], rel=0.01)
    assert meter.power.known == 0
    assert any("of another frequency" in name for name in voltage.names(meter.power))


def alone(seed, hours, legs, solar, battery):
    """Real and reactive power of each leg in a busy home, in VA, window by window."""
    chance = random.Random(seed)
    windows = round(hours * 18_000)
    amps = house_alone(seed, chance, legs, windows, solar).reshape(legs, windows, 2).mean(2)
    if battery:  # what it gives follows what is missing, bounded and late
        gives = np.zeros(legs)
        for n in range(windows):
            amps[:, n] -= gives
            gives = np.clip(gives + 0.15 * amps[:, n].real, -20, 20)
    noise = np.random.default_rng(seed).normal(0, 0.1, (2, legs, windows))
    return (amps.real + noise[0]) * VOLTS, (-amps.imag + noise[1]) * VOLTS


@pytest.mark.long
@pytest.mark.parametrize("seed", range(24))
def test_no_busy_home_is_taken_for_one(seed):
    """With and without the sun, with and without a battery that keeps the mains at nothing."""
    legs = 1 + seed % 3
    real, reactive = alone(seed, 2, legs, seed % 2 == 0, seed % 4 > 1)
    apparent = np.hypot(np.hypot(real, reactive), 0.2 * VOLTS)
    power = Power(legs, 0, legs)
    power.known = (1 << legs) - 1
    turning = Turning(range(legs))
    milli = (1000 * np.stack([real, reactive, apparent])).astype(int).transpose(2, 0, 1).tolist()
    for power.mw, power.mvar, power.mva in milli:
        assert not turning.look(power)


@pytest.mark.long
@pytest.mark.parametrize(("off_hz", "minutes"), [(0.5, 1), (-0.1, 2), (0.07, 6)])
def test_at_a_metering_chip(monkeypatch, off_hz, minutes):
    house = ChipHouse(monkeypatch)
    house.amps = [20.0, 6.0, 0.0]
    house.settle()
    for _ in range(minutes * 600):
        house.lag_deg = [deg + 36 * off_hz for deg in house.lag_deg]  # in 100 ms
        house.step(100)
        if house.meter.power.known == 0:
            break
    assert voltage.names(house.meter.power)[0].startswith("voltage of another frequency")
    assert house.meter.window.good


def test_of_three_sensors_one_is_of_another_supply(monkeypatch):
    house = Three(monkeypatch)
    house.settle()
    for _ in range(600):
        house.lag_deg[1] += 36 * 0.5
        house.step(100)
    power = house.meter.power
    assert power.known == 0b101
    assert voltage.names(power) == ["voltage of L2 " + voltage.FAULT_NAMES[voltage.OTHER]]


def test_it_is_over_once_the_sensor_is_on_the_mains(monkeypatch):
    house = ChipHouse(monkeypatch)
    house.settle()
    for turn in range(300):
        house.lag_deg = [turn * 18.0] * 3
        house.step(100)
    assert house.meter.power.known == 0
    house.lag_deg = [0.0] * 3
    for _ in house.windows(18 * 25):
        pass
    assert house.meter.power.known == 0b111
