"""Currents to measure, a sampler that replays the counts made of them, and a meter at it."""

import math
from array import array
from collections.abc import Iterator

import numpy as np

from headroom.metering.meter import WINDOW, Meter
from headroom.records import Reading
from lab.sim.digitise import Amperes, Counts

RATE_HZ = 7680
RING_MS = 300


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

    def __init__(self, *columns: Counts, chunk: int = 40, rate_hz: int = RATE_HZ) -> None:
        self.channels = len(columns)
        self.rate_hz = rate_hz
        self.frames = rate_hz * RING_MS // 1000
        self.samples = array("H", bytes(2 * self.frames * self.channels))
        self.lost_frames = 0
        self.jitter_us = 0
        self.spacing_ppm = 1_000_000 // self.channels
        self.left = min(len(column) for column in columns)
        self._data = array("H", np.stack(columns, axis=1).astype("<u2").tobytes())
        self._done = 0
        self.chunk = chunk  # frames that `advance` moves

    def advance(self) -> int:
        """Move the next chunk into the ring."""
        count = min(self.chunk, self.left)
        for i in range(count):
            source = (self._done + i) * self.channels
            place = (self._done + i) % self.frames * self.channels
            self.samples[place : place + self.channels] = self._data[
                source : source + self.channels
            ]
        self._done += count
        self.left -= count
        return count


def play(meter: Meter, sampler: Replay) -> Iterator[Reading]:
    """Let the meter take in all of a Replay; after each window it yields the window's reading."""
    now_ms = 0
    while sampler.left:
        now_ms += 5
        while done := meter.poll(now_ms):
            if done & WINDOW:
                yield meter.window
