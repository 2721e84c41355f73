"""One leg's counts through the exact Meter, window by window."""

from array import array
from collections import namedtuple

import numpy as np

from headroom.metering.channel import Channel
from headroom.metering.meter import Meter
from lab.bench.metering.waveforms import RING_MS, Replay, play

MA_PER_COUNT_Q8 = 38_000  # 148 mA
STEPS = {7680: 10, 1920: 0}  # counts that the converter swallows, of a Pico and an ESP32
Window = namedtuple("Window", ("faults", "good"))


def replay(leg, rate_hz, noise_q7=0):
    """Every Window that a meter with this leg makes; the EV branch's input is not in use."""
    unused = np.full(len(leg), 2048)
    sampler = Replay(leg, unused, chunk=rate_hz // 160, rate_hz=rate_hz)
    channels = [
        Channel(MA_PER_COUNT_Q8, noise_q7, 4095, STEPS[rate_hz], leg) for leg in (True, False)
    ]
    meter = Meter(sampler, channels, ev_used=False)
    return [Window(reading.faults[0], reading.good) for reading in play(meter, sampler)]


class Dma:
    """A ring that a converter fills by itself at `rate_hz`, whether anybody reads it or not.

    source      frames of counts, from the first conversion on
    ahead       frames that come while `advance` has answered and its samples are being read
    elapsed_ms  time since the start, whole ms as the firmware's clock; the test moves it
    """

    def __init__(self, source, rate_hz, ahead):
        self.channels = source.shape[1]
        self.rate_hz = rate_hz
        self.frames = rate_hz * RING_MS // 1000
        self.samples = array("H", [0] * (self.frames * self.channels))
        self.lost_frames = self.jitter_us = 0
        self.elapsed_ms = self._at_ms = 0
        self._source = source
        self._ahead = ahead
        self._position = self._written = 0

    def advance(self):
        frames = self.elapsed_ms * self.rate_hz // 1000
        position = frames % self.frames
        arrived = (position - self._position) % self.frames
        since_ms = self.elapsed_ms - self._at_ms
        if since_ms >= RING_MS // 2:  # as ports/rp2.py counts the laps that nobody saw
            expected = since_ms * self.rate_hz // 1000
            laps = (expected - arrived + self.frames // 2) // self.frames
            self.lost_frames += max(0, laps) * self.frames
        self._position = position
        self._at_ms = self.elapsed_ms
        end = min(frames + self._ahead, len(self._source))
        for frame in range(max(self._written, end - self.frames), end):
            first = frame % self.frames * self.channels
            self.samples[first : first + self.channels] = array("H", self._source[frame].tolist())
        self._written = end
        return arrived
