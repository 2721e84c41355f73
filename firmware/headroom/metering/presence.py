"""Is there a current at all? One of the mains repeats with it, the noise of an open lead doesn't.

Asked only of a leg with so little that its zero crossings say nothing (see frequency.py). A sample
is multiplied with the one a cycle later: the mean of that is the power of what repeats. The same
half a cycle later is that power with the other sign, as far as it is odd harmonics, and most of a
house's current is. Noise gives 0 in both, and a bias that is off or drifts the same: so half the
difference is looked at. What takes one half of the wave only is found a third of a cycle later:
there is minus half the power of all harmonics but 3, 6, 9 ... One of the two differences shows
half of the power or more of each of the 125 appliances of PLAID.

The products lie all over the window: a load that goes on or off in it counts as it does in the
power. Over n of them noise of RMS s leaves s^2 / sqrt(2 n): 1.2 count^2 of the 36 of 6 counts of
noise. So what repeats is a current if it is at least

    0.75 counts RMS      what a lead that came off may pick up is 0.5 at most (boards/README.md)
    a sixth of all power 0.45 times the noise's RMS: 0.6 counts at a Pico's 1.4

which is 0.13 A with a 200 A CT of 50 mA and 18 ohm, 0.36 A with one of 333 mV, and 0.9 A on an
ESP32 with 6 counts of noise. A leg with less counts as one without a CT, for nothing can tell the
two apart. Nor can what a lead picks up with no load at its input, or a CT that lies beside its
conductor: they repeat with the mains.
"""

import micropython
from micropython import const

from .kernel import POWER_Q7, repeats

_LEAST_Q7 = const(72)  # (0.75 counts)^2
_SHARE = const(6)
_MOST = const(512)  # products


@micropython.native
def present(channel, sampler, place, end, window, period):
    """Does the faint window that ends before ring position `end` hold a mains current?

    sampler  with the ring that still has this window; `place` of the channel in a frame
    window, period   length of the window and of a mains cycle in frames
    """
    samples, channels = sampler.samples, sampler.channels
    size = len(samples)
    step = 1 + (window - period) // _MOST
    count = (window - period) // step
    stride = step * channels
    first = (end - window) % sampler.frames * channels + place
    later = first + period * channels
    mid = channel.raw_mean()
    least = max(_LEAST_Q7, channel.sums[POWER_Q7] // _SHARE) * count
    for part in (2, 3):
        lag = (period + 1) // part * channels
        if repeats(first, later, samples, count, stride, size, lag, mid) << 6 >= least:
            return True
    return False
