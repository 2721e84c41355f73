"""Volts and watts of a metering chip: in memory only where a voltage is fitted.

It gives real and reactive power against the voltage that it measures. Turned by an angle as those
of power.py are, they hold for the leg's own voltage: P = A cos + E sin, Q = E cos - A sin, where
A and E are what the chip shows and the angle is

    lead of the voltage's sensor - lead of the CT + what the leg's own voltage lags

No load: below a current of 0.12 mV at its input, for which the chip has no accuracy (6000:1 of its
720 mV [DS 1]), a channel has no power; what power.py says of noise and of starting holds here too.

The voltage's health is judged as in voltage.py, as far as RMS and frequency tell it.
"""

import math

import micropython
from micropython import const

from .. import records
from .channel import Steady
from .scale import Scale, times
from .still import Still
from .turning import Turning
from .voltage import FAULT_NAMES, HIGH, LOW, OPEN, OTHER

_LOWEST_MHZ = const(44_000)
_HIGHEST_MHZ = const(66_000)
_OFF_PCT = const(15)
FAULT_NAMES[records.STOPPED] = (
    "and watts unknown: in the metering chip one of them stands still while the currents move"
)
_NONE_LSB = const(10)  # of an RMS value: 0.12 mV


class Angle:
    """What one channel's power is turned by and multiplied with.

    mw_a_lsb  mW that an LSB of the chip's power stands for; loads: how many legs it lies between
    """

    def __init__(self, angle_mdeg, mw_a_lsb, loads):
        angle = math.radians(angle_mdeg / 1000)
        self.cos_q14 = round(math.cos(angle) * (1 << 14))
        self.sin_q14 = round(math.sin(angle) * (1 << 14))
        self.loads = loads
        self.scale = Scale(mw_a_lsb * loads)


class ChipPower:
    """Of one voltage; three are in chip_three.py.

    power   the Power that it fills, angles: an Angle for each channel in use
    mv_a_lsb  mV that 1/256 LSB of the chip's voltage stands for; nominal_mv: what it should be
    """

    def __init__(self, power, angles, mv_a_lsb, nominal_mv, sensors=1):
        self.power = power
        self.sensors = sensors
        self.steady = Steady()
        self._still = Still(len(angles), sensors)
        self._turning = Turning(range(power.legs))
        self._angles = angles
        self._scale = Scale(mv_a_lsb)
        self._nominal_mv = nominal_mv

    @micropython.native
    def fill(self, reading, currents_q8, volts_q8, mhz, in_phase, quadrature):
        """From what the chip shows: each voltage, their frequency, two powers a channel."""
        power = self.power
        power.mhz = mhz
        if self._still.look(currents_q8, in_phase, quadrature, volts_q8):
            self.unknown(records.STOPPED)
            return
        self._take(volts_q8, mhz)
        power.good = not power.faults
        power.known = 0
        for c in range(len(self._angles)):
            if power.faults_of(c) or reading.faults[c] & ~records.BELOW_EV:
                continue
            angle = self._angles[c]
            a, e = in_phase[c], quadrature[c]
            real = times(a, angle.cos_q14, 14) + times(e, angle.sin_q14, 14)
            reactive = times(e, angle.cos_q14, 14) - times(a, angle.sin_q14, 14)
            floor = (volts_q8[c % self.sensors] >> 8) * _NONE_LSB // 32
            if abs(real) < floor and abs(reactive) < floor:
                real = reactive = 0
            power.mw[c] = angle.scale.of(real)
            power.mvar[c] = angle.scale.of(reactive)
            ma = reading.leg_ma[c] if c < reading.legs else reading.ev_ma
            power.mva[c] = times(ma, (power.leg_mv(c) * angle.loads << 6) // 1000, 6)
            power.known |= 1 << c
        self._look_for_turns()

    def unknown(self, faults):
        """The chip itself has one."""
        self.power.unknown(faults)
        self.steady.add(-1)

    def _look_for_turns(self):
        if self._turning.look(self.power):
            self.power.unknown(OTHER)

    def steady_mv(self, leg):
        """Mean RMS of the last 2 s; -1 if it moved by more than 2 % or isn't known."""
        return self.steady.mean()

    @micropython.native
    def _take(self, volts_q8, mhz):
        power = self.power
        power.mv = self._scale.of(volts_q8[0])
        power.faults = self._judge(power.mv, mhz)
        self.steady.add(power.mv)
        self._keep_extremes(power.mv, power.faults)

    def _keep_extremes(self, mv, faults):
        power = self.power
        if faults:
            return
        if not power.low_mv or mv < power.low_mv:
            power.low_mv = mv
        power.high_mv = max(power.high_mv, mv)

    def _judge(self, mv, mhz):
        """One fault of those that follow from each other: the one that says most."""
        if mv * 2 < self._nominal_mv:
            return OPEN
        if not _LOWEST_MHZ <= mhz <= _HIGHEST_MHZ:
            return records.FREQUENCY
        off_mv = mv - self._nominal_mv
        if abs(off_mv) * 100 <= self._nominal_mv * _OFF_PCT:
            return 0
        return LOW if off_mv < 0 else HIGH
