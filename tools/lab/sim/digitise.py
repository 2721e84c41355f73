"""Currents as a CT front end and a 12-bit converter digitise them, its missing counts included."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 4095
Amperes = NDArray[np.float64]
Counts = NDArray[np.uint16]


@dataclass(frozen=True)
class FrontEnd:
    """What stands between the conductor and the counts.

    ma_per_count  by the CT's ratio, the burden and the converter's range
    bias_counts   how far zero current is off mid-scale
    noise_counts  RMS of white noise at the converter's input
    step          counts swallowed at 512, 1536, 2560 and 3584, as by RP2040's erratum E11
    """

    ma_per_count: float
    bias_counts: float = 0.0
    noise_counts: float = 0.0
    step: float = 0.0

    def digitise(self, amperes: Amperes, seed: int = 1) -> Counts:
        """12-bit counts of a current."""
        ideal = amperes * 1000 / self.ma_per_count + 2048 + self.bias_counts
        if self.noise_counts:
            ideal = ideal + np.random.default_rng(seed).normal(0, self.noise_counts, len(ideal))
        if self.step:
            ideal = _swallow(ideal, self.step)
        return np.clip(np.rint(ideal), 0, FULL_SCALE).astype(np.uint16)


def _swallow(ideal: Amperes, step: float) -> Amperes:
    """The inverse of x + step * (passed - 2): a whole range of inputs gives the code at each step.

    The k-th step lies at code 1024 k + 512; a true value between the ends of that code's wide
    range, shifted by the steps already passed, sticks to it.
    """
    result = ideal + 2 * step
    for k in range(4):
        code = 1024 * k + 512
        above = result - step * k
        here = (above >= code) & (above < code + step)
        result = np.where(here, code + step * k, result)
    passed = sum((result - step * k >= 1024 * k + 512 + 1e-9).astype(float) for k in range(4))
    return np.asarray(result - step * passed)
