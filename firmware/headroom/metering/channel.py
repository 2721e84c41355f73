"""One measuring channel: sums of a mains cycle and of a window, and their RMS in milliamperes.

All intermediate values are below 2^30, the largest small integer of a 32-bit board, so nothing
is allocated. The letter q and a number give binary places: x_q7 is x in units of 1/128.
"""

from array import array

from micropython import const

from .. import records
from .kernel import accumulate, isqrt

_LIMB = const(14)  # sums of squares over a window are kept as two limbs, the low one of 14 bits
_LIMB_MASK = const((1 << 14) - 1)
_MAX_BIAS_Q7 = const(127 << 7)  # a window whose mean is further off than this is not used
_LARGEST_Q7 = const((1 << 29) - 1)  # 2048 counts; more only if a clipped square is corrected
_MAX_SHIFT = const(400)  # of the zero count: |x - mid| <= 2048 + 20 + 400 (see kernel.py)
_BIAS = const(200)  # counts off centre: the bias network has drifted
_SIGNAL_Q7 = const(288)  # (1.5 counts)^2: a service leg with less has no working CT
_RECENT = const(10)  # windows that calibration looks back on


def mean_square_q7(high, low, total, frames):
    """Mean of squares less square of mean, in 1/128 count^2; -1 if the mean is too far off.

    high, low  sum of squares as (high << 14) + low
    total      sum; frames: how many, 1 to 2047
    """
    bias_q7 = (total << 7) // frames
    if not -_MAX_BIAS_Q7 < bias_q7 < _MAX_BIAS_Q7:
        return -1
    rest = ((high % frames) << _LIMB) + low
    whole = (high // frames << _LIMB) + rest // frames
    power_q7 = (whole << 7) + (rest % frames << 7) // frames
    return max(0, power_q7 - (bias_q7 * bias_q7 >> 7))


def root_q7(power_q7):
    """Square root of a mean square: 1/128 count^2 in, 1/128 count out, within 2^-14 of it."""
    if power_q7 == 0:
        return 0
    value = min(power_q7, _LARGEST_Q7) << 1  # below 2^30; its root times 8 is the answer
    doublings = 0
    while value < 1 << 28:
        value <<= 2
        doublings += 1
    root = isqrt(value)
    if doublings <= 3:
        return root << (3 - doublings)
    return root >> (doublings - 3)


def scale(root_q7, gain_q8):
    """counts in 1/128 times mA per count in 1/256, to whole mA; gain up to 1024 mA per count."""
    ma_q8 = (root_q7 >> 7) * gain_q8 + ((root_q7 & 127) * gain_q8 >> 7)
    return (ma_q8 + 128) >> 8


class Channel:
    """Accumulates one channel.

    gain_q8     mA per count in 1/256 (see calibration.py)
    noise_q7    power of the noise with no current, in 1/128 count^2: subtracted
    full_scale  the largest count; step: see kernel.accumulate
    is_leg      a service leg, which never carries nothing at all
    """

    def __init__(self, gain_q8, noise_q7, full_scale, step, is_leg):
        self.gain_q8 = gain_q8
        self.noise_q7 = noise_q7
        self.faults = 0
        self.raw_power_q7 = 0  # of the last window, noise included
        self._full_scale = full_scale
        self._step = step
        self._is_leg = is_leg
        self._centre = (full_scale + 1) // 2 + 2 * step
        self._mid = self._centre
        self._stats = array("i", [0, 0, full_scale, 0])
        self._recent = array("i", [-1] * _RECENT)
        self._recent_at = 0
        self._lowest = self._highest = 0
        self._clear_window()

    def take(self, samples, first, frames, stride):
        """Add `frames` samples of this channel to the running cycle."""
        accumulate(samples, first, frames, stride, self._mid, self._step, self._stats)

    def raw_mid(self):
        """The count, uncorrected, that stands for zero current."""
        return self._mid - 2 * self._step

    def rms_counts(self):
        """RMS of the last window in whole counts."""
        return root_q7(self.raw_power_q7) >> 7

    def steady_ma(self):
        """Mean RMS of the last 2 s in mA; -1 if it moved by more than 2 % or isn't known."""
        low = high = self._recent[0]
        total = 0
        for ma in self._recent:
            low = min(low, ma)
            high = max(high, ma)
            total += ma
        if low < 0 or (high - low) * 50 > high + 50 * _RECENT:
            return -1
        return total // _RECENT

    def end_cycle(self, frames):
        """Close the cycle of `frames` frames and give its RMS in mA, -1 if it can't be known."""
        stats = self._stats
        total = stats[0]
        squares = stats[1]
        self._lowest = min(self._lowest, stats[2])
        self._highest = max(self._highest, stats[3])
        self._clear_cycle()
        self._high += squares >> _LIMB
        self._low += squares & _LIMB_MASK
        self._total += total
        self._frames += frames
        power_q7 = mean_square_q7(squares >> _LIMB, squares & _LIMB_MASK, total, frames)
        return self._ma(power_q7)

    def end_window(self):
        """Close the window: its RMS in mA (-1: unknown), `faults`, and the bias for the next."""
        power_q7 = mean_square_q7(self._high, self._low, self._total, self._frames)
        shift = self._mid - self._centre + (self._total + self._frames // 2) // self._frames
        self.faults = self._judge(power_q7, shift)
        self._mid = self._centre + max(-_MAX_SHIFT, min(_MAX_SHIFT, shift))
        self.raw_power_q7 = max(0, power_q7)
        self._clear_window()
        ma = self._ma(power_q7)
        self._recent[self._recent_at] = ma
        self._recent_at = (self._recent_at + 1) % _RECENT
        return ma

    def discard(self):
        """Forget the running cycle and window, after a gap in the samples."""
        self._clear_cycle()
        self._clear_window()

    def _judge(self, power_q7, shift):
        faults = 0
        if self._lowest <= 1 or self._highest >= self._full_scale - 1:
            faults |= records.CLIPPED
        if not -_BIAS <= shift <= _BIAS:
            faults |= records.BIAS
        if power_q7 < 0:
            faults |= records.UNSETTLED
        elif self._is_leg and power_q7 - self.noise_q7 < _SIGNAL_Q7:
            stuck = self._lowest == self._highest
            faults |= records.STUCK if stuck else records.NO_SIGNAL
        return faults

    def _ma(self, power_q7):
        if power_q7 < 0:
            return -1
        return scale(root_q7(max(0, power_q7 - self.noise_q7)), self.gain_q8)

    def _clear_cycle(self):
        self._stats[0] = 0
        self._stats[1] = 0
        self._stats[2] = self._full_scale
        self._stats[3] = 0

    def _clear_window(self):
        self._high = 0
        self._low = 0
        self._total = 0
        self._frames = 0
        self._lowest = self._full_scale
        self._highest = 0
