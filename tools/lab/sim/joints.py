"""What joins the simulated world and the firmware: terminals, the stream of samples, the chargers.

PTYS are those of a firmware that runs in real time. tools/lab/lockstep/ has others, in memory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .chargers import ChargerModel
from .chargers.model import SerialFormat
from .chargers.served import ServedCharger
from .front_end import FrontEnd
from .ports import PseudoTerminal, SampleFifo


class Terminal(Protocol):
    """A byte stream, seen from the world; `path` names the other end where it has a name.

    `form` is that of the UART at the other end, None where that keeps it to itself.
    """

    path: str
    form: SerialFormat | None

    def read(self) -> bytes: ...
    def write(self, data: bytes) -> None: ...
    def listen(self, readable: Callable[[], None]) -> None: ...
    def deaf(self) -> None: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


class Samples(Protocol):
    """The stream of converter frames; what nobody takes is dropped in whole chunks."""

    path: Path

    def write(self, chunk: bytes) -> None: ...
    def drain(self) -> None: ...
    def close(self) -> None: ...


class Served(Protocol):
    """Who answers for a charger, from `start` to `stop`."""

    async def start(self, ago_s: float = 0.0) -> None: ...
    async def stop(self) -> None: ...


@dataclass(frozen=True)
class Joints:
    """How to make each of them; `charger` is given the model and its terminal on the line.

    `chunk_frames` is how many samples the world makes at once, and `ahead` whether it does so when
    they begin: then the firmware is given each in its time. `front_end` makes them.
    """

    terminal: Callable[[], Any]
    samples: Callable[[Path], Any]
    charger: Callable[[ChargerModel, Any], Served]
    chunk_frames: int
    ahead: bool = False
    front_end: Callable[[], FrontEnd] = FrontEnd


PTYS = Joints(
    PseudoTerminal,
    lambda folder: SampleFifo(folder / "samples"),
    lambda model, terminal: ServedCharger(model, terminal.path),
    38,
)
