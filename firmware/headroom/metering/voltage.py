"""The voltage and its health: named faults, each with a threshold and a time.

Thresholds are shares of nominal_v; RMS is that of a whole window.

| fault      | threshold                                                       | seen in |
|------------|-----------------------------------------------------------------|---------|
| lost       | the sampler dropped or overwrote frames                         | 200 ms  |
| clipped    | a sample within 1 count of a rail                               | 200 ms  |
| bias       | mean more than 200 counts off centre                            | 200 ms  |
| unsettled  | mean more than 127 counts off the last one                      | 200 ms  |
| stuck      | not even noise: RMS below 0.09 counts                           | 200 ms  |
| open       | below half                                                      | 200 ms  |
| half wave  | even harmonics have more than a twelfth of its power            | 200 ms  |
| low, high  | more than 15 % off; the mains may be 13 % low (ANSI C84.1, B)   | 200 ms  |
| frequency  | below 44 Hz or above 66 Hz, or no steady one                    | 0.6 s   |
| swapped    | three steps of 8 % from window to window within 8 s, as a       | seconds |
|            | current has and no mains: gone after 40 s without               |         |
| other      | its angle to the currents turns (turning.py)                    | 12 s at |
|            |                                                                 | 0.5 Hz  |

The reaction is the same to all: real, apparent and reactive power are unknown, and energy is not
counted. Readings, their faults and everything that is allowed stay what they are.
"""

import micropython
from micropython import const

from .. import records
from . import kernel
from .frequency import Frequency

OPEN = const(1 << 10)
LOW = const(1 << 11)
HIGH = const(1 << 12)
HALF_WAVE = const(1 << 13)
SWAPPED = const(1 << 14)
FAILED = const(1 << 15)
OTHER = const(1 << 20)
FAULT_NAMES = {
    records.LOST: "samples lost",
    records.CLIPPED: "clipped: beyond what its sensor and divider can show",
    records.BIAS: "bias off centre: check the two bias resistors",
    records.UNSETTLED: "bias moved: the next window will be right",
    records.STUCK: "stuck: the converter gives the same count all the time",
    OPEN: "below half of nominal_v: sensor off, unplugged, or of another type",
    HALF_WAVE: "half of the wave is missing: its sensor or divider is damaged",
    LOW: "more than 15 % below nominal_v: sensor, voltage_ratio or nominal_v is wrong",
    HIGH: "more than 15 % above nominal_v: sensor, voltage_ratio or nominal_v is wrong",
    records.NOISE: "no steady mains frequency in it",
    records.FREQUENCY: "frequency outside 45 to 65 Hz",
    SWAPPED: "jumps as a current does: are the voltage and a CT swapped?",
    FAILED: "its computation failed",
    OTHER: "of another frequency than the currents: its sensor is on another supply, such as an "
    "inverter's",
    records.CHIP: "unknown: the metering chip is at fault",
}
_OFF_PCT = const(15)
_STEP_PCT = const(8)
_STEP = const(50)
_SWAPPED = const(110)
_MOST = const(200)
_PRODUCTS = const(64)
_EVEN = const(12)


def names(power):
    """The faults of a Power in plain English: a list, empty when all is well."""
    return [
        "voltage%s %s" % (power.where(bit), text)
        for bit, text in FAULT_NAMES.items()
        if power.faults & bit
    ]


class Voltage:
    """channel     a Channel whose gain is in mV a count; place: its index in a frame
    sampler     with the ring that it is in
    nominal_mv  what it should be
    """

    def __init__(self, channel, place, sampler, nominal_mv):
        self.channel = channel
        self.place = place
        self.frequency = Frequency(sampler.rate_hz, 1)
        self.mv = 0
        self._sampler = sampler
        self._nominal_mv = nominal_mv
        self._half_wave = False
        self._steps = 0
        self._swapped = False

    def begin(self):
        """A new window begins."""
        self.frequency.begin(self.channel)

    @micropython.native
    def end(self, window, end, kept):
        """The window is complete; returns the fault bits, and `mv` holds its RMS value.

        window  its length in frames; it ends before ring position `end`, and is still in the ring
                if `kept`
        """
        sums = self.channel.sums
        mv = kernel.close(sums, kernel.OF_WINDOW)
        for i in range(kernel.OF_CYCLE, kernel.OF_WINDOW):
            sums[i] = 0
        frequency = self.frequency.end(0)
        self.channel.end_window(True)
        if mv < 0:  # not known: its mean is too far off, which is a fault of the channel
            return self.channel.faults
        if kept and self.frequency.locked:
            self._half_wave = self._uneven(window, end)
        self._count_steps(mv)
        self.mv = mv
        return self.channel.faults | self._level(frequency)

    def discard(self):
        """Forget the running window, after a gap in the samples."""
        self.channel.discard()
        self.begin()

    def _level(self, frequency):
        """One fault of those that follow from each other: the one that says most."""
        if not self.channel.raw_power_q7:
            return records.STUCK
        if self._swapped:
            return SWAPPED
        if self.mv * 2 < self._nominal_mv:
            return OPEN
        if frequency:
            return frequency
        if self._half_wave:
            return HALF_WAVE
        off_mv = self.mv - self._nominal_mv
        if abs(off_mv) * 100 <= self._nominal_mv * _OFF_PCT:
            return 0
        return LOW if off_mv < 0 else HIGH

    def _count_steps(self, mv):
        step = self.mv and abs(mv - self.mv) * 100 > self._nominal_mv * _STEP_PCT
        self._steps = min(self._steps + _STEP, _MOST) if step else max(0, self._steps - 1)
        if self._steps >= _SWAPPED:
            self._swapped = True
        elif not self._steps:
            self._swapped = False

    @micropython.native
    def _uneven(self, window, end):
        """Even harmonics: what half a cycle later is not the same with the other sign."""
        sampler = self._sampler
        channels = sampler.channels
        period = self.frequency.period_q8 + 128 >> 8
        step = (window - period) // _PRODUCTS
        first = (end - window) % sampler.frames * channels + self.place
        odd = kernel.repeats(
            first,
            first + period * channels,
            sampler.samples,
            _PRODUCTS,
            step * channels,
            len(sampler.samples),
            (period + 1) // 2 * channels,
            self.channel.raw_mean(),
        )  # twice the power of the odd ones, times the products
        all_of_it = _PRODUCTS * (self.channel.sums[kernel.POWER_Q7] >> 6)
        return odd < all_of_it // _EVEN * (_EVEN - 1)
