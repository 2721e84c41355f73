"""Mains frequency from the current itself: how many frames a cycle lasts.

Each window one channel's upward zero crossings are counted, in rotation. A hysteresis of half the
RMS value, and no second crossing within 1/90 s, let a distorted current cross once a cycle all
the same. n crossings that lie d frames apart give a period of d / (n - 1) frames; over 200 ms
that is exact to 2 frames in 1536, and the average over windows is better. With too little current
anywhere, the last period stays in use.
"""

from array import array

import micropython
from micropython import const

from .. import records
from .kernel import crossings

_LEAST_SWING = const(12)  # counts: below it a crossing may be the noise of an RP2040
_LOWEST_HZ = const(44)  # one below and above what counts as mains, for the measurement's jitter
_HIGHEST_HZ = const(66)
_EARLY = const(4)  # times as many extra crossings: that is noise
_UNSURE = const(-1)
_SUSPECT = const(2)  # windows in a row, of one channel, that make a fault


class Frequency:
    """Period of the mains in 1/256 frame: `period_q8`. Starts at 60 Hz.

    A window of 200 ms has whole cycles at 50 and at 60 Hz, so nothing is wrong before it locks.
    """

    def __init__(self, rate_hz, channels):
        self._rate_q8 = rate_hz << 8
        self.period_q8 = self._rate_q8 // 60
        self.locked = False
        self._track = array("i", [0] * 7)
        self._shortest = rate_hz // 90
        self._suspect = array("i", [0] * channels)
        self._faults = array("i", [0] * channels)
        self._swing = self._mid = 0

    def millihertz(self):
        """The mains frequency in 1/1000 Hz, 0 before it was seen."""
        if not self.locked:
            return 0
        return self._rate_q8 * 100 // self.period_q8 * 10

    def cycles(self):
        """Whole cycles that come closest to 200 ms."""
        return (2 * self._rate_q8 + 5 * self.period_q8) // (10 * self.period_q8)

    def begin(self, channel):
        """A new window begins, in which `channel` is looked at."""
        self._swing = channel.rms_counts() // 2
        self._mid = channel.raw_mid()
        for i in range(7):
            self._track[i] = 0
        self._track[5] = self._shortest

    @micropython.native
    def take(self, samples, first, frames, stride):
        """Look at a run of the window's samples."""
        if self._swing >= _LEAST_SWING:
            crossings(first, 0, samples, frames, stride, self._mid, self._swing, self._track)

    def end(self, channel):
        """The window ends; returns the channel's fault bits: NOISE, FREQUENCY or 0."""
        if self._swing < _LEAST_SWING:
            self._suspect[channel] = 0
            self._faults[channel] = 0
            return 0
        fault = self._judge()
        if fault == _UNSURE:
            fault = self._faults[channel]  # as it was: neither a proof nor a fault
        self._suspect[channel] = min(self._suspect[channel] + 1, _SUSPECT) if fault else 0
        self._faults[channel] = fault if self._suspect[channel] == _SUSPECT else 0
        return self._faults[channel]

    def puzzled(self):
        """Whether there is a channel from which nothing was learned when it was looked at."""
        return max(self._suspect) > 0

    def fault(self, channel):
        """What `end` said of this channel when it was last looked at."""
        return self._faults[channel]

    def _judge(self):
        count = self._track[1]
        if count < 2 or self._track[6] > _EARLY * count:
            return records.NOISE
        span_q8 = self._track[3] - self._track[2] << 8
        if self.locked and self._skips(span_q8, count - 1):
            return _UNSURE
        period_q8 = span_q8 // (count - 1)
        if not self._slower_than(period_q8, _HIGHEST_HZ):
            return records.FREQUENCY
        if self._slower_than(period_q8, _LOWEST_HZ):
            return records.FREQUENCY
        self._follow(period_q8)
        return 0

    def _skips(self, span_q8, crossings):
        """Are they whole cycles apart, but more than were counted? So are those of a heater that
        is controlled by leaving out cycles. Noise is so by chance, one time in 16.
        """
        cycles = (span_q8 + self.period_q8 // 2) // self.period_q8
        off_q8 = abs(span_q8 - cycles * self.period_q8)
        return cycles > crossings and off_q8 * 32 <= self.period_q8

    def _slower_than(self, period_q8, hz):
        return hz * period_q8 > self._rate_q8

    def _follow(self, period_q8):
        if not self.locked:
            self.period_q8 = period_q8
            self.locked = True
            for c in range(len(self._faults)):  # now it is known what to compare with
                self._suspect[c] = self._faults[c] = 0
        else:
            self.period_q8 += (period_q8 - self.period_q8) // 4
