"""One Modbus RTU exchange: request out, checked reply in, without ever holding the loop.

umodbus builds the PDUs and has the CRC table. What it reads with blocks for up to half a second,
and its faults come as five exception types; so the waiting and the checking are here and in
receiver.py, and every fault is an RtuError.
"""

import time

from micropython import const
from umodbus import functions

from .ages import Ages
from .receiver import Receiver, crc16

_WAIT_MS = const(1)
_PAUSE_MS = const(25)  # silence after which a reply that is long enough, but wrong, is over

# What an exchange fails of; the receiver's words say more.
SILENT = "no reply"
DAMAGED = "reply damaged"
REFUSED = "refused"
DIFFERENT = "acknowledged another value"
DOUBTFUL = "perhaps a late reply to another request"


class RtuError(Exception):
    """An exchange failed. `kind` is one of the words above, `code` the Modbus exception or 0."""

    def __init__(self, kind, code=0, detail=""):
        text = "%s (exception %d)" % (kind, code) if code else kind
        super().__init__("%s: %s" % (text, detail) if detail else text)
        self.kind = kind
        self.code = code


class Rtu:
    """Exchanges on one line (see ports/__init__.py); one at a time, the caller's duty."""

    def __init__(self, line):
        # No global: what knows asyncio leads to every task, see memory.py.
        from asyncio import sleep_ms

        self._line = line
        self._sleep_ms = sleep_ms
        self.receiver = Receiver()
        self._silence = Ages(1, time.ticks_ms())
        self._character_us = 1146

    def open(self, baud, parity, stop):
        """Set the line for the charger whose turn it is."""
        self._line.open(baud, parity, stop)
        self._character_us = 11_000_000 // baud

    def silent_ms(self, now_ms):
        """How long the line has been silent; ask at least a few times a day, see ages.py."""
        return self._silence.of(0, now_ms)

    async def read(self, unit, function, register, count, reply_ms, quiet_ms):
        """Registers by function 3 or 4, as a tuple of unsigned 16-bit words."""
        build = (
            functions.read_holding_registers if function == 3 else functions.read_input_registers
        )
        reply = await self._exchange(
            unit, build(register, count), 3 + 2 * count, reply_ms, quiet_ms
        )
        return functions.to_short(reply[3:], False)

    async def write(self, unit, register, value, reply_ms, quiet_ms):
        """One holding register by function 6; done once the charger has echoed it."""
        pdu = functions.write_single_register(register, value, False)
        await self.write_pdu(unit, pdu, reply_ms, quiet_ms)

    async def write_pdu(self, unit, pdu, reply_ms, quiet_ms):
        """Any write, by function 5, 6 or 16; done once the charger has acknowledged it."""
        reply = await self._exchange(unit, pdu, 6, reply_ms, quiet_ms)
        # The value for functions 5 and 6, the number of registers for 16: in the same place.
        if reply[1:] != pdu[:5]:
            raise RtuError(DIFFERENT)

    async def broadcast(self, unit, pdu, quiet_ms):
        """A write that nobody answers; done once it is on the wire."""
        await self._quiet(quiet_ms)
        await self._line.send(frame(unit, pdu))
        self._silence.begin(0, time.ticks_ms())

    def write_now(self, unit, register, value):
        """Blocking write without a reply, for the last words before a stop."""
        self.send_now(unit, functions.write_single_register(register, value, False))

    def send_now(self, unit, pdu):
        """Any PDU, blocking and without a reply."""
        time.sleep_ms(self._gap_ms())
        self._line.send_now(frame(unit, pdu))

    async def _exchange(self, unit, pdu, length, reply_ms, quiet_ms):
        await self._quiet(quiet_ms)
        request = frame(unit, pdu)
        self.receiver.discard(self._line)
        await self._line.send(request)
        self.receiver.begin(self._line, request)
        try:
            return await self._reply(unit, pdu[0], length, reply_ms)
        finally:
            self._silence.begin(0, time.ticks_ms())

    def _gap_ms(self):
        """3.5 characters, or 1.75 ms if that is more: what ends a frame."""
        return max(7 * self._character_us, 3500) // 2000 + 1

    async def _quiet(self, quiet_ms):
        gap_ms = self._gap_ms()
        wait_ms = max(quiet_ms, gap_ms) - self.silent_ms(time.ticks_ms())
        if wait_ms > 0:
            await self._sleep_ms(min(wait_ms, quiet_ms + gap_ms))

    async def _reply(self, unit, function, length, reply_ms):
        receiver = self.receiver
        begun_ms = heard_ms = time.ticks_ms()
        allowed_ms = reply_ms + (length + 2) * self._character_us // 1000
        while not receiver.full():
            now_ms = time.ticks_ms()
            if receiver.take(self._line):
                heard_ms = now_ms
                found = receiver.find(unit, function, length)
                if found:
                    return found
                if found is not None:
                    raise RtuError(REFUSED, receiver.refusal)
            else:
                pause_ms = time.ticks_diff(now_ms, heard_ms) if receiver.got() > length + 1 else 0
                if pause_ms > _PAUSE_MS or time.ticks_diff(now_ms, begun_ms) > allowed_ms:
                    break
            await self._sleep_ms(_WAIT_MS)
        if not receiver.give_up(function):
            raise RtuError(SILENT)
        raise RtuError(DAMAGED, 0, receiver.blame(unit, function, length))


def frame(unit, pdu):
    """A whole RTU frame: address, PDU, CRC."""
    body = bytearray(1)
    body[0] = unit
    body.extend(pdu)
    crc = crc16(body)
    body.append(crc & 0xFF)
    body.append(crc >> 8)
    return body
