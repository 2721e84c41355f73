"""An RS-485 line in memory, as ports/__init__.py describes it, with whatever answers on it.

The CRC is pymodbus's, so that the firmware's own is never checked against itself.
"""

import asyncio

from pymodbus.framer.rtu import FramerRTU

WORST_BITS_A_CHARACTER = 11


def with_crc(body):
    """`body` as a whole RTU frame; pymodbus gives the CRC in the order of the wire."""
    return bytes(body) + FramerRTU.compute_CRC(bytes(body)).to_bytes(2, "big")


class Line:
    """Records what is sent, delivers what `answer(frame)` gives: bytes, or None for silence.

    sent        [(ms of the first byte, frame)]
    echo        our own bytes come back too, as from a two-wire transceiver
    delay_ms    from the end of a request to the first byte of its reply
    piece       how many bytes arrive together
    """

    def __init__(self, clock, answer=lambda frame: None):
        self.answer = answer
        self.sent = []
        self.opened = []
        self.echo = False
        self.delay_ms = 5
        self.piece = 256
        self._clock = clock
        self._baud = 9600
        self._arriving = []  # (ms, bytes)

    @property
    def frames(self):
        return [frame for _, frame in self.sent]

    def arrive(self, data, in_ms=0):
        """Let `data` come in, whoever sent it."""
        for i in range(0, len(data), self.piece):
            self._arriving.append((self._clock.ms + in_ms + i, bytes(data[i : i + self.piece])))

    def open(self, baud, parity, stop):
        self._baud = baud
        if not self.opened or self.opened[-1] != (baud, parity, stop):
            self.opened.append((baud, parity, stop))

    async def send(self, frame):
        frame = bytes(frame)
        self.sent.append((self._clock.ms, frame))
        if self.echo:
            self.arrive(frame)
        await asyncio.sleep(self._on_wire_ms(frame) / 1000)
        reply = self.answer(frame)
        if reply is not None:
            self.arrive(reply, self.delay_ms + self._on_wire_ms(reply))

    def _on_wire_ms(self, frame):
        return len(frame) * WORST_BITS_A_CHARACTER * 1000 // self._baud + 1

    def send_now(self, frame):
        self.sent.append((self._clock.ms, bytes(frame)))

    def read_into(self, buffer):
        count = 0
        while self._arriving and self._arriving[0][0] <= self._clock.ms and count < len(buffer):
            at_ms, data = self._arriving.pop(0)
            part = data[: len(buffer) - count]
            buffer[count : count + len(part)] = part
            count += len(part)
            if len(part) < len(data):
                self._arriving.insert(0, (at_ms, data[len(part) :]))
        return count


class Slave:
    """A charger's registers; answers functions 3, 4 and 6 as the Modbus specification says.

    holding, inputs    {register: value}; a register that is not there is refused (exception 2)
    refuses            {(register, value)} whose write is refused (exception 3)
    writes             [(register, value)] that were accepted
    """

    def __init__(self, unit, holding, inputs=()):
        self.unit = unit
        self.holding = dict(holding)
        self.inputs = dict(inputs)
        self.refuses = set()
        self.writes = []
        self.alive = True

    def answer(self, frame):
        if not self.alive or frame[0] != self.unit or with_crc(frame[:-2]) != frame:
            return None
        function = frame[1]
        first, second = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
        if function in (3, 4):
            registers = self.holding if function == 3 else self.inputs
            wanted = range(first, first + second)
            if any(register not in registers for register in wanted):
                return self.exception(function, 2)
            words = b"".join(registers[register].to_bytes(2, "big") for register in wanted)
            return with_crc([self.unit, function, len(words), *words])
        if function == 6:
            if first not in self.holding:
                return self.exception(function, 2)
            if (first, second) in self.refuses:
                return self.exception(function, 3)
            self.holding[first] = second
            self.writes.append((first, second))
            return frame
        return self.exception(function, 1)

    def exception(self, function, code):
        return with_crc([self.unit, function | 0x80, code])


def together(*slaves):
    """One `answer` for several slaves on one line."""

    def answer(frame):
        for slave in slaves:
            reply = slave.answer(frame)
            if reply is not None:
                return reply
        return None

    return answer
