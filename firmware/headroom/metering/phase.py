"""How much of a leg's current runs along with the EV branch's, and in which sense.

That part is linear where an RMS value is not: it moves by exactly what the cars' current moves,
whatever the phase of the house's loads, and it is negative if one of the two CTs is reversed. For
tests of the wiring only: it is found in the sampler's ring, beside the steady state.
"""

import math

from micropython import const

from .kernel import products

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
    size = len(sampler.samples)
    place, ahead = meter.inputs[a], meter.inputs[b] - meter.inputs[a]
    mid_a, mid_b = meter.channels[a].raw_mid(), meter.channels[b].raw_mid()
    first = meter.next_frame - frames
    total = 0
    left = frames
    while left:
        run = min(left, _RUN)
        at = first % sampler.frames * stride + place
        total += products(sampler.samples, at, ahead, run, stride, size, mid_a, mid_b)
        first += run
        left -= run
    return total / frames
