"""What chip_meter.py knows of one input of a metering chip, and of the frequency."""

from . import calibration
from .channel import Steady


class Input:
    """One channel: its scale, its health, and what calibration asks for.

    phase  0, 1 or 2 for the chip's phase A, B or C; scale: mA of 1/256 LSB
    """

    def __init__(self, phase, scale):
        self.phase = phase
        self.scale = scale
        self.faults = 0
        self.steady = Steady()

    @property
    def raw_power_q7(self):
        raise calibration.NotNow("nothing to do: a metering chip has no noise worth taking off")

    def steady_ma(self):
        """Mean RMS of the last 2 s in mA; -1 if it moved by more than 2 % or isn't known."""
        return self.steady.mean()


class Frequency:
    """As the chip measures it, from the voltage."""

    def __init__(self):
        self.mhz = 0

    def millihertz(self):
        return self.mhz


def put(reading, c, ma):
    """The current of input `c` into a Reading."""
    if c < reading.legs:
        reading.leg_ma[c] = ma
    else:
        reading.ev_ma = ma
