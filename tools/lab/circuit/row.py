"""A figure of a circuit and its limit, and what several of them are made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.circuit.front_end import VDD_V

COUNT_V = VDD_V / 4096
STEADY = "tran 20u 1.2 1.1 20u"  # long after the bias has settled: six cycles
HEALTH = "health.py"
RP2040 = "RP2040, absolute maximum"


@dataclass(frozen=True)
class Row:
    """One figure and what it must not pass; `least` says that the limit is a lower one."""

    what: str
    measured: float
    unit: str
    limit: float
    source: str
    least: bool = False

    @property
    def good(self) -> bool:
        """Is the limit kept?"""
        return self.measured >= self.limit if self.least else self.measured <= self.limit


def pin_rows(when: str, pin: NDArray[np.float64]) -> list[Row]:
    """How far the chip's pin goes beyond its supply."""
    return [
        Row(f"{when}: pin above 3.3 V", pin.max() - VDD_V, "V", 0.5, RP2040),
        Row(f"{when}: pin below ground", -pin.min(), "V", 0.5, RP2040),
    ]


def peak(curve: NDArray[np.float64]) -> float:
    """Of either sign."""
    return float(np.abs(curve).max())


def rms(curve: NDArray[np.float64]) -> float:
    """Without its mean."""
    return float(np.std(curve))
