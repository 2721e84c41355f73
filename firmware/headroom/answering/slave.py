"""Answers as an energy meter on an RS-485 line, for chargers that do their own balancing.

A Wall Connector wants its answer within 66 ms. The UART's interrupt takes every byte, so a task
that holds the loop loses none; a request is known by its length and CRC, with no wait for silence.
From its last bit to the answer's first, on an emulated Pico with the firmware copied:

    8 to 15 ms    powers, currents, identity
    40 to 51 ms   while garbage is collected, asked at five moments of it
    4 to 32 ms    while the console answers, the same

What was asked again meanwhile is answered once. A command that the console loads for the first
time may hold the loop for longer than 66 ms, unless it is frozen: then one answer is late.

What happens while there is no good measurement is a choice: silence, full load shown, or an
exception. Old values are never shown.
"""

import asyncio
import time

from micropython import const

from ..charging.receiver import crc16
from . import models
from .registers import Registers

_WAIT_MS = const(4)
_REQUEST = const(8)
_LONGEST = const(255)
_BUFFER = const(_LONGEST + 2 * _REQUEST)  # an echo of our own, and what follows
_MOST = const(125)  # registers in one answer
_MOST_NOTED = const(8)
_RAISED = const(-1)  # among the registers that were noted: something raised
_ECHO = const(8)
_ILLEGAL_FUNCTION = const(1)
_ILLEGAL_ADDRESS = const(2)
_ILLEGAL_COUNT = const(3)
_FAILURE = const(4)


class Slave:
    """line      see ports/__init__.py; form: (baud or 0 for the meter's own, parity, stop)
    name      of models/; address: ours
    source    `fresh()`, `begin(full)` with each question, and what registers.py asks for
    when_bad  a word of models/, "" for the meter's own
    note      hears of registers that the meter doesn't have, each once

    asked     how often somebody has asked, in words that it knows
    """

    def __init__(self, line, form, name, address, source, when_bad="", note=None):
        self.line = line
        self._name = name
        self._meter = meter = models.load(name)
        self._registers = Registers(meter, source)
        self._when_bad = when_bad or meter["when_bad"]
        self._measured = meter.get("measured", (0, 0x10000))
        self._address = address
        self._source = source
        self._note = note
        self._noted = []
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self._got = 0
        self._reply = bytearray(_LONGEST)
        self._reply_view = memoryview(self._reply)
        baud = form[0] or meter.get("baud", 9600)
        self._gap_ms = max(2, 38_500 // baud + 1)  # 3.5 characters of 11 bits, 2 ms at least
        self.asked = 0
        line.open(baud, form[1], form[2])

    async def serve(self):
        """For ever."""
        heard_ms = time.ticks_ms()
        while True:
            if self._read():
                heard_ms = time.ticks_ms()
            if self._asked():
                await self._answer()
                heard_ms = time.ticks_ms()
            elif self._got:
                # A UART hands bytes over in groups.
                silent_ms = time.ticks_diff(time.ticks_ms(), heard_ms)
                if silent_ms >= self._gap_ms + 2 * _WAIT_MS or self._got == _BUFFER:
                    self._got = 0
            await asyncio.sleep_ms(_WAIT_MS)

    def _read(self):
        view = self._view[self._got :] if self._got else self._view
        count = self.line.read_into(view)
        self._got += count
        return count

    def _asked(self):
        """Do the bytes end in a request to us? What is before it was for others, or is old."""
        if self._got < _REQUEST:
            return False
        request = self._view[self._got - _REQUEST : self._got]
        return request[0] == self._address and not crc16(request)

    async def _answer(self):
        size = await self._make()
        self._got = 0
        if not size:
            return
        await self.line.send(self._reply_view[:size])
        await asyncio.sleep_ms(self._gap_ms)
        self._read()
        if self._got >= size and self._buffer[:size] == self._reply[:size]:
            self._got -= size  # an echo of our own bytes
            self._buffer[: self._got] = self._buffer[size : size + self._got]

    async def _make(self):
        """The answer to what was asked last, after the gap between frames."""
        while True:
            begun_ms = time.ticks_ms()
            size = self._reply_or_nothing(self._view[self._got - _REQUEST : self._got])
            spent_ms = time.ticks_diff(time.ticks_ms(), begun_ms)
            if spent_ms < self._gap_ms:
                await asyncio.sleep_ms(self._gap_ms - spent_ms)
            if not self._read():
                return size
            if not self._asked():
                return 0  # it was a part of something else

    def _reply_or_nothing(self, request):
        """The same as reply(); what somebody asks ends no meter, whatever is raised."""
        try:
            return self.reply(request)
        except Exception as error:  # noqa: BLE001
            if self._is_news(_RAISED):
                self._note("no answer as %s: %r" % (self._name, error))
            return 0

    def reply(self, request):
        """Make the frame that answers a request, in `frame`; how long it is, 0 for silence."""
        self.asked = (self.asked + 1) & 0x3FFFFFFF
        function = request[1]
        register, count = request[2] << 8 | request[3], request[4] << 8 | request[5]
        bad = not self._source.fresh() and self._hangs(register, count)
        if bad and self._when_bad == models.SILENCE:
            return 0
        if function == _ECHO and "echoes" in self._meter and not register:
            self._reply[:_REQUEST] = request
            return _REQUEST
        if function not in self._meter["functions"]:
            return self._refuse(function, _ILLEGAL_FUNCTION)
        if not 1 <= count <= self._meter.get("most", _MOST):
            return self._refuse(function, _ILLEGAL_COUNT)
        if register + count - 1 > self._meter.get("last", 0xFFFF):
            return self._refuse(function, _ILLEGAL_ADDRESS)
        if bad and self._when_bad == models.EXCEPTION:
            return self._refuse(function, _FAILURE)
        self._source.begin(bad)
        self._reply[1] = function
        self._reply[2] = 2 * count
        unknown = self._registers.write(register, count, self._reply, 3)
        if unknown >= 0 and self._is_news(register):
            text = "asked as %s for %d registers from 0x%04X: 0x%04X is not known"
            self._note(text % (self._name, count, register, unknown))
        return self._close(3 + 2 * count)

    def frame(self, size):
        """The last answer, as it goes out."""
        return bytes(self._reply_view[:size])

    def _hangs(self, register, count):
        """Do any of these registers hang on the measurement?"""
        return register < self._measured[1] and register + count > self._measured[0]

    def _refuse(self, function, code):
        self._reply[1] = function & 0x7F | 0x80
        self._reply[2] = code
        return self._close(3)

    def _close(self, size):
        self._reply[0] = self._address
        crc = crc16(self._reply_view[:size])
        self._reply[size] = crc & 0xFF
        self._reply[size + 1] = crc >> 8
        return size + 2

    def _is_news(self, register):
        """Is it to be noted? What a charger asks for in vain helps whoever adds a model."""
        if not self._note or len(self._noted) == _MOST_NOTED or register in self._noted:
            return False
        self._noted.append(register)
        return True
