"""A CT on an inverter's branch, in the place of the EV's: in memory only where one is named.

It tells the surplus only where the inverter feeds in ahead of the mains CTs, so that these see
what house and cars draw, h, and nothing else: then the grid gives h - g. RMS has no sign, and
neither needs one. Elsewhere the mains CTs see |h - g|, and 3 A beside an inverter that makes 5 A
are a house that draws 2 A or one that draws 8 A: nobody can tell.

What it makes of g is never more than that. RMS has the reactive current q in it that an inverter
takes even at night: sqrt(g^2 - q^2) is at least g - q^2 / g; and its power factor. h is RMS too,
and so never less than what is drawn.

It is summed from the ring of samples by the meter's kernel, once a second, beside all that the
meter does for protection: what is wrong here makes no window wrong.
"""

from micropython import const

from ..metering import kernel
from ..settings import sampled

_EVERY = const(5)  # windows
_CHUNK = const(128)  # frames: the kernel sums 175 at most
_REACTIVE_MA = const(1000)  # q, assumed: filter capacitors of inverters for a home
_REACTIVE_MA2 = const(_REACTIVE_MA * _REACTIVE_MA)
_FACTOR_Q4 = const(15)  # of 16: a power factor of 0.94, assumed


class Inverter:
    """ma     what it makes on each of its legs, real current, never too much; -1 unknown
    legs      how many it feeds
    """

    def __init__(self, channel, sampler, place, legs):
        self.ma = -1
        self.legs = legs
        self._channel = channel
        self._sampler = sampler
        self._place = place
        self._left = _EVERY

    def look(self, elapsed_ms):
        self._left -= 1
        if self._left:
            return
        self._left = _EVERY
        self._sum()
        channel = self._channel
        ma = kernel.close(channel.sums, kernel.OF_WINDOW)
        channel.end_window(True)
        self.ma = -1 if channel.faults else _real(ma)

    def watts(self, leg_v):
        return self.legs * self.ma * leg_v // 1000

    def _sum(self):
        """200 ms of the 300 in the ring: both are whole cycles at 50 and 60 Hz, so any will do."""
        sampler = self._sampler
        stride = sampler.channels
        self._channel.discard()
        for first in range(0, sampler.rate_hz // 5, _CHUNK):
            kernel.accumulate(
                first * stride + self._place,
                0,
                sampler.samples,
                _CHUNK,
                stride,
                self._channel.sums,
            )


def _real(ma):
    if ma <= _REACTIVE_MA:
        return 0
    return (ma - _REACTIVE_MA2 // ma) * _FACTOR_Q4 >> 4


def built(values, board, meter):
    """The Inverter; it has the place of the EV branch's CT, which the meter does not use then."""
    legs = len(values["inverter_legs"]) // 2  # "L1L2"
    place = sampled.place(values, board, "EV")
    return Inverter(meter.channels[-1], meter.sampler, place, legs)
