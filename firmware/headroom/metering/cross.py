"""The kernel's inner loop with the voltage beside it: in memory only where one is fitted.

`accumulate_with` is kernel.accumulate and takes two sums more, of current x voltage: with the
voltage of the same set of samples, and with that of the set before. Two are enough to know the
voltage at the moment of the current (see power.py). They are kept of a window, not of a cycle, in
`cross`: an array("i") of SIZE integers, two limbs a sum, the low one of 14 bits.

Exact integer arithmetic in 32 bits, as the kernel's: current - mid is 2468 at most, the count of
a voltage 4115, so the products of 175 samples stay below 2^31; with the voltage's own middle taken
off they are below 2^30. The high limb may be negative: viper on a PC reads it as 32 bits
unsigned, which adds up to the same, and only plain Python reads what has been added up.
"""

import micropython
from micropython import const

V_MID = const(0)  # count that stands for no voltage, set once a window
BEFORE = const(1)  # the voltage's count in the last set, corrected
NOW = const(2)  # both limbs: with the voltage of the same set
THEN = const(4)  # with that of the set before
SIZE = const(6)

# As in kernel.py: what is imported is no constant to viper.
_MID = const(0)
_STEP = const(1)
_RAILS = const(2)
_OF_CYCLE = const(5)
_OF_WINDOW = const(9)
_CLIPPED = const(13)
_LIMB = const(14)


@micropython.viper
def accumulate_with(
    i: int,
    x: int,
    samples: ptr16,
    frames: int,
    stride: int,
    sums: ptr32,
    j: int,
    cross: ptr32,
):
    """kernel.accumulate of the current from index i on, with the voltage from index j on."""
    mid = sums[_MID]
    step = sums[_STEP]
    rails = sums[_RAILS]
    before = cross[BEFORE]
    now = 0
    then = 0
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
        then = x * before + then
        before = samples[j]
        before = (before + 512 >> 10) * step + before
        now = x * before + now
        i = stride + i
        j = stride + j
    cross[BEFORE] = before
    x = cross[V_MID] * total
    now -= x
    then -= x
    sums[_CLIPPED] = sums[_CLIPPED] + clipped
    total += frames * mid
    sums[_OF_CYCLE] = sums[_OF_CYCLE] + total
    sums[_OF_WINDOW] = sums[_OF_WINDOW] + total
    high = squares >> _LIMB
    sums[_OF_CYCLE + 1] = sums[_OF_CYCLE + 1] + high
    sums[_OF_WINDOW + 1] = sums[_OF_WINDOW + 1] + high
    low = squares & (1 << _LIMB) - 1
    sums[_OF_CYCLE + 2] = sums[_OF_CYCLE + 2] + low
    sums[_OF_WINDOW + 2] = sums[_OF_WINDOW + 2] + low
    sums[_OF_CYCLE + 3] = sums[_OF_CYCLE + 3] + frames
    sums[_OF_WINDOW + 3] = sums[_OF_WINDOW + 3] + frames
    cross[NOW] = cross[NOW] + (now >> _LIMB)
    cross[NOW + 1] = cross[NOW + 1] + (now & (1 << _LIMB) - 1)
    cross[THEN] = cross[THEN] + (then >> _LIMB)
    cross[THEN + 1] = cross[THEN + 1] + (then & (1 << _LIMB) - 1)
