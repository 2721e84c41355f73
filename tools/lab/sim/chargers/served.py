"""Serves a charger by pymodbus on a pty: it can be stopped, and started again, in mid-run."""

import asyncio
import logging

from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.server.requesthandler import ServerRequestHandler

from .in_memory import InMemory
from .model import ChargerModel


class _OneFrameAtATime(ServerRequestHandler):
    """Forgets whatever was no request for this charger, as the silence between frames does."""

    def callback_data(self, data: bytes, addr: tuple | None = None) -> int:
        self.last_pdu = None
        if data and data[0] == self.server.charger.address:
            super().callback_data(data, addr)
        elif data and data[0] == self.server.charger.broadcast:
            self.server.broadcast(data)
        return len(data)


class _Server(ModbusSerialServer):
    def __init__(self, charger: ChargerModel, path: str) -> None:
        assert charger.serial
        super().__init__(
            charger.device(),
            framer=FramerType.RTU,
            port=path,
            baudrate=charger.serial.baud,
            ignore_missing_devices=True,
        )
        self.charger = charger
        self._silent = InMemory([charger])
        self._broadcasts: set[asyncio.Task[bytes | None]] = set()

    def broadcast(self, frame: bytes) -> None:
        """Take what goes to everybody. pymodbus's server does so at address 0 only."""
        task = asyncio.get_running_loop().create_task(self._silent.reply(frame))
        self._broadcasts.add(task)
        task.add_done_callback(self._broadcasts.discard)

    def callback_new_connection(self) -> ServerRequestHandler:
        return _OneFrameAtATime(self, self.trace_packet, self.trace_pdu, self.trace_connect)


class ServedCharger:
    """A charger model behind a pymodbus server on the pty `path`."""

    def __init__(self, model: ChargerModel, path: str) -> None:
        self.model = model
        self.path = path
        self._server: _Server | None = None
        logging.getLogger("pymodbus_logging").setLevel(logging.CRITICAL)

    async def start(self, ago_s: float = 0.0) -> None:
        """Switch the charger on (`ago_s` ago) and serve it."""
        self.model.power_on(ago_s)
        self._server = _Server(self.model, self.path)
        await self._server.serve_forever(background=True)

    async def stop(self) -> None:
        """Switch the charger off: nobody answers any more."""
        self.model.power_off()
        if self._server is not None:
            await self._server.shutdown()
            self._server = None
