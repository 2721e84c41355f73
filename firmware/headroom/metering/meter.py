"""Samples in, readings out: the one-cycle value for speed and the 200 ms value for decisions.

200 ms are 12 whole cycles at 60 Hz and 10 at 50 Hz. Both readings cover all channels over the
same samples, which is what makes base load = mains - EV exact (see balancing/base_load.py).
"""

from micropython import const
from time import ticks_add

from .. import records
from .channel import Channel

CYCLE = const(1)  # bits that poll() returns
WINDOW = const(2)


class Meter:
    """Consumes a sampler's ring (see ports/__init__.py); makes `cycle` and `window` readings.

    gains_q8  mA per count of each leg in use, then of the EV branch. The sampler may have more
              legs than are in use; its last channel is the EV branch.
    """

    def __init__(self, sampler, gains_q8, mains_hz, full_scale):
        legs = len(gains_q8) - 1
        self.cycle = records.Reading(legs)
        self.window = records.Reading(legs)
        self.lost_frames = 0
        self._sampler = sampler
        self._channels = [Channel(gain_q8, full_scale) for gain_q8 in gains_q8]
        self._inputs = list(range(legs)) + [sampler.channels - 1]
        self._cycles_a_window = mains_hz // 5
        self._frames_a_window = sampler.rate_hz // 5
        self._next = 0  # ring position of the oldest unread frame
        self._unread = 0
        self._cycle_index = 0
        self._cycle_start = 0  # in frames since the window began
        self._gap = False

    def poll(self, now_ms):
        """Take in at most one mains cycle; CYCLE and WINDOW bits tell which readings are new.

        Call every few ms, and again while it returns anything.
        """
        self._unread += self._sampler.advance()
        if self._sampler.lost_frames != self.lost_frames or self._unread > self._sampler.frames:
            self._resynchronise()
        end = self._frames_a_window * (self._cycle_index + 1) // self._cycles_a_window
        frames = end - self._cycle_start
        if self._unread < frames:
            return 0
        self._take(frames)
        self._cycle_start = end
        self._cycle_index += 1
        at_ms = ticks_add(now_ms, -(self._unread * 1000 // self._sampler.rate_hz))
        self._close_cycle(frames, at_ms)
        if self._cycle_index < self._cycles_a_window:
            return CYCLE
        self._close_window(at_ms)
        return CYCLE | WINDOW

    def _take(self, frames):
        sampler = self._sampler
        stride = sampler.channels
        before_end = min(frames, sampler.frames - self._next)
        for c in range(len(self._channels)):
            channel = self._channels[c]
            first = self._inputs[c]
            channel.take(sampler.samples, self._next * stride + first, before_end, stride)
            if frames > before_end:
                channel.take(sampler.samples, first, frames - before_end, stride)
        self._next = (self._next + frames) % sampler.frames
        self._unread -= frames

    def _close_cycle(self, frames, at_ms):
        reading = self.cycle
        good = not self._gap
        for c in range(len(self._channels)):
            ma = self._channels[c].end_cycle(frames)
            good = good and ma >= 0
            self._store(reading, c, max(0, ma))
        reading.good = good
        reading.at_ms = at_ms
        reading.seq = (reading.seq + 1) & 0xFFFFFF

    def _close_window(self, at_ms):
        reading = self.window
        good = not self._gap
        for c in range(len(self._channels)):
            channel = self._channels[c]
            ma = channel.end_window()
            self._store(reading, c, max(0, ma))
            reading.faults[c] = channel.faults | (records.LOST if self._gap else 0)
            good = good and not channel.faults
        reading.good = good
        reading.at_ms = at_ms
        reading.seq = (reading.seq + 1) & 0xFFFFFF
        self._gap = False
        self._cycle_index = 0
        self._cycle_start = 0

    def _store(self, reading, c, ma):
        if c < reading.legs:
            reading.leg_ma[c] = ma
        else:
            reading.ev_ma = ma

    def _resynchronise(self):
        """After lost samples: begin anew at the newest frame; that window counts as not good."""
        self.lost_frames = self._sampler.lost_frames
        self._next = (self._next + self._unread) % self._sampler.frames
        self._unread = 0
        self._cycle_index = 0
        self._cycle_start = 0
        self._gap = True
        for channel in self._channels:
            channel.discard()
