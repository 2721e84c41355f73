"""Chargers behind pymodbus without a line: a request's bytes in, the reply's bytes out, at once.

For whatever runs in virtual time. The frames are taken apart, carried out and put together by
pymodbus, as on a pty; only the transport is left out.
"""

from collections.abc import Coroutine, Sequence
from typing import Any

from pymodbus.constants import ExcCodes
from pymodbus.exceptions import ModbusIOException, NoSuchIdException
from pymodbus.framer.rtu import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.simulator.simcore import SimCore

from .model import EXCEPTION_BIT, ChargerModel


class InMemory:
    """Several charger models on one line."""

    def __init__(self, models: Sequence[ChargerModel]) -> None:
        self.models = list(models)
        self.requests = 0
        self._cores = [SimCore(model.device()) for model in self.models]
        self._framer = FramerRTU(DecodePDU(True))

    def answer(self, frame: bytes) -> bytes | None:
        """The reply to one request, None for silence; the models wait for nothing."""
        return finished(self.reply(frame))

    async def reply(self, frame: bytes) -> bytes | None:
        """The same, after the time that the model takes."""
        try:
            _, request = self._framer.handleFrame(bytes(frame), 0, 0)
        except ModbusIOException:
            return self._refuse(frame)
        if request is None:
            return None
        self.requests += 1
        reply = None
        for model, core in zip(self.models, self._cores, strict=True):
            if request.dev_id == model.address:
                reply = await self._carry_out(request, model, core)
            elif request.dev_id == model.broadcast:
                await self._carry_out(request, model, core)
        return reply

    async def _carry_out(
        self, request: ModbusPDU, model: ChargerModel, core: SimCore
    ) -> bytes | None:
        if not model.addressable:
            return None
        try:
            response = await request.datastore_update(core, model.address)  # type: ignore[arg-type]
        except NoSuchIdException:
            return None
        response.dev_id = model.address
        frame = bytearray(self._framer.buildFrame(response))
        if isinstance(response, ExceptionResponse) and model.exception_bit != EXCEPTION_BIT:
            frame[1] = frame[1] & 0x7F | model.exception_bit
            frame[-2:] = FramerRTU.compute_CRC(bytes(frame[:-2])).to_bytes(2, "big")
        return bytes(frame)

    def _refuse(self, frame: bytes) -> bytes | None:
        if not any(frame[0] == model.address for model in self.models):
            return None
        response = ExceptionResponse(frame[1], ExcCodes.ILLEGAL_FUNCTION)
        response.dev_id = frame[0]
        return self._framer.buildFrame(response)


def finished(work: Coroutine[Any, Any, bytes | None]) -> bytes | None:
    """The result of a coroutine that only ever waits for 0 seconds."""
    while True:
        try:
            work.send(None)
        except StopIteration as end:
            return end.value
