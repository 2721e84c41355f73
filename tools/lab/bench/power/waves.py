"""Voltages and currents as continuous functions, and what a meter's front end makes of them.

A wave is its harmonics; so what it does at any moment, and the power of two, are formulae. The
front end has the skew of a converter that takes its inputs in turn, the lead of each sensor, and
12 bits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lab.bench.metering.waveforms import RATE_HZ
from lab.sim.digitise import Amperes, Counts, FrontEnd


@dataclass(frozen=True)
class Wave:
    """RMS value and phase in radians of each harmonic, from the first on."""

    hz: float
    rms: tuple[float, ...]
    phase: tuple[float, ...]

    def at(self, t_s: Amperes) -> Amperes:
        """Its value at these moments."""
        found = np.zeros_like(t_s)
        for n, (rms, phase) in enumerate(zip(self.rms, self.phase, strict=True), start=1):
            found += math.sqrt(2) * rms * np.sin(2 * np.pi * n * self.hz * t_s + phase)
        return found

    def lagging(self, degrees: float) -> "Wave":
        """The same wave, so much of a cycle of the first harmonic later."""
        shift = math.radians(degrees)
        return replace(self, phase=tuple(p - n * shift for n, p in enumerate(self.phase, start=1)))

    def through(self, lead_deg: float) -> "Wave":
        """As a transformer shows it whose magnetising current makes the first harmonic lead.

        It is a high-pass filter: of the n-th harmonic the tangent of the lead is an n-th.
        """
        slope = math.tan(math.radians(lead_deg))
        phases = tuple(p + math.atan(slope / n) for n, p in enumerate(self.phase, start=1))
        return replace(self, phase=phases)

    @property
    def total(self) -> float:
        """RMS of all harmonics."""
        return math.sqrt(sum(rms * rms for rms in self.rms))


def sine(rms: float, hz: float, degrees: float = 0.0) -> Wave:
    """A pure one, so far ahead."""
    return Wave(hz, (rms,), (math.radians(degrees),))


def of_cycle(cycle: Sequence[float], hz: float, harmonics: int = 60) -> Wave:
    """One recorded cycle as its harmonics."""
    lines = np.fft.rfft(np.asarray(cycle)) / len(cycle)
    parts = lines[1 : harmonics + 1] * 1j  # of sines
    rms = tuple(float(x) for x in math.sqrt(2) * np.abs(parts))
    return Wave(hz, rms, tuple(float(x) for x in np.angle(parts)))


def real(v: Wave, i: Wave) -> float:
    """Real power in W."""
    return sum(
        a * b * math.cos(p - q) for a, b, p, q in zip(v.rms, i.rms, v.phase, i.phase, strict=False)
    )


def reactive(v: Wave, i: Wave) -> float:
    """Reactive power of the first harmonic, + if the current lags."""
    return v.rms[0] * i.rms[0] * math.sin(v.phase[0] - i.phase[0])


def columns(
    waves: Sequence[tuple[Wave, FrontEnd, float]], seconds: float, rate_hz: int = RATE_HZ
) -> list[Counts]:
    """Counts of inputs taken in turn: each a (wave, front end, lead in degrees)."""
    moments = np.arange(round(seconds * rate_hz)) / rate_hz
    apart_s = 1 / rate_hz / len(waves)
    return [
        front.digitise(wave.through(lead_deg).at(moments + place * apart_s), seed=place + 1)
        for place, (wave, front, lead_deg) in enumerate(waves)
    ]
