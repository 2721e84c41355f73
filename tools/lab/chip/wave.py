"""Currents at the converter's inputs: sines whose amplitude changes at a given moment."""

import bisect
import math

import numpy as np

from lab.sim.digitise import FULL_SCALE, FrontEnd

_FINE = 16  # steps of the table to a count


class Converter:
    """Codes of a 12-bit converter for inputs in counts; `step` as in FrontEnd."""

    def __init__(self, step: float) -> None:
        inputs = np.arange((FULL_SCALE + 1) * _FINE) / _FINE - 2048
        front_end = FrontEnd(ma_per_count=1000, step=step)
        self._codes: list[int] = front_end.digitise(inputs).tolist()

    def code(self, counts: float) -> int:
        """The code for an input, 0 to 4095."""
        return self._codes[min(max(round(counts * _FINE), 0), len(self._codes) - 1)]


class Sine:
    """An input of Chip: a sine around mid-scale; its RMS, in counts, is changed by `set`."""

    def __init__(self, converter: Converter, rms_counts: float, hz: float = 60.0) -> None:
        self._converter = converter
        self._turns_per_ns = 2 * math.pi * hz / 1e9
        self._since_ns = [-math.inf]
        self._peak = [rms_counts * math.sqrt(2)]

    def set(self, rms_counts: float, at_ns: float) -> None:
        """From `at_ns` on that many counts; later than any change before."""
        self._since_ns.append(at_ns)
        self._peak.append(rms_counts * math.sqrt(2))

    def __call__(self, t_ns: float) -> int:
        peak = self._peak[bisect.bisect_right(self._since_ns, t_ns) - 1]
        return self._converter.code(2048 + peak * math.sin(self._turns_per_ns * t_ns))
