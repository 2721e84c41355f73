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
_MAX_SHIFT = const(512)  # of the zero count; |x - mid| <= 2560 keeps 154 squares below 2^30


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
    value = power_q7 << 1  # below 2^30; its root times 8 is the answer
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
    """Accumulates one channel; `gain_q8` from calibration, `full_scale` the largest count."""

    def __init__(self, gain_q8, full_scale):
        self.gain_q8 = gain_q8
        self.faults = 0
        self._top = full_scale - 1
        self._centre = (full_scale + 1) // 2
        self._mid = self._centre
        self._stats = array("i", [0, 0, full_scale, 0])
        self._full_scale = full_scale
        self._clear_window()

    def take(self, samples, first, frames, stride):
        """Add `frames` samples of this channel to the running cycle."""
        accumulate(samples, first, frames, stride, self._mid, self._stats)

    def end_cycle(self, frames):
        """Close the cycle of `frames` frames and give its RMS in mA, -1 if it can't be known."""
        stats = self._stats
        total = stats[0]
        squares = stats[1]
        if stats[2] <= 1 or stats[3] >= self._top:
            self._window_faults |= records.CLIPPED
        self._clear_cycle()
        self._high += squares >> _LIMB
        self._low += squares & _LIMB_MASK
        self._total += total
        self._frames += frames
        return self._ma(squares >> _LIMB, squares & _LIMB_MASK, total, frames)

    def end_window(self):
        """Close the window: its RMS in mA (-1: unknown), `faults`, and the bias for the next."""
        ma = self._ma(self._high, self._low, self._total, self._frames)
        if ma < 0:
            self._window_faults |= records.UNSETTLED
        shift = self._mid - self._centre + (self._total + self._frames // 2) // self._frames
        self._mid = self._centre + max(-_MAX_SHIFT, min(_MAX_SHIFT, shift))
        self.faults = self._window_faults
        self._clear_window()
        return ma

    def discard(self):
        """Forget the running cycle and window, after a gap in the samples."""
        self._clear_cycle()
        self._clear_window()

    def _ma(self, high, low, total, frames):
        power_q7 = mean_square_q7(high, low, total, frames)
        if power_q7 < 0:
            return -1
        return scale(root_q7(power_q7), self.gain_q8)

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
        self._window_faults = 0
