"""How much of a leg's current runs along with the EV branch's, and in which sense.

That part is linear where an RMS value is not: it moves by exactly what the cars' current moves,
whatever the phase of the house's loads, and it is negative if one of the two CTs is reversed. For
tests of the wiring only: it is found in the sampler's ring, beside the steady state.
"""

import math

import micropython
from micropython import const

_CYCLES = const(6)
_RUN = const(128)  # frames a call of the kernel
_LEAST_COUNTS = const(4)  # RMS: the EV branch must carry something to be a reference


def in_phase_ma(meter, c):
    """Of channel `c`, over the last 100 ms: mA, signed; None while the EV branch is idle."""
    ev = len(meter.channels) - 1
    frames = meter.frequency.period_q8 * _CYCLES >> 8
    power = _mean_product(meter, ev, ev, frames)
    if power < _LEAST_COUNTS * _LEAST_COUNTS:
        return None
    counts = _mean_product(meter, c, ev, frames) / math.sqrt(power)
    return int(counts * meter.channels[c].gain_q8 / 256)


def _mean_product(meter, a, b, frames):
    sampler, stride = meter.sampler, meter.sampler.channels
    mid_a, mid_b = meter.channels[a].raw_mid(), meter.channels[b].raw_mid()
    first = (meter.next_frame - frames) % sampler.frames
    total = 0
    left = frames
    while left:
        run = min(left, _RUN, sampler.frames - first)
        at = first * stride
        i, j = at + meter.inputs[a], at + meter.inputs[b]
        total += _products(i, j, sampler.samples, run, stride, mid_a, mid_b)
        first = (first + run) % sampler.frames
        left -= run
    return total / frames


@micropython.viper
def _products(
    i: int, j: int, samples: ptr16, frames: int, stride: int, mid_x: int, mid_y: int
) -> int:
    """Sum of (x - mid_x) * (y - mid_y) over at most 175 frames of two channels."""
    total = 0
    end = i + frames * stride
    while end - i:
        total = (samples[i] - mid_x) * (samples[j] - mid_y) + total
        i = stride + i
        j = stride + j
    return total
