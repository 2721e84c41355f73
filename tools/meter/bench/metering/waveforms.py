"""Currents as a CT front end would digitise them, and a sampler that replays the counts."""

import math
from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 7680
FULL_SCALE = 4095
RING_FRAMES = 2304
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


def sine(rms_a: float, hz: float, seconds: float, phase: float = 0.3) -> Amperes:
    """A pure sine of that RMS value."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return math.sqrt(2) * rms_a * np.sin(2 * np.pi * hz * t + phase)


def tiled(cycle: Amperes, hz: float, seconds: float) -> Amperes:
    """One recorded cycle repeated at `hz`, read off between its samples linearly."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    place = np.mod(t * hz, 1.0) * len(cycle)
    return np.interp(place, np.arange(len(cycle) + 1), np.append(cycle, cycle[0]))


class Replay:
    """A Sampler (firmware/headroom/ports/__init__.py) that plays counts, one column a channel."""

    def __init__(self, *columns: Counts, chunk: int = 40) -> None:
        self.channels = len(columns)
        self.rate_hz = RATE_HZ
        self.frames = RING_FRAMES
        self.samples = array("H", bytes(2 * RING_FRAMES * self.channels))
        self.lost_frames = 0
        self.jitter_us = 0
        self.left = min(len(column) for column in columns)
        self._data = array("H", np.stack(columns, axis=1).astype("<u2").tobytes())
        self._done = 0
        self._chunk = chunk

    def advance(self) -> int:
        """Move the next chunk into the ring."""
        count = min(self._chunk, self.left)
        for i in range(count):
            source = (self._done + i) * self.channels
            place = (self._done + i) % self.frames * self.channels
            self.samples[place : place + self.channels] = self._data[
                source : source + self.channels
            ]
        self._done += count
        self.left -= count
        return count
