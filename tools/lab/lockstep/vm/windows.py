"""Windows ready-made: the sums of the metering's kernel come from the world, not from samples.

Each record of the world tells what the converter's channels show for so many frames. Whatever the
kernel would have found in these frames is computed here from it, so metering/ is as it is:
health, calibration, frequency, energy. A record holds until the next; a cycle in which it
changes is taken for one of the newer. And all who wait wake at multiples of GRAIN_MS only.
"""

from array import array

import micropython
import port
import tasks
from micropython import const

from headroom.metering import cross, kernel

_FRAMES = const(0)  # places in a record, see ../windows.py
_PERIOD_Q8 = const(1)
_CHANNELS = const(2)
_A_CHANNEL = const(4)
_INPUTS = const(3)
_PRODUCTS = const(14)  # of each CT two, see metering/cross.py, in 1/64 count^2
_MEAN_Q7, _POWER_Q7, _MAINS_Q7, _CLIPPED = const(0), const(1), const(2), const(3)
_LIMB = const(14)
GRAIN_MS = 16  # a cycle, nearly: those who wait for windows and for what is typed wake together

_record = array("i", [0] * (_PRODUCTS + 4))


class Sampler(port.Sampler):
    """Tells how many frames there are; nobody looks into its ring."""

    def take(self, file, size, first_us):
        self._told -= self._block
        self._block = 0
        self._first_us = first_us
        for _ in range(size // (4 * len(_record))):
            file.readinto(_record)
            self._block += _record[_FRAMES]


@micropython.native
def accumulate(i, x, samples, frames, stride, sums):
    """What the kernel's would have added for these frames."""
    at = _CHANNELS + i % stride * _A_CHANNEL
    mean_q7 = _record[at + _MEAN_Q7]
    off_q7 = mean_q7 - (sums[kernel.MID] << 7)
    total = frames * mean_q7 >> 7
    squares = frames * (_record[at + _POWER_Q7] + (off_q7 * off_q7 >> 7)) >> 7
    high, low = squares >> _LIMB, squares & (1 << _LIMB) - 1
    for first in (kernel.OF_CYCLE, kernel.OF_WINDOW):
        sums[first] += total
        sums[first + 1] += high
        sums[first + 2] += low
        sums[first + 3] += frames
    if _record[at + _CLIPPED]:
        sums[kernel.CLIPPED] += frames


def accumulate_with(i, x, samples, frames, stride, sums, j, products):
    """What that of cross.py would have added; nobody's mean is off its middle."""
    accumulate(i, x, samples, frames, stride, sums)
    at = _PRODUCTS + i % stride * 2
    for place in (cross.NOW, cross.THEN):
        total = frames * _record[at] >> 6
        products[place] += total >> _LIMB
        products[place + 1] += total & (1 << _LIMB) - 1
        at += 1


@micropython.native
def crossings(i, edge, samples, frames, stride, mid, swing, track):
    """One each period of the mains."""
    period_q8 = _record[_PERIOD_Q8]
    end_q8 = track[4] + frames << 8
    crossing = ((track[4] << 8) + period_q8 - 1) // period_q8
    while crossing * period_q8 < end_q8:
        at = crossing * period_q8 >> 8
        if track[1] == 0:
            track[2] = at
        track[1] += 1
        track[3] = at
        crossing += 1
    track[4] += frames


@micropython.native
def repeats(i, j, samples, frames, stride, end, lag, mid):
    """The mains repeat after a period, and are the other way round half a period later."""
    at = _CHANNELS + i % _INPUTS * _A_CHANNEL  # stride goes over many frames
    return frames * 2 * _record[at + _MAINS_Q7] >> 7


def install():
    """Before anybody takes these from the kernel."""
    assert kernel.sound()
    kernel.sound = lambda: True  # it was, of true samples
    kernel.accumulate, kernel.crossings, kernel.repeats = accumulate, crossings, repeats
    cross.accumulate_with = accumulate_with
    port.Sampler = Sampler
    tasks.grain_ms = GRAIN_MS
