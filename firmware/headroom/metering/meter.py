"""Samples in, readings out: the one-cycle value for speed and the 200 ms value for decisions.

A window has the whole cycles that come closest to 200 ms: 12 at 60 Hz, 10 at 50 Hz; the
frequency is found in the current itself. Both readings cover all channels over the same samples,
which is what makes base load = mains - EV exact (see balancing/base_load.py).

What runs every cycle is compiled (`native`): it is faster, and what has more than 11 variables
would take them from the heap at each call.
"""

from time import ticks_add, ticks_diff

import micropython
from micropython import const

from .. import records
from .comparison import Comparison
from .frequency import Frequency
from .kernel import OF_CYCLE, OF_WINDOW, accumulate, close, sound
from .presence import present

CYCLE = const(1)  # bits that poll() returns
WINDOW = const(2)
_RATE_OVER_MS = const(10_000)
_SURE = const(2)  # windows in a row in which a faint current was found


class Meter:
    """Consumes a sampler's ring (see ports/__init__.py); makes `cycle` and `window` readings.

    channels  a Channel for each leg in use, then one for the EV branch
    ev_used   False: nothing, or L3, is on the EV branch's input: 0 mA, and no faults of its own
    ev_legs   indices of the legs that the EV branch loads
    inputs    index in a frame of each channel; L1, L2 ... and the last one unless said
    power     None; that of a PowerMeter (power_meter.py) has the volts and watts
    ct_tests  what tests the mains CTs all the time: a StandingTest, a Direction, where they can
    due_ms    ticks_ms at which the running cycle will be complete, as of the last `poll`
    """

    power = None
    ct_tests = ()

    def __init__(self, sampler, channels, ev_used=True, ev_legs=(), inputs=None):
        legs = len(channels) - 1
        self.channels = channels
        self.ev_used = ev_used
        self._needed = len(channels) if ev_used else legs
        self.cycle = records.Reading(legs)
        self.window = records.Reading(legs)
        self._comparison = Comparison(ev_legs)
        self.frequency = Frequency(sampler.rate_hz, len(channels))
        self.lost_frames = 0
        self.measured_hz = 0  # frames a second as they really came, over the last ten seconds
        self.sampler = sampler
        self._counted = 0
        self._counted_from_ms = -1
        self.inputs = inputs or list(range(legs)) + [sampler.channels - 1]
        self._inputs_and_sums = [(self.inputs[c], channels[c].sums) for c in range(self._needed)]
        self.next_frame = 0  # ring position of the oldest unread frame
        self._unread = 0
        self._watched = 0  # the channel whose zero crossings are counted in this window
        self._gap = False
        self.due_ms = 0
        self._wrong = 0 if sound() else records.ARITHMETIC
        self._begin_window()

    def jitter_us(self):
        """Worst lateness of a frame; 0 where hardware keeps the rate."""
        return self.sampler.jitter_us

    def in_phase_ma(self, c):
        """For tests of the wiring."""
        from .phase import in_phase_ma  # in memory only then

        return in_phase_ma(self, c)

    @micropython.native
    def poll(self, now_ms):
        """Take in at most one mains cycle; CYCLE and WINDOW bits tell which readings are new.

        Call at `due_ms`.
        """
        sampler = self.sampler
        self._unread += sampler.advance()
        # The sampler goes on while a cycle is read: it must not come round to that cycle.
        fits = self._unread + self._frames <= sampler.frames
        if sampler.lost_frames != self.lost_frames or not fits:
            self._resynchronise()
        done = 0
        if self._unread >= self._frames:
            done = self._end_cycle(now_ms)
        missing = self._frames - self._unread
        # Never too early by the milliseconds that both ends of a sleep are rounded to.
        wait_ms = missing * 1000 // sampler.rate_hz + 2 if missing > 0 else 0
        self.due_ms = ticks_add(now_ms, wait_ms)
        return done

    @micropython.native
    def _end_cycle(self, now_ms):
        frames = self._frames
        sampler = self.sampler
        before_end = sampler.frames - self.next_frame
        if frames < before_end:
            self._take(self.next_frame, frames)
            self.next_frame += frames
        else:
            self._take(self.next_frame, before_end)
            self.next_frame = frames - before_end
            self._take(0, self.next_frame)
        self._unread -= frames
        self._fill(self.cycle, OF_CYCLE)
        self._cycles_left -= 1
        if self._cycles_left:
            self._begin_cycle()
            return CYCLE
        self._close_window(ticks_add(now_ms, -(self._unread * 1000 // sampler.rate_hz)))
        return CYCLE | WINDOW

    @micropython.native
    def _take(self, first_frame, frames):
        samples = self.sampler.samples
        stride = self.sampler.channels
        first = first_frame * stride
        for place, sums in self._inputs_and_sums:
            accumulate(first + place, 0, samples, frames, stride, sums)
        self.frequency.take(samples, first + self.inputs[self._watched], frames, stride)

    @micropython.native
    def _fill(self, reading, sums_of):
        """Close the sums of the cycle or window into its reading."""
        good = not self._gap
        for c in range(self._needed):
            ma = close(self._inputs_and_sums[c][1], sums_of)
            if ma < 0:
                ma = 0
                good = False
            if c < reading.legs:
                reading.leg_ma[c] = ma
            else:
                reading.ev_ma = ma
        reading.good = good

    def _close_window(self, at_ms):
        reading = self.window
        self._fill(reading, OF_WINDOW)
        reading.at_ms = at_ms
        reading.seq = (reading.seq + 1) & 0xFFFFFF
        self.frequency.end(self._watched)
        for c in range(len(self.channels)):
            faults = self._wrong
            if c < self._needed:
                channel = self.channels[c]
                channel.end_window(self._present(c))
                faults |= channel.faults | self.frequency.fault(c)
            reading.faults[c] = faults | (records.LOST if self._gap else 0)
            reading.good = reading.good and not faults
        self._comparison.look(reading)
        self._gap = False
        self._measure_rate(at_ms)
        self._watched = self._next_to_watch()
        self._begin_window()

    @micropython.native
    def _present(self, c):
        """Does the window that has just been closed hold a mains current in that channel?"""
        channel = self.channels[c]
        if c >= self.window.legs or self._gap:
            return True
        if not channel.faint():
            channel.found = 0
            return True
        if channel.found == _SURE and self.window.seq + c & 1:
            return True  # each leg at rest every other window: it takes 1 ms
        sampler, window = self.sampler, self._in_window_q8 >> 8
        if window + self._frames + self._unread > sampler.frames:
            return True  # it may be overwritten meanwhile; the next one tells
        place, end = self.inputs[c], self.next_frame
        period = self._period_q8 + 128 >> 8  # at 60 Hz until it is known
        found = present(channel, sampler, place, end, window, period)
        if not found and not self.frequency.locked:
            found = present(channel, sampler, place, end, window, sampler.rate_hz // 50)
        channel.found = min(channel.found + 1, _SURE) if found else 0
        return found

    def _measure_rate(self, at_ms):
        if self._counted_from_ms < 0:
            self._counted_from_ms = at_ms
            self._counted = 0
            return
        self._counted += self._in_window_q8 >> 8
        elapsed_ms = ticks_diff(at_ms, self._counted_from_ms)
        if elapsed_ms >= _RATE_OVER_MS:
            self.measured_hz = self._counted * 1000 // elapsed_ms
            self._counted_from_ms = at_ms
            self._counted = 0

    def _next_to_watch(self):
        """In rotation; until the frequency is known the strongest channel, if that tells it.

        Only those in use: an input with nothing at it shows anything.
        """
        channels = max(1, self._needed)
        if self.frequency.locked or self.frequency.puzzled():
            return (self._watched + 1) % channels
        strongest = 0
        for c in range(channels):
            if self.channels[c].raw_power_q7 > self.channels[strongest].raw_power_q7:
                strongest = c
        return strongest

    def _begin_window(self):
        self._period_q8 = self.frequency.period_q8
        self._cycles_left = self.frequency.cycles()
        self._in_window_q8 = 0  # frames from the window's start to the running cycle's
        self.frequency.begin(self.channels[self._watched])
        self._begin_cycle()

    def _begin_cycle(self):
        first = self._in_window_q8 >> 8
        self._in_window_q8 += self._period_q8
        self._frames = (self._in_window_q8 >> 8) - first  # of the running cycle

    def _resynchronise(self):
        """After lost samples: begin anew at the newest frame; that window counts as not good."""
        self.lost_frames = self.sampler.lost_frames
        self.next_frame = (self.next_frame + self._unread) % self.sampler.frames
        self._unread = 0
        self._gap = True
        self._counted_from_ms = -1
        for channel in self.channels:
            channel.discard()
        self._begin_window()
