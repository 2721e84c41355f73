"""A leg without a CT is never an idle house, whatever noise its input picks up."""

from itertools import pairwise

import numpy as np
import pytest
from metering_bench import replay

from headroom import records

RATE_HZ = 7680
SECONDS = 15


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


@pytest.mark.parametrize("hz", [49.8, 50, 60, 60.2])
@pytest.mark.parametrize(
    ("rms", "rms_of_noise"), [(1.8, 1.0), (2.0, 1.4), (3.5, 6.0), (12.0, 6.0), (23.0, 0.3)]
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
