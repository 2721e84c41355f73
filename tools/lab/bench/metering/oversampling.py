"""What would sampling faster buy? Error of a 200 ms window at multiples of 7,680 samples/s.

The sum of squares averages over all samples anyway, so quantisation and white noise shrink with
the root of their number; noise power itself, which adds to the reading, stays and is subtracted.
"""

import math

import numpy as np

MA_PER_COUNT = 146.484
WINDOWS = 60


def gain() -> dict[str, dict[str, float]]:
    """RMS error in mA of single windows of a 2 A sine, by noise at the converter and by rate."""
    table = {}
    for noise_counts in (0.0, 0.5, 3.0):
        row = {}
        for factor in (1, 2, 4, 8):
            row[str(7680 * factor)] = round(_error_ma(7680 * factor, noise_counts), 2)
        table[f"{noise_counts:g} counts of noise"] = row
    return table


def _error_ma(rate_hz: int, noise_counts: float) -> float:
    random = np.random.default_rng(3)
    frames = rate_hz // 5
    peak = 2000 / MA_PER_COUNT * math.sqrt(2)
    floor = noise_counts**2 + 1 / 12
    errors = []
    for _ in range(WINDOWS):
        t = np.arange(frames) / rate_hz
        wave = peak * np.sin(2 * np.pi * (60 * t + random.random())) + random.random()
        counts = np.rint(wave + random.normal(0, noise_counts, frames))
        power = max(0.0, float(np.var(counts)) - floor)
        errors.append(MA_PER_COUNT * math.sqrt(power) - 2000)
    return math.sqrt(float(np.mean(np.square(errors))))
