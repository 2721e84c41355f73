"""The inner loops of metering, compiled to machine code by the viper emitter.

They are exact integer arithmetic in 32 bits, so CPython, the PC's MicroPython and the chip give
the same numbers. Bound: with |x - mid| <= 2468 (see channel.py), the squares of 175 samples stay
below 2^30, a small integer on a 32-bit board. A mains cycle is at most 175 frames (44 Hz).

What is summed of a channel stands in its `sums`, an array("i") of SIZE integers. Nothing in it
that is read here is ever negative: on a PC's 64-bit MicroPython, viper reads 32 bits unsigned.
No number above 16 bits stands in machine code, here or elsewhere: it would be another one where
MicroPython 1.28 has it frozen into an image for ARMv6-M, at an address that 4 does not divide.
Viper keeps the first two arguments in registers and all else in memory: hence their order.
The letter q and a number give binary places: x_q7 is x in units of 1/128.
"""

from array import array

import micropython
from micropython import const

MID = const(0)  # count that stands for zero current
STEP = const(1)  # counts swallowed at 512, 1536, 2560 and 3584 (see calibration.py)
RAILS = const(2)  # the largest count less 3
NOISE_Q7 = const(3)  # power without a current, in 1/128 count^2: subtracted
GAIN_Q8 = const(4)  # mA a count in 1/256, up to 1024 mA
OF_CYCLE = const(5)  # four sums of the running cycle: x, both limbs of (x - mid)^2, frames
OF_WINDOW = const(9)  # the same of the running window
CLIPPED = const(13)  # samples within one count of a rail
MEAN = const(14)  # what `close` found: the mean count,
POWER_Q7 = const(15)  # the mean square in 1/128 count^2, noise included, -1 if unknown,
RMS_MA = const(16)  # and the RMS value, -1 if unknown
SIZE = const(17)

_LIMB = const(14)  # sums of squares are kept as two limbs, the low one of 14 bits
_MAX_BIAS_Q7 = const(127 << 7)  # a mean further off than this spoils the sums of squares


@micropython.viper
def accumulate(i: int, x: int, samples: ptr16, frames: int, stride: int, sums: ptr32):
    """Add one channel of interleaved samples to the sums of its cycle and its window.

    i        index of this channel's first sample
    x        anything: room for a sample
    samples  ring of ADC counts
    frames   how many to take, `stride` apart; the run must not cross the ring's end
    """
    mid = sums[MID]
    step = sums[STEP]
    rails = sums[RAILS]
    clipped = 0
    total = 0
    squares = 0
    end = i + frames * stride
    while end - i:
        x = samples[i]
        if not x + 2 & rails:
            clipped += 1
        x = (x + 512 >> 10) * step + x - mid
        total = total + x
        squares = x * x + squares
        i = stride + i
    sums[CLIPPED] = sums[CLIPPED] + clipped
    total += frames * mid
    sums[OF_CYCLE] = sums[OF_CYCLE] + total
    sums[OF_WINDOW] = sums[OF_WINDOW] + total
    high = squares >> _LIMB
    sums[OF_CYCLE + 1] = sums[OF_CYCLE + 1] + high
    sums[OF_WINDOW + 1] = sums[OF_WINDOW + 1] + high
    low = squares & (1 << _LIMB) - 1
    sums[OF_CYCLE + 2] = sums[OF_CYCLE + 2] + low
    sums[OF_WINDOW + 2] = sums[OF_WINDOW + 2] + low
    sums[OF_CYCLE + 3] = sums[OF_CYCLE + 3] + frames
    sums[OF_WINDOW + 3] = sums[OF_WINDOW + 3] + frames


@micropython.viper
def close(sums: ptr32, at: int) -> int:
    """The RMS value of a cycle or window in mA, -1 if its mean is too far from `mid`.

    at  OF_CYCLE or OF_WINDOW: at most 2047 frames, and cleared for the next. MEAN, POWER_Q7 and
        RMS_MA are set.
    """
    total = sums[at]
    high = sums[at + 1]
    low = sums[at + 2]
    frames = sums[at + 3]
    for i in range(at, at + 4):
        sums[i] = 0
    sums[MEAN] = (total + (frames >> 1)) // frames
    bias_q7 = (total - frames * sums[MID] << 7) // frames
    if bias_q7 >= _MAX_BIAS_Q7 or bias_q7 <= 0 - _MAX_BIAS_Q7:
        sums[POWER_Q7] = -1
        sums[RMS_MA] = -1
        return -1
    low += (high % frames) << _LIMB
    high = (high // frames << _LIMB) + low // frames
    power_q7 = (high << 7) + (low % frames << 7) // frames - (bias_q7 * bias_q7 >> 7)
    if power_q7 < 0:
        power_q7 = 0
    sums[POWER_Q7] = power_q7
    power_q7 -= sums[NOISE_Q7]
    ma = 0
    if power_q7 > 0:
        if power_q7 >> 29:  # above 2048 counts: a clipped square that was corrected
            power_q7 = 1
            power_q7 = (power_q7 << 29) - 1
        rest = power_q7 << 1  # below 2^30; its root times 8 is the answer
        doublings = 0
        while rest < 1 << 28:
            rest <<= 2
            doublings += 1
        root = 0
        bit = 1 << 28
        while bit:
            if rest >= root + bit:
                rest -= root + bit
                root = (root >> 1) + bit
            else:
                root >>= 1
            bit >>= 2
        root = (root << 3) >> doublings  # in 1/128 count
        gain = sums[GAIN_Q8]
        ma = ((root >> 7) * gain + ((root & 127) * gain >> 7) + 128) >> 8
    sums[RMS_MA] = ma
    return ma


@micropython.viper
def crossings(
    i: int, edge: int, samples: ptr16, frames: int, stride: int, mid: int, swing: int, track: ptr32
):
    """Find the upward zero crossings of one channel, with a hysteresis of +-swing counts.

    i      index of the channel's first sample. A crossing is where it rises above mid + swing
           after having been below mid - swing.
    edge   anything: room for the count that is waited for
    track  [armed, crossings, position of the first, of the latest, frames looked at,
            shortest distance between two, crossings that came earlier than that]
    """
    first = i
    end = i + frames * stride
    armed = track[0]
    while end - i:
        if armed:
            edge = mid + swing
            while end - i:
                if samples[i] > edge:
                    armed = 0
                    at = track[4] + (i - first) // stride
                    if track[1] > 0 and at - track[3] < track[5]:
                        track[6] = track[6] + 1
                    else:
                        if track[1] == 0:
                            track[2] = at
                        track[1] = track[1] + 1
                        track[3] = at
                    break
                i = stride + i
        else:
            edge = mid - swing
            while end - i:
                if samples[i] < edge:
                    armed = 1
                    break
                i = stride + i
    track[0] = armed
    track[4] = track[4] + frames


@micropython.viper
def repeats(
    i: int, j: int, samples: ptr16, frames: int, stride: int, end: int, lag: int, mid: int
) -> int:
    """Sum of (x - mid) * (y - z), x from index i on, y from j on and z from i + lag on.

    frames  how many of each, `stride` apart; the sum must stay below 2^30
    end     length of `samples`, a ring: there all three go on at its beginning
    """
    total = 0
    k = i + lag
    while frames:
        if i >= end:
            i = i - end
        if j >= end:
            j = j - end
        if k >= end:
            k = k - end
        total = (samples[i] - mid) * (samples[j] - samples[k]) + total
        i = stride + i
        j = stride + j
        k = stride + k
        frames -= 1
    return total


def sound():
    """Does the machine code give 1000 mA for 1000 counts up and down, as it was built to?"""
    samples = array("H", [2048 + 1000, 2048 - 1000] * 64)
    sums = array("i", [0] * SIZE)
    sums[MID] = 2048
    sums[RAILS] = 4092
    sums[GAIN_Q8] = 1 << 8
    accumulate(0, 0, samples, len(samples), 1, sums)
    return close(sums, OF_WINDOW) == 1000
