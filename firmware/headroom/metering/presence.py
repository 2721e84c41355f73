"""Is there a current at all? One of the mains repeats with it, the noise of an open lead doesn't.

Asked only of a leg with so little that its zero crossings say nothing (see frequency.py). A sample
is multiplied with the one a cycle later and with the one half a cycle later: of what repeats in
odd harmonics, as every current of the mains does, the first product is the power and the second
the same with the other sign. Noise gives 0 in both, and a bias that is off or drifts cancels.

    power = (mean of x(t) x(t + T) - mean of x(t) x(t + T / 2)) / 2

Over n products noise of RMS s leaves s^2 / sqrt(2 n) in it: 1.1 count^2 of the 36 of 6 counts of
noise. So 1.5 counts RMS are a current if they are a sixth of all power, noise included: 0.2 A of
a 200 A CT on a Pico (some 1.4 counts of noise), 0.8 A at 6 counts as an ESP32 may have. A leg with
less counts as one without a CT, for nothing can tell the two apart.
"""

import micropython
from micropython import const

from .kernel import products

FAINT_Q7 = const(576 << 7)  # (24 counts)^2: with more, the frequency is looked at
_LEAST_Q7 = const(288)  # (1.5 counts)^2
_SHARE = const(6)
_RUN = const(128)  # frames at a time: 175 at most, see kernel.py
_MOST = const(512)  # products


@micropython.native
def present(samples, channel, channels, frames, end, window, period, mid, power_q7):
    """Does the window that ends before ring position `end` hold a mains current?

    samples   ring of `frames` frames of `channels` counts each; `channel` is looked at
    window, period   length of the window and of a mains cycle in frames
    mid       its mean, about: only keeps the products small
    power_q7  its power in 1/128 count^2, below FAINT_Q7
    """
    count = min(window - period, _MOST)
    at = (end - count - period) % frames
    left = count
    power = 0
    while left > 0:
        half, whole = (at + period // 2) % frames, (at + period) % frames
        run = min(left, _RUN, frames - at, frames - half, frames - whole)
        first = at * channels + channel
        power += products(samples, first, whole * channels + channel, run, channels, mid, mid)
        power -= products(samples, first, half * channels + channel, run, channels, mid, mid)
        at = (at + run) % frames
        left -= run
    periodic_q7 = (power << 6) // count
    return periodic_q7 >= _LEAST_Q7 and periodic_q7 * _SHARE >= power_q7
