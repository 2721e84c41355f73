"""Samples in, readings out: the one-cycle value for speed and the 200 ms value for decisions.

A window has the whole cycles that come closest to 200 ms: 12 at 60 Hz, 10 at 50 Hz; the
frequency is found in the current itself. Both readings cover all channels over the same samples,
which is what makes base load = mains - EV exact (see balancing/base_load.py).
"""

from time import ticks_add, ticks_diff

from micropython import const

from .. import records
from .frequency import Frequency

CYCLE = const(1)  # bits that poll() returns
WINDOW = const(2)
_RATE_OVER_MS = const(10_000)


class Meter:
    """Consumes a sampler's ring (see ports/__init__.py); makes `cycle` and `window` readings.

    channels  a Channel for each leg in use, then one for the EV branch. The sampler may have more
              legs than are in use; its last channel is the EV branch.
    ev_used   False: nothing is on the EV branch's input, and its faults don't count
    """

    def __init__(self, sampler, channels, ev_used=True):
        legs = len(channels) - 1
        self.channels = channels
        self._needed = len(channels) if ev_used else legs
        self.cycle = records.Reading(legs)
        self.window = records.Reading(legs)
        self.frequency = Frequency(sampler.rate_hz, len(channels))
        self.lost_frames = 0
        self.measured_hz = 0  # frames a second as they really came, over the last ten seconds
        self.sampler = sampler
        self._counted = 0
        self._counted_from_ms = -1
        self.inputs = list(range(legs)) + [sampler.channels - 1]
        self.next_frame = 0  # ring position of the oldest unread frame
        self._unread = 0
        self._watched = 0  # the channel whose zero crossings are counted in this window
        self._gap = False
        self._cycle_index = self._cycle_start = 0
        self._begin_window()

    def jitter_us(self):
        """Worst lateness of a frame; 0 where hardware keeps the rate."""
        return self.sampler.jitter_us

    def poll(self, now_ms):
        """Take in at most one mains cycle; CYCLE and WINDOW bits tell which readings are new.

        Call every few ms, and again while it returns anything.
        """
        arrived = self.sampler.advance()
        self._unread += arrived
        self._measure_rate(arrived, now_ms)
        if self.sampler.lost_frames != self.lost_frames or self._unread > self.sampler.frames:
            self._resynchronise()
        end = (self._cycle_index + 1) * self._period_q8 >> 8
        frames = end - self._cycle_start
        if self._unread < frames:
            return 0
        self._take(frames)
        self._cycle_start = end
        self._cycle_index += 1
        at_ms = ticks_add(now_ms, -(self._unread * 1000 // self.sampler.rate_hz))
        self._close_cycle(frames, at_ms)
        if self._cycle_index < self._cycles_a_window:
            return CYCLE
        self._close_window(at_ms)
        return CYCLE | WINDOW

    def _measure_rate(self, arrived, now_ms):
        self._counted += arrived
        if self._counted_from_ms < 0:
            self._counted_from_ms = now_ms
            self._counted = 0
        elapsed_ms = ticks_diff(now_ms, self._counted_from_ms)
        if elapsed_ms >= _RATE_OVER_MS:
            self.measured_hz = self._counted * 1000 // elapsed_ms
            self._counted_from_ms = -1

    def _take(self, frames):
        before_end = min(frames, self.sampler.frames - self.next_frame)
        self._take_run(self.next_frame, before_end)
        if frames > before_end:
            self._take_run(0, frames - before_end)
        self.next_frame = (self.next_frame + frames) % self.sampler.frames
        self._unread -= frames

    def _take_run(self, first_frame, frames):
        samples = self.sampler.samples
        stride = self.sampler.channels
        for c in range(len(self.channels)):
            first = first_frame * stride + self.inputs[c]
            self.channels[c].take(samples, first, frames, stride)
            if c == self._watched:
                mid = self.channels[c].raw_mid()
                self.frequency.take(samples, first, frames, stride, mid)

    def _close_cycle(self, frames, at_ms):
        reading = self.cycle
        good = not self._gap
        for c in range(len(self.channels)):
            ma = self.channels[c].end_cycle(frames)
            good = good and (ma >= 0 or c >= self._needed)
            self._store(reading, c, max(0, ma))
        reading.good = good
        reading.at_ms = at_ms
        reading.seq = (reading.seq + 1) & 0xFFFFFF

    def _close_window(self, at_ms):
        reading = self.window
        good = not self._gap
        self.frequency.end(self._watched)
        for c in range(len(self.channels)):
            channel = self.channels[c]
            ma = channel.end_window()
            self._store(reading, c, max(0, ma))
            faults = channel.faults | self.frequency.fault(c) if c < self._needed else 0
            reading.faults[c] = faults | (records.LOST if self._gap else 0)
            good = good and not faults
        reading.good = good
        reading.at_ms = at_ms
        reading.seq = (reading.seq + 1) & 0xFFFFFF
        self._gap = False
        self._watched = self._next_to_watch()
        self._begin_window()

    def _next_to_watch(self):
        """In rotation; the strongest channel until the frequency is known."""
        if self.frequency.locked:
            return (self._watched + 1) % len(self.channels)
        strongest = 0
        for c in range(len(self.channels)):
            if self.channels[c].raw_power_q7 > self.channels[strongest].raw_power_q7:
                strongest = c
        return strongest

    def _begin_window(self):
        self._period_q8 = self.frequency.period_q8
        self._cycles_a_window = self.frequency.cycles()
        self._cycle_index = 0
        self._cycle_start = 0  # in frames since the window began
        self.frequency.begin(self.channels[self._watched].rms_counts())

    def _store(self, reading, c, ma):
        if c < reading.legs:
            reading.leg_ma[c] = ma
        else:
            reading.ev_ma = ma

    def _resynchronise(self):
        """After lost samples: begin anew at the newest frame; that window counts as not good."""
        self.lost_frames = self.sampler.lost_frames
        self.next_frame = (self.next_frame + self._unread) % self.sampler.frames
        self._unread = 0
        self._gap = True
        for channel in self.channels:
            channel.discard()
        self._begin_window()
