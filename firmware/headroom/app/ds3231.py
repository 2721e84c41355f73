"""A DS3231 keeps the time over power cuts: in memory only where its two pins are named.

By its data sheet registers 0 to 6 are seconds to year in BCD, which is the digits in hex; 0x0E is
control, 0x0F status, whose bit 7 (OSF) says that the oscillator has stood still since it was last
cleared: then the time means nothing.
"""

from micropython import const

from ..planning import utc
from ..ports import options

_ADDRESS = const(0x68)
_STATUS = const(0x0F)
_OSF = const(0x80)
_CONTROL = const(0x0E)
_AS_DELIVERED = b"\x1c\x00"  # control: it runs by the battery too, no alarms; status: all cleared
_EVERY_MS = const(600_000)
_AGAIN_MS = const(60_000)
_OFF_S = const(2)  # it tells whole seconds
_JUMP_S = const(60)
_MOST_DAYS = const(9999)


class Ds3231:
    """The chip. bus: see ports/i2c.py"""

    def __init__(self, bus):
        self._bus = bus
        self._registers = bytearray(_STATUS + 1)

    def read(self):
        """(day, second) in UTC; ValueError says why it is not known."""
        r = self._registers
        try:
            self._bus.readfrom_mem_into(_ADDRESS, 0, r)
        except OSError:
            raise ValueError("does not answer: look at its wires and its supply")
        if r[_STATUS] & _OSF:
            raise ValueError("has lost the time, its battery is empty or missing: 'time' sets it")
        text = "20%02x-%02x-%02xT%02x:%02x:%02xZ" % (r[6], r[5], r[4], r[2], r[1], r[0])
        try:
            return utc.read(text)
        except ValueError:
            raise ValueError("tells nonsense, no time of 24 hours from 2025 on: 'time' sets it")

    def write(self, day, second):
        """OSError where it does not answer."""
        text = utc.written(day, second)
        at = (17, 14, 11, 0, 8, 5, 2)  # of each register's digits; the weekday is nobody's
        time = bytes([int(text[i : i + 2], 16) if i else 1 for i in at])
        self._bus.writeto_mem(_ADDRESS, 0, time)
        self._bus.writeto_mem(_ADDRESS, _CONTROL, _AS_DELIVERED)


class ClockChip:
    """Tells the clock the time at the start, and every ten minutes how far it is off.

    Once the time is known, one that fails or jumps changes nothing of it: our own crystal goes on.
    fault  what is wrong with it, "" if nothing; the same words while it lasts, for each other text
           is an event of its own
    """

    def __init__(self, chip, clock):
        self._chip = chip
        self._clock = clock
        self._left_ms = 0
        self._missed = False  # it did not take what somebody told
        self.fault = ""

    def look(self, elapsed_ms):
        self._left_ms -= elapsed_ms
        if self._left_ms > 0:
            return
        self._left_ms = _AGAIN_MS
        if self._missed:
            self.set(self._clock.day, self._clock.second)
            return
        try:
            day, second = self._chip.read()
            self._compare(day, second)
        except ValueError as error:
            self.fault = "DS3231 %s" % error
            return
        self.fault = ""
        self._left_ms = _EVERY_MS

    def set(self, day, second):
        """Somebody knows the time. If it does not take it now, it is told until it does."""
        self._missed = True
        self._left_ms = _AGAIN_MS
        try:
            self._chip.write(day, second)
        except OSError:
            self.fault = "DS3231 does not answer: it was not set"
            return
        self._missed = False
        self._left_ms = 0

    def _compare(self, day, second):
        clock = self._clock
        off_s = _JUMP_S + 1
        if not clock.known:
            clock.tell(day, second)
            return
        if abs(day - clock.day) < _MOST_DAYS:
            off_s = (day - clock.day) * 86_400 + second - clock.second
        if abs(off_s) > _JUMP_S:
            raise ValueError("has jumped by more than a minute: the clock goes on without it")
        if abs(off_s) >= _OFF_S:
            clock.tell(day, second)


def built(values, clock):
    """The ClockChip at these pins."""
    bus = options.i2c().bus(values["clock_sda_pin"], values["clock_scl_pin"])
    return ClockChip(Ds3231(bus), clock)
