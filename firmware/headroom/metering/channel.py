"""One measuring channel: its sums (see kernel.py), its health, and what calibration asks for."""

from array import array

from micropython import const

from .. import records
from . import kernel

_MAX_SHIFT = const(400)  # of the zero count: |x - mid| <= 2048 + 20 + 400 (see kernel.py)
_BIAS = const(200)  # counts off centre: the bias network has drifted
_FAINT_Q7 = const(576 << 7)  # (24 counts)^2: with more, the frequency is looked at
_RECENT = const(10)  # windows that calibration looks back on


class Steady:
    """The last ten values of something, one a window; -1 where it isn't known."""

    def __init__(self):
        self._recent = array("i", [-1] * _RECENT)
        self._at = 0

    def add(self, value):
        self._recent[self._at] = value
        self._at = (self._at + 1) % _RECENT

    def mean(self):
        """-1 if they moved by more than 2 % or one isn't known."""
        low = high = self._recent[0]
        total = 0
        for value in self._recent:
            low = min(low, value)
            high = max(high, value)
            total += value
        if low < 0 or (high - low) * 50 > high + 50 * _RECENT:
            return -1
        return total // _RECENT


class Channel:
    """What is known of one channel beyond its `sums`.

    gain_q8     mA per count in 1/256 (see calibration.py), up to 1024 mA
    noise_q7    power of the noise with no current, in 1/128 count^2: subtracted
    full_scale  the largest count; step: see calibration.py
    is_leg      a service leg, which never carries nothing at all
    """

    def __init__(self, gain_q8, noise_q7, full_scale, step, is_leg):
        self.gain_q8 = gain_q8
        self.faults = 0
        self.found = 0  # windows in a row in which so little was still a current
        self.raw_power_q7 = 0  # of the last window, noise included
        self._step = step
        self._is_leg = is_leg
        self._centre = (full_scale + 1) // 2 + 2 * step
        self.sums = array("i", [0] * kernel.SIZE)
        self.sums[kernel.MID] = self._centre
        self.sums[kernel.STEP] = step
        self.sums[kernel.RAILS] = full_scale - 3
        self.sums[kernel.NOISE_Q7] = noise_q7
        self.sums[kernel.GAIN_Q8] = gain_q8
        self._steady = Steady()

    def raw_mid(self):
        """The count, uncorrected, that stands for zero current."""
        return self.sums[kernel.MID] - 2 * self._step

    def raw_mean(self):
        """The mean count, uncorrected, of what was closed last."""
        return self.sums[kernel.MEAN] - 2 * self._step

    def rms_counts(self):
        """RMS of what was closed last in whole counts, 0 if it isn't known."""
        return (max(0, self.sums[kernel.RMS_MA]) << 8) // self.gain_q8

    def steady_ma(self):
        """Mean RMS of the last 2 s in mA; -1 if it moved by more than 2 % or isn't known."""
        return self._steady.mean()

    def faint(self):
        """True if what was closed last is so little that it may be no current at all."""
        power_q7 = self.sums[kernel.POWER_Q7]
        return power_q7 > 0 and power_q7 - self.sums[kernel.NOISE_Q7] < _FAINT_Q7

    def end_window(self, present):
        """After the kernel has closed a window: `faults`, and the zero count for the next.

        present  whether it holds a current of the mains (see presence.py)
        """
        sums = self.sums
        power_q7 = sums[kernel.POWER_Q7]
        shift = sums[kernel.MEAN] - self._centre
        self.faults = self._judge(power_q7, shift, present)
        self.raw_power_q7 = max(0, power_q7)
        sums[kernel.MID] = self._centre + max(-_MAX_SHIFT, min(_MAX_SHIFT, shift))
        sums[kernel.CLIPPED] = 0
        self._steady.add(sums[kernel.RMS_MA])

    def discard(self):
        """Forget the running cycle and window, after a gap in the samples."""
        for i in range(kernel.OF_CYCLE, kernel.CLIPPED + 1):
            self.sums[i] = 0

    def _judge(self, power_q7, shift, present):
        faults = 0
        if self.sums[kernel.CLIPPED]:
            faults |= records.CLIPPED
        if not -_BIAS <= shift <= _BIAS:
            faults |= records.BIAS
        if power_q7 < 0:
            faults |= records.UNSETTLED
        elif self._is_leg and not power_q7:
            faults |= records.STUCK
        elif self._is_leg and not present:
            faults |= records.NO_SIGNAL
        return faults
