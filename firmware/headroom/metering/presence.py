"""Is there a current at all? One of the mains repeats with it, the noise of an open lead doesn't.

Asked only of a leg with so little that its zero crossings say nothing (see frequency.py). A sample
is multiplied with the one a cycle later: the mean of that is the power of what repeats. The same
half a cycle later is that power with the other sign, as far as it is odd harmonics, and most of a
house's current is. Noise gives 0 in both, and a bias that is off or drifts the same: so half the
difference is looked at. What takes one half of the wave only is found a third of a cycle later:
there is minus half the power of all harmonics but 3, 6, 9 ... Either shows 0.6 or more of the
power of each of the 125 appliances of PLAID.

The products lie all over the window: a load that goes on or off in it counts as it does in the
power. Over n of them noise of RMS s leaves s^2 / sqrt(2 n), for a third of a cycle s^2 / sqrt(n):
1 and 1.3 count^2 of the 36 of 6 counts of noise. So what repeats is a current if it is at least

    0.75 counts RMS      what a lead that came off may pick up is 0.5 at most (boards/README.md)
    a sixth of all power 0.45 times the noise's RMS: 0.6 counts at a Pico's 1.4

which is 0.13 A with a 200 A CT of 50 mA and 18 ohm, 0.36 A with one of 333 mV, and 0.9 A on an
ESP32 with 6 counts of noise. A leg with less counts as one without a CT, for nothing can tell the
two apart. Nor can what a lead picks up with no load at its input, or a CT that lies beside its
conductor: they repeat with the mains.
"""

import micropython
from micropython import const

from .kernel import products

FAINT_Q7 = const(576 << 7)  # (24 counts)^2: with more, the frequency is looked at
_LEAST_Q7 = const(72)  # (0.75 counts)^2
_SHARE = const(6)
_MOST = const(1024)  # products


@micropython.native
def present(sampler, place, end, window, period, mid, power_q7):
    """Does the window that ends before ring position `end` hold a mains current?

    sampler  with the ring that still has this window; `place` of the channel in a frame
    window, period   length of the window and of a mains cycle in frames
    mid      its mean: a few counts off do no harm
    power_q7 its power in 1/128 count^2, below FAINT_Q7
    """
    least_q7 = max(_LEAST_Q7, power_q7 // _SHARE)
    first = (end - window) % sampler.frames
    frames = window - period
    repeats_q7 = _product_q7(sampler, place, first, frames, period, mid)
    half_q7 = _product_q7(sampler, place, first, frames, period // 2, mid)
    if (repeats_q7 - half_q7) // 2 >= least_q7:
        return True
    third_q7 = _product_q7(sampler, place, first, frames, (period + 1) // 3, mid)
    return (repeats_q7 - third_q7) * 2 // 3 >= least_q7


@micropython.native
def _product_q7(sampler, place, at, frames, lag, mid):
    """Mean product of the samples in `frames` from ring position `at` on and those `lag` later."""
    channels, end = sampler.channels, sampler.frames
    step = 1 + frames // _MOST
    left = count = frames // step
    total = 0
    while left > 0:
        later = (at + lag) % end
        run = min(left, (end - max(at, later) + step - 1) // step)  # to the ring's end
        total += products(
            sampler.samples,
            at * channels + place,
            later * channels + place,
            run,
            step * channels,
            mid,
            mid,
        )
        at = (at + run * step) % end
        left -= run
    return (total << 7) // count
