"""The two inner loops of metering, compiled to machine code by the viper emitter.

Both are exact integer arithmetic in 32 bits, so CPython, the PC's MicroPython and the chip give
the same numbers. Bound: with |x - mid| <= 2560 (see channel.py), the squares of 163 samples stay
below 2^30, a small integer on a 32-bit board. A mains cycle is at most 154 frames (50 Hz).
"""

import micropython


@micropython.viper
def accumulate(samples: ptr16, first: int, frames: int, stride: int, mid: int, stats: ptr32):
    """Add one channel of interleaved samples to `stats`.

    samples  ring of ADC counts; `first` is the index of this channel's first sample
    frames   how many to take, `stride` apart; the run must not cross the ring's end
    mid      count that stands for zero current
    stats    [sum of (x - mid), sum of (x - mid)^2, smallest x, largest x]
    """
    total = int(stats[0])
    squares = int(stats[1])
    low = int(stats[2])
    high = int(stats[3])
    i = first
    end = first + frames * stride
    while i < end:
        x = int(samples[i])
        if x < low:
            low = x
        if x > high:
            high = x
        x -= mid
        total += x
        squares += x * x
        i += stride
    stats[0] = total
    stats[1] = squares
    stats[2] = low
    stats[3] = high


@micropython.viper
def isqrt(value: int) -> int:
    """Floor of the square root, 0 <= value < 2^30, bit by bit."""
    root = 0
    bit = 1 << 28
    while bit > value:
        bit >>= 2
    while bit:
        if value >= root + bit:
            value -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root
