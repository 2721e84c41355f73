"""One Modbus RTU exchange: request out, checked reply in, without ever holding the loop.

umodbus builds the PDUs, has the CRC table and checks the echo of a write. What it reads with
blocks for up to half a second, and its faults come as five exception types; so the waiting and
the checking are here, and every fault is an RtuError.
"""

import time

import asyncio
from micropython import const
from umodbus import const as modbus
from umodbus import functions

_WAIT_MS = const(1)
_BUFFER = const(260)

# What went wrong; counted per kind.
SILENT = "no reply"
DAMAGED = "reply damaged"
REFUSED = "refused"
DIFFERENT = "acknowledged another value"


class RtuError(Exception):
    """An exchange failed. `kind` is one of the words above, `code` the Modbus exception or 0."""

    def __init__(self, kind, code=0):
        super().__init__("%s (exception %d)" % (kind, code) if code else kind)
        self.kind = kind
        self.code = code


class Rtu:
    """Exchanges on one line (see ports/__init__.py); one at a time, the caller's duty."""

    def __init__(self, line):
        self._line = line
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self._free_at_ms = time.ticks_ms()
        self._character_us = 1146

    def open(self, baud, parity, stop):
        """Set the line for the charger whose turn it is."""
        self._line.open(baud, parity, stop)
        self._character_us = 11_000_000 // baud

    async def read(self, unit, function, register, count, reply_ms, quiet_ms):
        """Registers by function 3 or 4, as a tuple of unsigned 16-bit words."""
        build = (
            functions.read_holding_registers if function == 3 else functions.read_input_registers
        )
        reply = await self._exchange(unit, build(register, count), 3 + 2 * count, reply_ms, quiet_ms)
        return functions.to_short(reply[3:], False)

    async def write(self, unit, register, value, reply_ms, quiet_ms):
        """One holding register by function 6; done once the charger has echoed it."""
        pdu = functions.write_single_register(register, value, False)
        reply = await self._exchange(unit, pdu, 6, reply_ms, quiet_ms)
        if not functions.validate_resp_data(
            reply[2:], modbus.WRITE_SINGLE_REGISTER, register, value, signed=False
        ):
            raise RtuError(DIFFERENT)

    def write_now(self, unit, register, value):
        """Blocking write without a reply, for the last words before a stop."""
        self._line.send_now(frame(unit, functions.write_single_register(register, value, False)))

    async def _exchange(self, unit, pdu, length, reply_ms, quiet_ms):
        wait_ms = max(quiet_ms, self._gap_ms()) - time.ticks_diff(
            time.ticks_ms(), self._free_at_ms
        )
        if wait_ms > 0:
            await asyncio.sleep_ms(min(wait_ms, quiet_ms + self._gap_ms()))
        await self._line.send(frame(unit, pdu))
        self._line.read_into(self._buffer)  # an echo of our own bytes, or noise
        try:
            return await self._reply(unit, pdu[0], length, reply_ms)
        finally:
            self._free_at_ms = time.ticks_ms()

    async def _reply(self, unit, function, length, reply_ms):
        begun_ms = time.ticks_ms()
        allowed_ms = reply_ms + (length + 2) * self._character_us // 1000
        got = 0
        while time.ticks_diff(time.ticks_ms(), begun_ms) <= allowed_ms:
            count = self._line.read_into(self._view[got:])
            if not count:
                await asyncio.sleep_ms(_WAIT_MS)
                continue
            got += count
            found = self._find(unit, function, length, got)
            if found is not None:
                return found
            if got == _BUFFER:
                break
        raise RtuError(DAMAGED if got else SILENT)

    def _find(self, unit, function, length, got):
        """The reply of `length` bytes (before its CRC) anywhere in what was received."""
        buffer = self._buffer
        for at in range(got - 4):
            if buffer[at] != unit:
                continue
            if buffer[at + 1] == function | modbus.ERROR_BIAS and _intact(self._view, at, 3, got):
                raise RtuError(REFUSED, buffer[at + 2])
            if buffer[at + 1] == function and _intact(self._view, at, length, got):
                if function > 4 or buffer[at + 2] == length - 3:
                    return bytes(self._view[at : at + length])
        return None

    def _gap_ms(self):
        return 7 * self._character_us // 2000 + 1  # 3.5 characters of silence


def frame(unit, pdu):
    """A whole RTU frame: address, PDU, CRC."""
    body = bytearray(1)
    body[0] = unit
    body.extend(pdu)
    crc = _crc(body)
    body.append(crc & 0xFF)
    body.append(crc >> 8)
    return body


def _intact(view, at, length, got):
    end = at + length
    return end + 2 <= got and _crc(view[at:end]) == view[end] | view[end + 1] << 8


def _crc(data):
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ modbus.CRC16_TABLE[(crc ^ byte) & 0xFF]
    return crc
