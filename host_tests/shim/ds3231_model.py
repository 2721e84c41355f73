"""A DS3231 by its data sheet, as far as a clock is read and set: registers, battery, oscillator.

Registers 0 to 6 are seconds, minutes, hours (bit 6 of these: 12 hours), weekday, date, month (bit
7: century) and year, two BCD digits each; 0x0E control, 0x0F status. OSF, bit 7 of the status, is
set whenever the oscillator has stood still, and only a write clears it.
"""

from datetime import datetime, timedelta

ADDRESS = 0x68
CONTROL, STATUS = 0x0E, 0x0F
EOSC, OSF = 0x80, 0x80
SIZE = 0x13


def bcd(number):
    return number // 10 << 4 | number % 10


class Ds3231Model:
    """`now` is what it counts, naive UTC; as delivered it has never run. A bus has it alone."""

    def __init__(self):
        self.answers = True
        self.registers = bytearray(SIZE)
        self.without_power(0)

    def without_power(self, seconds, battery=False):
        """The supply is gone for so long."""
        if battery and not self.registers[CONTROL] & EOSC:
            self.advance(seconds)
            return
        self.registers[CONTROL] = 0x1C
        self.registers[STATUS] = 0x88
        self._show(datetime(2000, 1, 1))

    def advance(self, seconds):
        self._show(self.now + timedelta(seconds=seconds))

    @property
    def now(self):
        r = self.registers
        year, month, date, hour, minute, second = (
            (r[i] >> 4) * 10 + (r[i] & 15) for i in (6, 5, 4, 2, 1, 0)
        )
        return datetime(2000 + year, month, date, hour, minute, second)

    def _show(self, now):
        fields = (now.second, now.minute, now.hour, now.isoweekday(), now.day, now.month)
        self.registers[0:7] = bytes(map(bcd, (*fields, now.year - 2000)))

    def readfrom_mem_into(self, address, register, buffer):
        self._asked(address)
        buffer[:] = self.registers[register : register + len(buffer)]

    def writeto_mem(self, address, register, data):
        self._asked(address)
        self.registers[register : register + len(data)] = data

    def _asked(self, address):
        if not self.answers or address != ADDRESS:
            raise OSError(19, "ENODEV")
