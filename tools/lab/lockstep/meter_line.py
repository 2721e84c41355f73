"""A Wall Connector's questions to its meter on an RS-485 line of its own, five times a second.

It takes an answer that is whole within 66 ms of its question's last bit.
"""

import asyncio
import struct
from typing import cast

from lab.sim.chargers.model import SerialFormat
from lab.sim.frames import crc16, crc_ok
from lab.sim.line import Line
from lab.sim.wall_connector import WallConnector

from .machine import Machine
from .memory import Terminal

FORM = SerialFormat(115200, "N", 1)
ADDRESS = 1
WANTED_S = 0.066
APART_S = 0.1  # from question to question: powers and currents in a cycle of 200 ms
WHO = ((0x9C42, 6), (0x0001, 55), (0x0000, 1))
POWERS, CURRENTS = (0x0088, 10), (0x00F4, 8)
MAKER = b"Generac"


class MeterLine:
    """Joins `charger` to a firmware's second line.

    found      it has found the meter that it looks for
    answered, missed   questions; slowest_s: of the answers, from the question's last bit
    """

    def __init__(self, charger: WallConnector, firmware: Machine) -> None:
        self.charger = charger
        self.line = Line([(ADDRESS, FORM)], terminal=Terminal)
        firmware.meter = cast(Terminal, self.line.slaves[0])
        self._port = cast(Terminal, self.line.master)
        self._port.form = FORM
        self.found = False
        self.answered = self.missed = 0
        self.slowest_s = 0.0
        self._heard = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.line.start()
        self._port.heard = self._heard.set
        self._task = asyncio.create_task(self._run())

    def check(self) -> None:
        """Raise what has ended it, if anything has."""
        if self._task is not None and self._task.done():
            self._task.result()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self.line.close()

    async def _run(self) -> None:
        while True:
            if not self.found:
                answers = [await self._ask(*question) for question in WHO]
                self.found = all(answers) and MAKER in answers[0]
                continue
            powers = await self._ask(*POWERS)
            currents = await self._ask(*CURRENTS)
            if powers and currents:
                now_s = asyncio.get_running_loop().time()
                self.charger.take(now_s, struct.unpack(">4f", currents)[:3])
            else:
                self.charger.miss(2 * APART_S)

    async def _ask(self, register: int, count: int) -> bytes:
        """The data of the answer, empty if none has come in time; then it waits for its turn."""
        clock = asyncio.get_running_loop().time
        begun_s = clock()
        answer = await self._answer(register, count)
        await asyncio.sleep(max(0.0, begun_s + APART_S - clock()))
        return answer

    async def _answer(self, register: int, count: int) -> bytes:
        clock = asyncio.get_running_loop().time
        request = struct.pack(">BBHH", ADDRESS, 3, register, count)
        request += crc16(request).to_bytes(2, "little")
        self._port.take()
        self._port.put(request)
        end_s = clock() + len(request) * FORM.char_s
        reply = b""
        size = 5 + 2 * count
        while len(reply) < size and (left_s := end_s + WANTED_S - clock()) > 0:
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), left_s)
            except asyncio.TimeoutError:
                break
            reply += self._port.take()
        if len(reply) != size or not crc_ok(reply) or reply[1] != 3:
            self.missed += 1
            return b""
        self.answered += 1
        self.slowest_s = max(self.slowest_s, clock() - end_s)
        return reply[3:-2]
