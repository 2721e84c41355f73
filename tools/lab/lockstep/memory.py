"""What joins the world and the firmware in memory, in place of ptys and a FIFO."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from lab.sim.chargers import ChargerModel
from lab.sim.chargers.in_memory import InMemory
from lab.sim.chargers.model import SerialFormat
from lab.sim.joints import Joints
from lab.sim.ports import PIPE_BYTES

MOST_BYTES = 0xFFFF


def _nobody() -> None:
    """Nobody listens."""


class Terminal:
    """A byte stream: `read` and `write` for the world, `take` and `put` for the other end."""

    path = ""

    def __init__(self) -> None:
        self.form: SerialFormat | None = None  # of the other end's UART
        self.unread = bytearray()  # by the other end
        self.heard = _nobody  # called when the world has written
        self._arrived = bytearray()
        self.deaf()

    def read(self) -> bytes:
        """What the other end has sent."""
        data = bytes(self._arrived)
        self._arrived.clear()
        return data

    def write(self, data: bytes) -> None:
        self.unread += data
        self.heard()

    def listen(self, readable: Callable[[], None]) -> None:
        """Call `readable` whenever the other end has sent something."""
        self._readable = readable

    def deaf(self) -> None:
        """Call nobody any more."""
        self._readable = _nobody

    def take(self) -> bytes:
        """What the world has written, or as much of it as the firmware can be given at once."""
        data = bytes(self.unread[:MOST_BYTES])
        del self.unread[: len(data)]
        return data

    def put(self, data: bytes) -> None:
        """The other end sends."""
        self._arrived += data
        self._readable()

    def flush(self) -> None:
        """Throw away what nobody has read yet, either way."""
        self.unread.clear()
        self._arrived.clear()

    def close(self) -> None:
        """Nothing is open."""


class Samples:
    """The converter's frames until the firmware takes them; as many as the FIFO would hold.

    `first_s` is when the first of them is taken.
    """

    path = Path()

    def __init__(self, _folder: Path) -> None:
        self.unread = bytearray()
        self.first_s = 0.0

    def write(self, chunk: bytes) -> None:
        if not self.unread:
            self.first_s = asyncio.get_running_loop().time()
        if len(self.unread) + len(chunk) <= PIPE_BYTES:
            self.unread += chunk

    def take(self) -> bytes:
        data = bytes(self.unread)
        self.unread.clear()
        return data

    def drain(self) -> None:
        self.unread.clear()

    def close(self) -> None:
        """Nothing is open."""


class Charger:
    """A charger model at the end of a Terminal; pymodbus takes its frames apart, see InMemory."""

    def __init__(self, model: ChargerModel, terminal: Terminal) -> None:
        self._model = model
        self._terminal = terminal
        self._server = InMemory([model])
        self._replies: set[asyncio.Task[None]] = set()
        logging.getLogger("pymodbus_logging").setLevel(logging.CRITICAL)

    async def start(self, ago_s: float = 0.0) -> None:
        """Switch it on, `ago_s` ago."""
        self._model.power_on(ago_s)
        self._terminal.flush()
        self._terminal.heard = self._heard

    async def stop(self) -> None:
        """Switch it off: nobody answers any more, not even what was asked before."""
        self._model.power_off()
        self._terminal.heard = _nobody
        for task in self._replies:
            task.cancel()

    def _heard(self) -> None:
        frame = self._terminal.take()
        if self._model.hears(frame[0]):
            task = asyncio.get_running_loop().create_task(self._reply(frame))
            self._replies.add(task)
            task.add_done_callback(self._replies.discard)

    async def _reply(self, frame: bytes) -> None:
        if reply := await self._server.reply(frame):
            self._terminal.put(reply)


MEMORY = Joints(Terminal, Samples, Charger, chunk_frames=384, ahead=True)  # three cycles at 60 Hz
