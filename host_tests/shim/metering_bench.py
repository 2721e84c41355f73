"""One leg's counts through the exact Meter, window by window."""

from array import array
from collections import namedtuple

import numpy as np

from headroom.metering.channel import Channel
from headroom.metering.meter import WINDOW, Meter

RING_MS = 300
MA_PER_COUNT_Q8 = 38_000  # 148 mA
Window = namedtuple("Window", ("ma", "faults", "good", "end_frame"))


def ring(rate_hz):
    """Frames that the ring holds."""
    return rate_hz * RING_MS // 1000


class Sampler:
    """A ring that is filled `chunk` frames at a time."""

    def __init__(self, columns, rate_hz, chunk):
        self.channels = len(columns)
        self.rate_hz = rate_hz
        self.frames = ring(rate_hz)
        self.samples = array("H", [0] * (self.frames * self.channels))
        self.lost_frames = self.jitter_us = 0
        self._source = np.stack(columns, axis=1).astype(np.uint16)
        self._chunk = chunk
        self._at = 0

    @property
    def left(self):
        return self._at < len(self._source)

    def advance(self):
        part = self._source[self._at : self._at + self._chunk]
        for row in part:
            first = self._at % self.frames * self.channels
            self.samples[first : first + self.channels] = array("H", row.tolist())
            self._at += 1
        return len(part)


def replay(leg, rate_hz):
    """Every Window that a meter with this leg makes; the EV branch's input is not in use."""
    sampler = Sampler([leg, np.full(len(leg), 2048)], rate_hz, rate_hz // 160)
    channels = [Channel(MA_PER_COUNT_Q8, 0, 4095, 0, is_leg) for is_leg in (True, False)]
    meter = Meter(sampler, channels, ev_used=False)
    found = []
    now_ms = 0
    while sampler.left:
        now_ms += 5
        while done := meter.poll(now_ms):
            if done & WINDOW:
                reading = meter.window
                found.append(
                    Window(reading.leg_ma[0], reading.faults[0], reading.good, meter.next_frame)
                )
    return found
