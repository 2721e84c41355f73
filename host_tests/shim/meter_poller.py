"""Whoever asks on the meter's line of a firmware in virtual time; pymodbus has the frames."""

import asyncio

from pymodbus.framer.rtu import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest, ReadInputRegistersRequest

from lab.lockstep.memory import Terminal
from lab.sim.frames import crc_ok
from lab.sim.line import Line

ANSWER_S = 0.6


class Poller:
    """`form` is the format in which it asks; `reply_s` what each reply took on the wire."""

    def __init__(self, firmware, address, form):
        self.address = address
        self.line = Line([(address, form)], terminal=Terminal)
        self.line.master.form = form
        firmware.meter = self.line.slaves[0]
        self.reply_s = []
        self.line.listeners.append(self.passed)
        self.line.start()
        self.framer = FramerRTU(DecodePDU(False))

    def passed(self, frame):
        if not frame.is_request:
            self.reply_s.append(frame.end_s - frame.first_s)

    async def inputs(self, register, count):
        """The registers by function 4; an exception's code, None for silence or garbage."""
        return await self._ask(ReadInputRegistersRequest, register, count)

    async def holdings(self, register, count):
        """The same by function 3."""
        return await self._ask(ReadHoldingRegistersRequest, register, count)

    async def _ask(self, kind, register, count):
        request = kind(address=register, count=count, dev_id=self.address)
        self.line.master.put(self.framer.buildFrame(request))
        await asyncio.sleep(ANSWER_S)
        reply = self.line.master.take()
        if not crc_ok(reply):
            return None
        used, pdu = self.framer.handleFrame(reply, self.address, 0)
        assert used == len(reply)
        return pdu.exception_code if pdu.isError() else pdu.registers
