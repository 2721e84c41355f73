"""An ATM90E32AS at its pins, written from its data sheet (Atmel-46003B) and application note.

Runs on CPython and on MicroPython. `machine(chip, pins)` is a module `machine` whose SPI leads to
it. What is true is set from outside: `mv` and `angle_deg` of the three current inputs and of the
voltage inputs, as they stand at the chip. `pass_ms` lets time pass; frames take none.
"""

import math
from array import array

DEFAULTS = {
    0x01: 0x0210, 0x02: 0x0654, 0x05: 0x143F, 0x06: 0xC000, 0x07: 0x0001, 0x08: 0x1000,
    0x09: 0x0400, 0x0A: 0xFFFF, 0x0B: 0xC000, 0x22: 5000, 0x23: 25, 0x31: 0x0861, 0x32: 0xC468,
    0x33: 0x0087, 0x61: 0x8000, 0x62: 0x8000, 0x65: 0x8000, 0x66: 0x8000, 0x69: 0x8000,
    0x6A: 0x8000,
}  # fmt: skip
FULL_SCALE_MV = 1200  # peak
CYCLES = 16  # of an average
CRC_MS = 14  # 112 words of 125 us
UNLOCK = 0x55AA


class Atm90e32:
    """mv[c]  RMS at current input c; crest[c]: peak over RMS; lag_deg[c] behind the voltage
    u_mv      RMS at the voltage inputs, joined on the board; hz
    legs_mv   RMS at each of them, where they are not joined; lag_deg[c] is behind input c then
    stuck     the first registers of what stands still alone: 0xB1 of real power, 0xD9 of voltage
    frozen    its averages and peaks do not move any more
    wired     "", or what MISO does: "high", "low"; spoil_every: each so many frames lose a clock
    between   called before each frame
    """

    def __init__(self, seed=1):
        self.mv = [0.0] * 3
        self.crest = [math.sqrt(2)] * 3
        self.lag_deg = [0.0] * 3
        self.u_mv = 0.0
        self.legs_mv = None
        self.hz = 60.0
        self.noise_mv = 0.02
        self.frozen = False
        self.stuck = ()
        self.wired = ""
        self.spoil_every = 0
        self.between = None
        self.frames = 0
        self.renewals = 0
        self._seed = seed
        self.registers = array("H", [0] * 256)
        self._last = 0
        self.power_on()

    def power_on(self):
        """Also a brown-out, and a reset by software: all is forgotten."""
        for i in range(256):
            self.registers[i] = DEFAULTS.get(i, 0)
        self._golden = None
        self._locked_ms = None
        self._ms = 0.0
        self._peak_ms = 0.0
        self._sums = [[0.0] * 4 for _ in range(3)]
        self._peaks = [0.0] * 3
        self._deaf_ms = 16.0  # T1

    def renew_now(self):
        """What has been summed up becomes the averages now, and not at the end of 16 cycles."""
        self._renew()

    def pass_ms(self, ms):
        for _ in range(ms):
            self._deaf_ms = max(0, self._deaf_ms - 1)
            self._millisecond()

    def exchange(self, frame, answer):
        """CS low, what is clocked in and out, CS high."""
        self.frames += 1
        if self.between:
            self.between()
        spoiled = self.spoil_every and self.frames % self.spoil_every == 0
        register = (frame[0] & 3) << 8 | frame[1]
        read = frame[0] & 0x80
        value = 0
        if self._deaf_ms == 0 and register < 256:
            if read:
                value = self._last if register == 0x78 else self.registers[register]
                self._last = value
            elif not spoiled:  # exactly 32 clocks
                self._write(register, frame[2] << 8 | frame[3])
        if spoiled:
            value = value << 1 & 0xFFFF
        if self.wired == "high" or self.wired == "low":
            value = 0xFFFF if self.wired == "high" else 0
        answer[0] = answer[1] = 0xFF  # high impedance, pulled up
        answer[2] = value >> 8
        answer[3] = value & 0xFF

    def _write(self, register, value):
        self._last = value
        if register == 0x70:
            if value == 0x789A:
                self.power_on()
        elif register == 0x7F:
            self.registers[0x7F] = value
            self.registers[0x79] = 0
            self._golden = None
            self._locked_ms = 0 if value != UNLOCK else None
        elif register < 0x70 and self.registers[0x7F] == UNLOCK:
            self.registers[register] = value

    def _millisecond(self):
        if self._locked_ms is not None:
            self._locked_ms += 1
            if self._locked_ms >= CRC_MS:
                now = list(self.registers[:0x70])
                self._golden = self._golden or now
                self.registers[0x79] = 0 if now == self._golden else 1
        for c in range(3):
            mv = self.mv[c] + self._noise()
            self._peaks[c] = max(self._peaks[c], abs(self.mv[c] * self.crest[c]))
            angle = math.radians(self.lag_deg[c])
            sums = self._sums[c]
            u_mv = self._u_mv(c)
            sums[0] += mv * mv
            sums[1] += mv * u_mv * math.cos(angle)
            sums[2] += mv * u_mv * math.sin(angle)
            sums[3] += 1
        self._ms += 1
        self._peak_ms += 1
        if self._peak_ms >= self.registers[0x05] >> 8:
            self._peak_ms = 0
            self._renew_peaks()
        if self._ms >= CYCLES * 1000 / self.hz:
            self._ms -= CYCLES * 1000 / self.hz
            self._renew()

    def _u_mv(self, c):
        return self.legs_mv[c] if self.legs_mv else self.u_mv

    def _renew_peaks(self):
        for c in range(3):
            if not self.frozen:
                sample = min(self._peaks[c] / FULL_SCALE_MV, 1) * 32767
                self.registers[0xF5 + c] = round(sample)
            self._peaks[c] = 0.0

    def _renew(self):
        self.renewals += 1
        for c in range(3):
            square, real, reactive, count = self._sums[c]
            self._sums[c] = [0.0] * 4
            if self.frozen:
                continue
            gain = self.registers[0x62 + 4 * c]
            volts = self._rms(abs(self._u_mv(c) + self._noise()), self.registers[0x61 + 4 * c])
            self._long(0xDD + c, self._rms(math.sqrt(square / count), gain) * 65536)
            self._long(0xD9 + c, volts * 65536)
            lsb = self._rms(1, gain) * self._rms(1, self.registers[0x61 + 4 * c]) / count
            self._long(0xB1 + c, real * lsb / 32)  # 0.01 V x 0.001 A is 1/32 of 0.00032 W
            self._long(0xB5 + c, reactive * lsb / 32)
        if not self.frozen:
            self.registers[0xF8] = round(self.hz * 100) if self._u_mv(0) > 13 else 0

    def _rms(self, mv, gain):
        """LSB of an RMS register by the formula of the thresholds, 3.7.2: FFFFH is full scale."""
        full_scale = 65536 * gain / 16384 / math.sqrt(2)
        return mv * math.sqrt(2) / FULL_SCALE_MV * full_scale

    def _long(self, register, value):
        """The upper word, and the lower one 10H further; of an RMS value only its upper byte."""
        if register in self.stuck:
            return
        value = round(value)
        if register >= 0xD9:
            value = min(value, 0xFFFFFFFF) & 0xFFFFFF00
        self.registers[register] = value >> 16 & 0xFFFF
        self.registers[register + 0x10] = value & 0xFFFF

    def _noise(self):
        self._seed = (self._seed * 16645 + 11) & 0xFFFF
        return (self._seed / 32768 - 1) * self.noise_mv


def machine(chip, pins):
    """What takes the place of the module: Pin and SPI, as far as ports/spi.py uses them."""
    levels = {}

    class Pin:
        OUT = 1

        def __init__(self, gpio, mode=None, value=None):
            self.gpio = gpio
            if value is not None:
                levels[gpio] = value

        def __call__(self, level):
            levels[self.gpio] = level

    class SPI:
        def __init__(self, number, baudrate, polarity, phase, sck, mosi, miso):
            wired = (sck.gpio, mosi.gpio, miso.gpio) == (pins["sck"], pins["mosi"], pins["miso"])
            self.heard = wired and polarity == phase == 1 and baudrate <= 1_100_000

        def write_readinto(self, frame, answer):
            silent = True
            for gpio in pins["idle"]:
                silent = silent and levels.get(gpio) == 1
            if not self.heard or not silent or levels[pins["cs"]] != 0 or len(frame) != 4:
                answer[0] = answer[1] = answer[2] = answer[3] = 0xA5
            else:
                chip.exchange(frame, answer)

    class Module:
        pass

    Module.Pin, Module.SPI = Pin, SPI
    return Module
