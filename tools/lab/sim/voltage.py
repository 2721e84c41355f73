"""A front end with a voltage sensor where the EV's CT was, and how that sensor fails.

The currents are those of FrontEnd, and so are their counts, whatever the voltage does.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .front_end import FULL_SCALE, MID_SCALE, RATE_HZ, VREF_MV, FrontEnd

VOLTS = 120.0
RATIO = 808.0  # of a ZMPT101B with 60 kohm and 75 ohm
COUNTS_PER_V = 1000 / RATIO * 4096 / VREF_MV
LATE_FRAMES = 2 / 3  # the third input in turn
NOISE_COUNTS = 0.5
LEAD = math.radians(0.16)
Counts = NDArray[np.floating]

# What each fault makes of the sensor's counts around the bias, given those of L1's CT.
FAULTS: dict[str, Callable[[Counts, Counts], Counts]] = {
    "open": lambda v, l1: 0 * v,
    "half of the wave": lambda v, l1: np.maximum(v, 0) * 1.6,
    "20 % low": lambda v, l1: v * 0.8,
    "swapped with a CT": lambda v, l1: l1,
    "frozen": lambda v, l1: 0 * v + 130,
}


class VoltageFrontEnd(FrontEnd):
    """Frames of L1, L2 and the voltage.

    fault  None, a name of FAULTS, or "wrong frequency"
    """

    fault: str | None = None

    def sample(self, count: int, legs_a: tuple[float, float], ev_a: float) -> bytes:
        t_s = (np.arange(self.frames, self.frames + count) + LATE_FRAMES) / RATE_HZ
        frames = np.frombuffer(super().sample(count, legs_a, ev_a), "<u2").reshape(-1, 3).copy()
        hz = 400 if self.fault == "wrong frequency" else round(self._turns_per_frame * RATE_HZ)
        v: Counts = math.sqrt(2) * VOLTS * COUNTS_PER_V * np.sin(2 * np.pi * hz * t_s + LEAD)
        if self.fault in FAULTS:
            v = FAULTS[self.fault](v, frames[:, 0] - float(MID_SCALE))
        if self.fault != "frozen":
            noise = np.random.default_rng(self.frames)
            v = v + noise.normal(0, NOISE_COUNTS, count)
        frames[:, 2] = np.clip(np.rint(v + MID_SCALE), 0, FULL_SCALE)
        return frames.astype("<u2").tobytes()
