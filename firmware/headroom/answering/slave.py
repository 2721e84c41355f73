"""Answers as an energy meter on an RS-485 line, for chargers that do their own balancing.

It is silent while there is no fresh measurement: a meter that does not answer makes a charger fall
back, one that shows old values or zeros does not.
"""

import asyncio
import time

from micropython import const
from umodbus import functions

from ..charging import words
from ..charging.receiver import crc16
from ..charging.rtu import frame
from . import meters

_WAIT_MS = const(2)
_BUFFER = const(64)
_REQUEST = const(8)
_MOST = const(80)  # registers in one answer
_ILLEGAL_FUNCTION = const(1)
_ILLEGAL_ADDRESS = const(2)
_ILLEGAL_COUNT = const(3)


class Slave:
    """line      see ports/__init__.py; form: (baud, parity, stop)
    model     a name of meters.py; address: ours
    source    `fresh()`, and `value(quantity, leg)` in units, None for a leg that isn't there
    """

    def __init__(self, line, form, model, address, source):
        self.line = line
        self._functions, self._kind, self._rows, self._singles = meters.load(model)
        self._last = max(max(self._rows) + 2, max(self._singles or (0,)) + 1)
        self._address = address
        self._source = source
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self._got = 0
        # 3.5 characters of 11 bits end a frame; a UART hands bytes over in groups.
        self._silence_ms = 38_500 // form[0] + 2 * _WAIT_MS
        self.answered = 0
        self.ignored = 0
        line.open(*form)

    async def serve(self):
        """For ever."""
        heard_ms = time.ticks_ms()
        while True:
            count = self.line.read_into(self._view[self._got :])
            now_ms = time.ticks_ms()
            if count:
                self._got += count
                heard_ms = now_ms
            elif self._got and time.ticks_diff(now_ms, heard_ms) >= self._silence_ms:
                await self._answer()
            if self._got == _BUFFER:
                self._got = 0
                self.ignored += 1
            await asyncio.sleep_ms(_WAIT_MS)

    async def _answer(self):
        pdu = self.reply(bytes(self._view[: self._got]))
        self._got = 0
        if pdu is None:
            self.ignored += 1
            return
        sent = frame(self._address, pdu)
        await self.line.send(sent)
        self.answered += 1
        self._got = self.line.read_into(self._buffer)
        if self._buffer[: self._got] == sent[: self._got]:
            self._got = 0  # an echo of our own bytes

    def reply(self, heard):
        """The PDU that answers what was heard, None for silence."""
        if len(heard) != _REQUEST or heard[0] != self._address or crc16(heard):
            return None
        if not self._source.fresh():
            return None
        function = heard[1]
        register, count = heard[2] << 8 | heard[3], heard[4] << 8 | heard[5]
        if function not in self._functions:
            return functions.exception_response(function & 0x7F, _ILLEGAL_FUNCTION)
        if not 1 <= count <= _MOST:
            return functions.exception_response(function, _ILLEGAL_COUNT)
        if register + count > self._last:
            return functions.exception_response(function, _ILLEGAL_ADDRESS)
        return functions.response(
            function, register, count, None, self._words(register, count), False
        )

    def _words(self, register, count):
        """The registers asked for; those that the map leaves open are 0."""
        if count == 1 and register in self._singles:
            return [self._counts(self._singles[register]) & 0xFFFF]
        found = [0] * count
        for at in range(register - 1, register + count):
            row = self._rows.get(at)
            if row:
                kind, low_first = self._kind
                pair = words.to_words(self._counts(row), kind, low_first)
                for place in (0, 1):
                    if 0 <= at + place - register < count:
                        found[at + place - register] = pair[place]
            elif at >= register and at in self._singles and self._singles[at][0] != "id":
                found[at - register] = self._counts(self._singles[at]) & 0xFFFF
        return found

    def _counts(self, row):
        quantity, leg, per_unit = row
        if quantity == "id":
            return leg
        value = self._source.value(quantity, leg)
        value = 0 if value is None else value * per_unit
        return value if self._kind[0] == "f32" else round(value)
