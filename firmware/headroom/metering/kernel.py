"""The inner loops of metering, compiled to machine code by the viper emitter.

They are exact integer arithmetic in 32 bits, so CPython, the PC's MicroPython and the chip give
the same numbers. Bound: with |x - mid| <= 2468 (see channel.py), the squares of 175 samples stay
below 2^30, a small integer on a 32-bit board. A mains cycle is at most 175 frames (44 Hz).
"""

import micropython


@micropython.viper
def accumulate(
    samples: ptr16, first: int, frames: int, stride: int, mid: int, step: int, stats: ptr32
):
    """Add one channel of interleaved samples to `stats`.

    samples  ring of ADC counts; `first` is the index of this channel's first sample
    frames   how many to take, `stride` apart; the run must not cross the ring's end
    mid      count that stands for zero current
    step     counts that the converter swallows at 512, 1536, 2560 and 3584 (see calibration.py)
    stats    [sum of (x - mid), sum of (x - mid)^2, smallest raw count, largest raw count]
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
        x += ((x + 512) >> 10) * step - mid
        total += x
        squares += x * x
        i += stride
    stats[0] = total
    stats[1] = squares
    stats[2] = low
    stats[3] = high


@micropython.viper
def crossings(
    samples: ptr16, first: int, frames: int, stride: int, mid: int, swing: int, track: ptr32
):
    """Find the upward zero crossings of one channel, with a hysteresis of +-swing counts.

    A crossing is where x rises above mid + swing after having been below mid - swing.
    track  [armed, crossings, position of the first, of the latest, frames looked at,
            shortest distance between two, crossings that came earlier than that]
    """
    armed = int(track[0])
    count = int(track[1])
    latest = int(track[3])
    at = int(track[4])
    shortest = int(track[5])
    early = int(track[6])
    i = first
    end = first + frames * stride
    while i < end:
        x = int(samples[i]) - mid
        if armed:
            if x > swing:
                armed = 0
                if count and at - latest < shortest:
                    early += 1
                else:
                    if count == 0:
                        track[2] = at
                    count += 1
                    latest = at
        elif x < 0 - swing:
            armed = 1
        at += 1
        i += stride
    track[0] = armed
    track[1] = count
    track[3] = latest
    track[4] = at
    track[6] = early


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


@micropython.viper
def products(
    samples: ptr16, first: int, other: int, frames: int, stride: int, mid: int, other_mid: int
) -> int:
    """Sum of (x - mid) * (y - other_mid) over at most 175 frames of two interleaved channels."""
    total = 0
    end = first + frames * stride
    while first < end:
        total += (int(samples[first]) - mid) * (int(samples[other]) - other_mid)
        first += stride
        other += stride
    return total
