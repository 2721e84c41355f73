"""A Meter whose samples stay in a metering chip: it gives averages, and peaks for speed.

ATM90E32AS (atm90e32.py). Its RMS values and powers are means of 16 cycles, renewed at the end of
each 16 [DS 3.6]: 267 ms at 60 Hz, 320 ms at 50 Hz, 356 ms at 45 Hz.

    settling   a step is whole in the second renewal after it: 533 ms at 60 Hz, 640 ms at 50 Hz,
               and in the window that reads it, 225 ms later at most
    fast path  the peak of each channel in every 20 ms [DS 5.2, 5.6.3]. `cycle` is the smaller of
               two readings 25 ms apart or more, which are of different 20 ms: so a spike of one
               capacitor is no load. Over sqrt 2: of a sine it is the RMS value, of a current with
               high peaks more. A step shows after 10 + 20 + 2 x 25 = 80 ms at most

Mains and EV are renewed together. A window's currents are read, then its powers, then the currents
again; if those have changed all is read once more, so one reading is of the same 16 cycles.

| fault       | threshold                                                     | seen in |
|-------------|---------------------------------------------------------------|---------|
| chip        | after a reset it has not the values of its data sheet, or it  | 0.2 s   |
|             | does not hold what is written                                 |         |
| restarted   | MeterEn is 0 again, its checksum failed, or one of the        | 0.2 s;  |
|             | registers that were set (one is looked at each window)        | 1.9 s   |
| lost        | LastSPIData is not what was read                              | 0.2 s   |
| stopped     | no current has changed in two windows (a renewal takes 356 ms | 0.6 s;  |
|             | at most), or one of them has not in six renewals of others    | 2.4 s   |
| clipped     | a peak above 94 % of full scale: there the RMS value ends     | 0.2 s   |
| no signal   | a leg's RMS below 0.59 mV at its input                        | 0.9 s   |

A window's `at_ms` is when its currents last changed: if they stop, three windows make the meter
stale, as everywhere. After a fault of the chip it is set up anew: good again after 0.9 s.
"""

import math
from array import array
from time import ticks_add, ticks_diff

import micropython
from micropython import const

from .. import records
from . import atm90e32
from .chip_input import Frequency, put
from .comparison import Comparison
from .meter import CYCLE, WINDOW

_POLL_MS = const(25)  # more than the 20 ms of a peak
_RATE_HZ = const(8000)  # at which the chip samples [DS 6.1]
_FULL = const(30_800)  # of 2^15: of a sine that fills the RMS register, 65536 x sqrt 2 / 3
_FAINT_Q8 = const(48 << 8)  # LSB of RMS: 0.59 mV
_PEAK_Q8 = const(543)  # RMS in 1/256 LSB of a sine with a peak of 1: 256 x 3 / sqrt 2, see _cycle
_STILL = const(2)  # windows, and renewals in which one current did not change:
_ALONE = const(6)
_MOST_HIGH = const(1 << 12)
_LEAST_EV_Q8 = const(256 << 8)  # LSB of RMS: 3 mV
_LEAST_V_Q8 = const(2048 << 8)  # 25 mV, a twentieth of what a sensor gives
_RESET, _SET_UP, _ASK_HZ, _READY = 0, 2, 18, 36  # at which turn, 25 ms each

records.FAULT_NAMES.update(
    {  # in memory only where there is such a chip
        records.CHIP: "the metering chip does not answer as an ATM90E32AS: its wiring, chip "
        "select or supply",
        records.RESTARTED: "the metering chip lost its set-up: a dip of its supply; it is set up "
        "again",
        records.STOPPED: "the metering chip stands still: not a bit of it changes",
        records.STARTING_UP: "the metering chip starts: its first averages are not complete",
    }
)


class ChipMeter:
    """See Meter, whose place it takes.

    chip      an Atm90e32; channels: an Input for each leg, then one for the EV branch
    hz        mains frequency to begin with; another one is found
    volts     a ChipPower, None where no voltage is fitted; watthours: what counts then
    """

    measured_hz = _RATE_HZ
    ct_tests = ()

    def __init__(self, chip, channels, ev_used, ev_legs, hz, volts=None, watthours=None):
        legs = len(channels) - 1
        self.channels = channels
        self.ev_used = ev_used
        self.cycle = records.Reading(legs)
        self.window = records.Reading(legs)
        self.frequency = Frequency()
        self.volts = volts
        self.power = volts.power if volts else None
        self.watthours = watthours
        self.due_ms = 0
        self._comparison = Comparison(ev_legs)
        self._chip = chip
        self._hz = hz
        self._needed = needed = legs + 1 if ev_used else legs
        self._currents = array("i", [0] * needed)
        self._volts_q8 = array("i", [0] * (volts.sensors if volts else 1))
        self._in_phase = array("i", [0] * needed)
        self._quadrature = array("i", [0] * needed)
        self._peaks = array("i", [0] * needed)
        self._clipped = array("i", [0] * needed)
        self._turn = 0
        self._asked = False
        self._fault = records.STARTING_UP
        self._still = 0
        self._same = array("i", [0] * needed)  # renewals in which one did not change
        self._begun = False
        self._polled_ms = self._window_ms = self._moved_ms = 0

    @property
    def lost_frames(self):
        return self._chip.disagreed

    def jitter_us(self):
        return 0

    @micropython.native
    def poll(self, now_ms):
        """See Meter.poll."""
        if not self._begun:
            self._begun = True
            self._polled_ms = ticks_add(now_ms, -_POLL_MS)
            self._window_ms = self._moved_ms = now_ms
        since_ms = ticks_diff(now_ms, self._polled_ms)
        if since_ms < _POLL_MS:
            self.due_ms = ticks_add(self._polled_ms, _POLL_MS)
            return 0
        self._polled_ms = now_ms
        self.due_ms = ticks_add(now_ms, _POLL_MS)
        done = 0
        if self._turn < _READY:
            self._start_up()
        else:
            self._cycle()
            done = CYCLE
        elapsed_ms = ticks_diff(now_ms, self._window_ms)
        if elapsed_ms < records.WINDOW_MS:
            return done
        self._window_ms = now_ms
        self._end_window(now_ms, elapsed_ms)
        return done | WINDOW

    def steady_mv(self, leg=0):
        """Mean RMS of the last 2 s; -1 if it moved by more than 2 % or isn't known."""
        return self.volts.steady_mv(leg)

    def in_phase_ma(self, c):
        """As phase.in_phase_ma: the part of a leg's current in phase with the EV branch's."""
        ev = self._needed - 1
        p, q = self._in_phase, self._quadrature
        apparent = math.sqrt(p[ev] * p[ev] + q[ev] * q[ev])
        if self._currents[ev] < _LEAST_EV_Q8 or not apparent or self._volts_q8[0] < _LEAST_V_Q8:
            return None
        lsb_q16 = 32 * 65536 * (p[c] * p[ev] + q[c] * q[ev]) / apparent / self._volts_q8[0]
        return self.channels[c].scale.of(int(lsb_q16))

    def _start_up(self):
        """One step of it: reset, set up, look at the frequency, wait for whole averages."""
        chip, turn = self._chip, self._turn
        self._turn += 1
        if turn == _RESET:
            chip.reset()
        elif turn == _SET_UP and not (chip.recognised() and chip.set_up(self._hz)):
            self._fault = records.CHIP
            self._turn = _RESET
        elif turn == _ASK_HZ:
            hz = 60 if chip.read(atm90e32.FREQ) > 5500 else 50
            if hz != self._hz and not self._asked:
                self._hz = hz
                self._turn = _RESET
            self._asked = True  # once: without a voltage it says now this, now that
        elif self._turn == _READY:
            self._fault = 0

    @micropython.native
    def _cycle(self):
        """The peaks of 20 ms, of this turn and the one before."""
        chip = self._chip
        for c in range(self._needed):
            channel = self.channels[c]
            before, disagreed = self._peaks[c], chip.disagreed
            peak = abs(chip.read_signed(atm90e32.IPEAK + channel.phase))
            if chip.disagreed != disagreed:
                peak = 0
            self._peaks[c] = peak
            if peak >= _FULL:
                self._clipped[c] = records.CLIPPED
            put(self.cycle, c, channel.scale.of(min(before, peak) * _PEAK_Q8))

    @micropython.native
    def _end_window(self, now_ms, elapsed_ms):
        reading = self.window
        _count(reading)
        chip = self._chip
        disagreed = chip.disagreed
        if not self._fault:
            self._read(now_ms)
            if not chip.keeps() and chip.disagreed == disagreed:  # else it may be misheard
                self._fault = records.RESTARTED
                self._turn = _RESET
        common = self._fault
        if chip.disagreed != disagreed:
            common |= records.LOST
        if self._still >= _STILL:
            common |= records.STOPPED
        reading.at_ms = self._moved_ms
        reading.good = True
        for c in range(len(self.channels)):
            reading.faults[c] = self._judge(c, common)
            reading.good = reading.good and not reading.faults[c]
        self._comparison.look(reading)
        self._end_power(common, elapsed_ms)

    @micropython.native
    def _judge(self, c, common):
        """The faults of a channel; its current goes into the reading if the chip is well."""
        if c >= self._needed:
            return common
        channel, reading = self.channels[c], self.window
        lsb_q8 = self._currents[c]
        ma = channel.scale.of(lsb_q8)
        faults = common
        if not common:
            put(reading, c, ma)
            faults = self._clipped[c]
            if c < reading.legs and lsb_q8 < _FAINT_Q8:
                faults |= records.NO_SIGNAL
            elif not faults and lsb_q8 >= _FAINT_Q8 and self._same[c] >= _ALONE:
                faults = records.STOPPED
        self._clipped[c] = 0
        channel.faults = faults
        channel.steady.add(-1 if faults else ma)
        return faults

    @micropython.native
    def _end_power(self, common, elapsed_ms):
        volts, reading = self.volts, self.window
        if not volts:
            return
        if common:
            volts.unknown(records.CHIP)
            return
        mhz, volts_q8, currents_q8 = self.frequency.mhz, self._volts_q8, self._currents
        volts.fill(reading, currents_q8, volts_q8, mhz, self._in_phase, self._quadrature)
        self.watthours.add(volts.power, min(elapsed_ms, 3000))

    @micropython.native
    def _read(self, now_ms):
        """Currents, powers, voltage and frequency, all of the same 16 cycles."""
        chip = self._chip
        moved = self._read_currents()
        for _ in range(2):
            for i in range(len(self._volts_q8)):
                self._volts_q8[i] = self._read_q8(atm90e32.URMS + self.channels[i].phase)
            for c in range(self._needed):
                phase = self.channels[c].phase
                self._in_phase[c] = self._read_power(atm90e32.PMEAN + phase)
                self._quadrature[c] = self._read_power(atm90e32.QMEAN + phase)
            if not self._read_currents():
                break
            moved = True  # renewed meanwhile: the powers once more
        self.frequency.mhz = chip.read(atm90e32.FREQ) * 10
        if moved:
            self._moved_ms = now_ms
            for c in range(self._needed):
                self._same[c] = min(self._same[c] + 1, _ALONE)
        self._still = 0 if moved else min(self._still + 1, _STILL)

    @micropython.native
    def _read_currents(self):
        """True if one of them has changed."""
        changed = False
        for c in range(self._needed):
            lsb_q8 = self._read_q8(atm90e32.IRMS + self.channels[c].phase)
            if lsb_q8 != self._currents[c]:
                self._currents[c] = lsb_q8
                self._same[c] = -1
                changed = True
        return changed

    @micropython.native
    def _read_q8(self, register):
        """An RMS value in 1/256 LSB: of its low word only the upper byte holds [AN 4.2.6]."""
        high = self._chip.read(register)
        return high << 8 | self._chip.read(register + atm90e32.LOW_WORD) >> 8

    @micropython.native
    def _read_power(self, register):
        """Signed, 32 bits; more than the 28 that full scale needs are a fault of the wires."""
        high = self._chip.read_signed(register)
        low = self._chip.read(register + atm90e32.LOW_WORD)
        return (max(-_MOST_HIGH, min(_MOST_HIGH - 1, high)) << 16) + low


def _count(reading):
    reading.seq = (reading.seq + 1) & 0xFFFFFF  # too large for machine code
