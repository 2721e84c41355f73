"""A slave whose measurement is set by hand, asked in whole frames; the CRC is pymodbus's."""

import struct
from types import SimpleNamespace

import micropython  # noqa: F401  the shim: `time` has MicroPython's ticks from here on
from scripted_line import with_crc

from headroom.answering.readings import Readings
from headroom.answering.slave import Slave
from headroom.metering.health import Health

import time  # isort: skip

LINE = SimpleNamespace(open=lambda *form: None)
WH = 1_234_567, 7_654, 3_000


class AskedMeter:
    """`amperes` of each leg at `volts`, without a voltage input; RATED_A is the main breaker's."""

    RATED_A = 63

    def __init__(self, name, amperes, volts=230, address=1, when_bad=""):
        self.window = SimpleNamespace(
            good=True,
            legs=len(amperes),
            leg_ma=[round(1000 * amps) for amps in amperes],
            at_ms=time.ticks_ms(),
        )
        self.frequency = SimpleNamespace(millihertz=lambda: 50_020)
        self.health = Health()
        self.power = None
        self.notes = []
        self.address = address
        energy = SimpleNamespace(wh=lambda leg, volts: WH[leg])
        readings = Readings(self, self.health, energy, volts, self.RATED_A * 1000)
        form = (0, "N", 1)
        self.slave = Slave(LINE, form, name, address, readings, when_bad, self.notes.append)

    def frame(self, request):
        """What answers the bytes of a whole request, None for silence."""
        self.window.at_ms = time.ticks_ms()
        size = self.slave.reply(memoryview(bytes(request)))
        return self.slave.frame(size) if size else None

    def ask(self, function, register, count):
        """The data of the answer, the code of an exception, or None."""
        body = struct.pack(">BBHH", self.address, function, register, count)
        frame = self.frame(with_crc(body))
        if frame is None:
            return None
        assert frame == with_crc(frame[:-2])
        assert frame[0] == self.address
        if frame[1] == function | 0x80:
            return frame[2]
        assert frame[1:3] == bytes([function, 2 * count])
        return frame[3:-2]
