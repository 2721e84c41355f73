"""Volts and watts, once a window, from the products of current and voltage that cross.py adds up.

The converter takes its inputs in turn, so the voltage is sampled later than the current; and each
sensor shows its wave somewhat early. Let A be the mean of current x voltage of the same set of
samples, B that with the voltage of the set before, both without the product of the means, and s
the angle from set to set. A is the power in phase with the voltage as sampled; in quadrature it is

    E = (B - A cos s) / sin s

and turning the two by the angle at which the voltage is sampled too late gives the truth, exact
for the fundamental:

    P = A cos angle + E sin angle        real power
    Q = E cos angle - A sin angle        reactive power, + if the current lags

    angle = places in turn x time from one to the next x frequency
            + lead of the voltage's sensor - lead of the CT + what the leg's own voltage lags

The last is 0 for L1, 180 degrees for L2 of a split-phase panel, 120 and 240 for L2 and L3 of a
three-phase one: they are assumed to be like the one that is measured.

No load: noise has no power, but a window's share of it has, now this way, now that, and both are
counted. So a channel has none whose current along with the voltage and across it is together below

    5 x RMS of the window / sqrt samples     noise alone is above it once in 270,000 windows
    0.5 counts                               what a converter without noise makes of next to none

The first is asked below 24 counts RMS, where the window may be noise: there the floor is 3 counts
at most. A meter of class 1 starts at 0.4 % of its basic current, 0.2 % of its rating behind a CT
(IEC 62053-21, 8.3.3; unverified): 0.5 counts are 0.04 % of the range. What all the arithmetic
keeps is below 2^30 and takes nothing from the heap; a letter q and a number give binary places.
"""

import math
from array import array

import micropython
from micropython import const

from .. import records
from . import cross, kernel
from .cross import accumulate_with
from .kernel import accumulate
from .scale import Scale, times
from .turning import Turning
from .voltage import FAILED, OTHER

_LIMB = const(14)  # bits of a low limb, see cross.py
_TURN_Q19 = const(843_314_857)  # 2 pi x 256 in 1/2^19 radian: over period_q8 it is that of a set
_MOST_Q6 = const(1 << 28)  # more than full waves make
_NOISE_LIKE_Q7 = const(576 << 7)  # (24 counts)^2
_SIGMAS_Q12 = const(25 << 5)  # (5 standard deviations)^2, of a power in 1/128 to 1/4096 count^2
_LEAST_Q12 = const(1 << 10)  # (0.5 counts)^2
_ABOVE_Q6 = const(200)  # more than any floor
_FURTHEST_Q7 = const(200 << 7)  # a mean further off is a fault of its channel


class Power:
    """The voltage, and the power of every channel, over the window of a Reading.

    Channels: the legs in order, then the EV branch.

    mv       RMS of the voltage that is measured; low_mv, high_mv: of the windows since the start
             the lowest and highest good one, 0 before the first
    mhz      frequency of the voltage in 1/1000 Hz, 0 before it was seen
    faults   bits of the voltage's own, see voltage.py
    good     the voltage is healthy; else nothing is known of the power of any channel
    known    bit c: mw[c], mva[c] and mvar[c] hold
    mw[c]    real power in mW, + drawn from the mains, - fed into it
    mva[c]   apparent power; mvar[c] reactive power of the fundamental, + if the current lags
    legs     how many of the channels are legs
    assumed  bit c: the voltage of leg c is taken to be like the one that is measured
    """

    def __init__(self, channels, assumed, legs=0):
        self.mv = self.low_mv = self.high_mv = 0
        self.mhz = 0
        self.faults = 0
        self.good = False
        self.known = 0
        self.mw = array("i", [0] * channels)
        self.mva = array("i", [0] * channels)
        self.mvar = array("i", [0] * channels)
        self.assumed = assumed
        self.legs = legs

    def unknown(self, faults):
        """By these faults nothing is known of any channel's power."""
        self.faults = faults
        self.good = False
        self.known = 0

    def leg_mv(self, leg):
        """The voltage of a leg, measured or assumed."""
        return self.mv

    def faults_of(self, c):
        """Fault bits of the voltage that the power of channel `c` is measured with."""
        return self.faults

    def where(self, bit):
        """Whose voltage has this fault, in words: nothing where there is one sensor."""
        return ""


class Branch:
    """What a CT's current and a share of the voltage make together: constants, and two means.

    channel   the CT's Channel, place: its index in a frame
    late_ppm  how much later the voltage is sampled, in millionths of a set
    angle_mdeg  the rest of the angle, see above
    mv_a_count_q8, loads  of the voltage; a branch between two legs has it twice
    """

    def __init__(self, channel, place, late_ppm, angle_mdeg, mv_a_count_q8, loads):
        self.sums = channel.sums
        self.place = place
        self.loads = loads
        self.cross = array("i", [0] * cross.SIZE)
        self.late_q14 = (late_ppm << 14) // 1_000_000
        angle = math.radians(angle_mdeg / 1000)
        self.cos_q14 = round(math.cos(angle) * (1 << 14))
        self.sin_q14 = round(math.sin(angle) * (1 << 14))
        mw_a_count = channel.gain_q8 * mv_a_count_q8 * loads / (1 << 16) / 1000
        self._scale = Scale(mw_a_count / 64)  # mW for 1/64 count^2
        self.total = 0  # of the window, less its mid

    def milliwatts(self, power_q6):
        """From the mean of a product in 1/64 count^2."""
        return self._scale.of(max(-_MOST_Q6, min(_MOST_Q6, power_q6)))

    def idle(self, real_q6, reactive_q6, v_counts, frames):
        """Is that no more power than the noise of the window may make?"""
        power_q7 = self.sums[kernel.POWER_Q7]
        along_q6, across_q6 = abs(real_q6) // v_counts, abs(reactive_q6) // v_counts
        if power_q7 >= _NOISE_LIKE_Q7 or along_q6 > _ABOVE_Q6 or across_q6 > _ABOVE_Q6:
            return False
        floor_q12 = max(_LEAST_Q12, _SIGMAS_Q12 * power_q7 // frames)
        return along_q6 * along_q6 + across_q6 * across_q6 < floor_q12

    def begin(self, v_mid):
        """A new window begins, in which that count stands for no voltage."""
        self.cross[cross.V_MID] = v_mid
        for i in range(cross.NOW, cross.SIZE):
            self.cross[i] = 0


class Wattmeter:
    """voltage   a Voltage, branches: a Branch for each channel in use
    power     the Power that it fills
    """

    def __init__(self, voltage, branches, power):
        self.voltage = voltage
        self.power = power
        self._branches = branches
        self._total = self._frames = 0
        self._turning = Turning(range(power.legs))
        self._turn_q19 = _TURN_Q19  # not in machine code, see kernel.py
        self.discard()

    def discard(self):
        """Forget the running window, after a gap in the samples."""
        self.voltage.discard()
        v_mid = self.voltage.channel.sums[kernel.MID]
        for branch in self._branches:
            branch.begin(v_mid)
            branch.cross[cross.BEFORE] = v_mid  # no set was before

    @micropython.native
    def take(self, samples, first, frames, stride):
        """Take in a run of frames from ring index `first` on: currents and voltage."""
        at = first + self.voltage.place
        for branch in self._branches:
            accumulate_with(
                first + branch.place, 0, samples, frames, stride, branch.sums, at, branch.cross
            )
        accumulate(at, 0, samples, frames, stride, self.voltage.channel.sums)
        self.voltage.frequency.take(samples, at, frames, stride)

    def collect(self):
        """The window is complete: keep what `close` clears, the sums that make the means."""
        sums = self.voltage.channel.sums
        self._frames = sums[kernel.OF_WINDOW + 3]
        self._total = sums[kernel.OF_WINDOW] - self._frames * sums[kernel.MID]
        for branch in self._branches:
            sums = branch.sums
            branch.total = sums[kernel.OF_WINDOW] - self._frames * sums[kernel.MID]

    @micropython.native
    def end(self, reading, lost, window, end, kept):
        """Fill `power` for a window whose currents are in `reading`, and begin the next one.

        lost  there is a gap in it; the rest: see Voltage.end
        """
        power, voltage = self.power, self.voltage
        power.faults = voltage.end(window, end, kept and not lost)
        if lost:
            power.faults |= records.LOST
        power.good = not power.faults
        power.mv = voltage.mv
        power.mhz = voltage.frequency.millihertz()
        power.known = 0
        if power.good:
            if not power.low_mv or power.mv < power.low_mv:
                power.low_mv = power.mv
            power.high_mv = max(power.high_mv, power.mv)
            if power.mhz:
                self._fill(reading, self._turn_q19 // voltage.frequency.period_q8)
        if self._turning.look(power):
            power.unknown(OTHER)
        for branch in self._branches:
            branch.begin(voltage.channel.sums[kernel.MID])
        voltage.begin()

    def failed(self):
        """An exception in `end`, say: nothing is known but that."""
        self.power.unknown(FAILED)
        self.discard()  # what `end` left of that window is none of the next one

    @micropython.native
    def _fill(self, reading, set_q19):
        power, frames = self.power, self._frames
        v_counts = self.voltage.channel.rms_counts()
        mean_q7 = _mean_q7(self._total, frames)
        square_q19 = (set_q19 >> 4) * (set_q19 >> 4) >> 11
        sin_q15 = (set_q19 - (square_q19 // 6 * (set_q19 >> 4) >> 15)) + 8 >> 4
        for c in range(len(self._branches)):
            if reading.faults[c] & ~records.BELOW_EV:  # as where the sun feeds the car
                continue
            branch = self._branches[c]
            means = _mean_q7(branch.total, frames) * mean_q7 >> 8
            in_phase = _mean_q6(branch.cross, cross.NOW, frames) - means
            before = _mean_q6(branch.cross, cross.THEN, frames) - means
            rest = before - in_phase + times(in_phase, square_q19 >> 1, 19)
            most = (_MOST_Q6 >> 14) * sin_q15
            rest = max(-most, min(most, rest))
            quadrature = (rest // sin_q15 << 15) + (rest % sin_q15 << 15) // sin_q15
            late = (set_q19 >> 5) * branch.late_q14 >> 14  # radians in 1/2^14
            cos = (1 << 14) - (late * late >> 15)
            sin = late - ((late * late >> 14) * late // 6 >> 14)
            turn_cos = branch.cos_q14 * cos - branch.sin_q14 * sin + (1 << 13) >> 14
            turn_sin = branch.sin_q14 * cos + branch.cos_q14 * sin + (1 << 13) >> 14
            real = times(in_phase, turn_cos, 14) + times(quadrature, turn_sin, 14)
            reactive = times(quadrature, turn_cos, 14) - times(in_phase, turn_sin, 14)
            if branch.idle(real, reactive, v_counts, frames):
                real = reactive = 0
            power.mw[c] = branch.milliwatts(real)
            power.mvar[c] = branch.milliwatts(reactive)
            ma = reading.leg_ma[c] if c < reading.legs else reading.ev_ma
            power.mva[c] = times(ma, (power.mv * branch.loads << 6) // 1000, 6)
            power.known |= 1 << c


def _mean_q7(total, frames):
    """In 1/128 count, with bounds."""
    return max(-_FURTHEST_Q7, min(_FURTHEST_Q7, (total << 7) // frames))


def _mean_q6(products, at, frames):
    """The mean of the products whose limbs stand there, in 1/64 count^2."""
    high = products[at]
    rest = (high % frames << _LIMB) + products[at + 1]
    mean = (high // frames << _LIMB) + rest // frames
    return (mean << 6) + (rest % frames << 6) // frames
