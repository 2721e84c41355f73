"""A leg without a CT is never an idle house, whatever noise its input picks up."""

import csv
import gzip
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from metering_bench import replay

from headroom import records

RATE_HZ = 7680
SECONDS = 15
WINDOW_FRAMES = RATE_HZ // 5


def noise(kind, rms, samples, seed=1):
    chance = np.random.default_rng(seed)
    if kind == "gaussian":
        return chance.normal(0, rms, samples)
    return chance.uniform(-rms * 3**0.5, rms * 3**0.5, samples)


def column(signal):
    """Counts of a 12-bit converter around its middle."""
    return np.clip(np.rint(signal + 2048.3), 0, 4095).astype(np.uint16)


def sine(rms, hz, seconds=SECONDS, rate_hz=RATE_HZ, shape=(1.0,)):
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    wave = sum(a * np.sin(2 * np.pi * hz * (2 * k + 1) * t + k) for k, a in enumerate(shape))
    return wave * rms / np.sqrt(np.mean(wave**2))


@pytest.mark.parametrize("kind", ["gaussian", "uniform"])
@pytest.mark.parametrize("rms", [0.3, 1.0, 1.6, 3.0, 6.0])
@pytest.mark.parametrize("rate_hz", [7680, 1920])
def test_noise_alone_is_no_idle_house(kind, rms, rate_hz):
    found = replay(column(noise(kind, rms, SECONDS * rate_hz)), rate_hz)
    assert len(found) >= 5 * SECONDS - 2
    good = [window.good for window in found]
    assert not any(a and b for a, b in pairwise(good)), "two in a row start it"
    assert sum(good) <= 2


@pytest.mark.parametrize("rms", [12, 23, 24.5, 25, 30])
def test_noise_is_no_idle_house_whatever_of_it_is_subtracted(rms):
    """Between what is looked at for its period and for its frequency there is no gap."""
    leg = column(noise("white", rms, SECONDS * 7680))
    found = replay(leg, 7680, noise_q7=12_800)
    assert sum(window.good for window in found[5:]) <= 2


@pytest.mark.parametrize("hz", [49.8, 50, 60, 60.2])
@pytest.mark.parametrize(
    ("rms", "rms_of_noise"), [(0.9, 0.5), (1.3, 1.4), (3.5, 6.0), (12.0, 6.0), (23.0, 0.3)]
)
def test_a_leg_that_is_truly_idle_is_idle(hz, rms, rms_of_noise):
    """A few counts of current: its shape is that of small power supplies, with harmonics."""
    wave = sine(rms, hz, shape=(1.0, 0.6, 0.4)) + noise(
        "gaussian", rms_of_noise, SECONDS * RATE_HZ
    )
    found = replay(column(wave), RATE_HZ)[2:]
    bad = [not window.good for window in found]
    assert sum(bad) <= len(bad) // 20
    assert not any(a and b for a, b in pairwise(bad)), "three in a row would be blind"


def test_one_that_is_unplugged_under_load_is_seen_in_the_next_window_though_the_bias_drifts():
    """The 10 uF of the bias settle with 50 ms: x exp(-t / 50 ms) from 100 counts."""
    loaded = sine(300, 60, 4)
    t = np.arange(36 * RATE_HZ) / RATE_HZ
    unplugged = 100 * np.exp(-t / 0.05) + noise("gaussian", 3.0, len(t))
    found = replay(column(np.concatenate([loaded, unplugged])), RATE_HZ)
    assert all(window.good for window in found[2:19])
    assert not any(window.good for window in found[21:])
    assert found[30].faults & records.NO_SIGNAL


def test_a_small_load_that_goes_on_and_off_in_mid_window_is_no_fault():
    amplitude = np.where(np.arange(SECONDS * RATE_HZ) // (RATE_HZ * 37 // 100) % 2, 20.0, 2.0)
    wave = sine(1.0, 60) * amplitude + noise("gaussian", 0.7, SECONDS * RATE_HZ)
    assert all(window.good for window in replay(column(wave), RATE_HZ)[2:])


def recorded(name):
    folder = os.environ.get("HEADROOM_DATA_DIR")
    if not folder:
        pytest.skip("HEADROOM_DATA_DIR is not set")
    with gzip.open(Path(folder) / name, "rt") as file:
        return list(csv.reader(file))[1:]


def appliances():
    """A cycle of each of PLAID's appliances, of RMS 1, by its number."""
    for number, _, _, *samples in recorded("plaid_current_cycles_30khz.csv.gz"):
        wave = np.array(samples, float) - np.mean(np.array(samples, float))
        yield int(number), wave / np.std(wave)


def tiled(cycle, frames):
    place = np.mod(np.arange(frames) * 60 / RATE_HZ, 1.0) * len(cycle)
    return np.interp(place, np.arange(len(cycle) + 1), np.append(cycle, cycle[0]))


def test_every_recorded_appliance_alone_is_a_current():
    """1.4 counts of it: half-waves, pulses and sines."""
    for number, cycle in appliances():
        frames = 4 * WINDOW_FRAMES
        wave = 1.4 * tiled(cycle, frames) + noise("gaussian", 0.7, frames)
        found = replay(column(wave), RATE_HZ)
        assert all(window.good for window in found[1:]), number


@pytest.mark.parametrize("ma_per_count", [179, 484])  # 200 A : 50 mA, 18 ohm; 200 A : 333 mV
def test_a_recorded_house_at_night_is_not_blind(ma_per_count):
    """REDD's house 5, 400 rows of the weaker leg at rest, 0.56 A, as pulses of a power supply.

    Each row is played for one window: 20 minutes of the house in 80 s.
    """
    rows = recorded("redd_house5_split_phase_3s.csv.gz")[20_000:20_400]
    counts = np.array([float(row[2]) / 120 * 1000 / ma_per_count for row in rows])
    pulses = max(appliances(), key=lambda item: np.max(item[1]))[1]
    frames = len(rows) * WINDOW_FRAMES
    amplitude = np.roll(np.repeat(counts, WINDOW_FRAMES), WINDOW_FRAMES // 3)
    wave = tiled(pulses, frames) * amplitude + noise("gaussian", 1.0, frames)
    bad = [not window.good for window in replay(column(wave), RATE_HZ)]
    assert sum(bad) <= len(bad) // 100
    assert not any(a and b for a, b in pairwise(bad))
