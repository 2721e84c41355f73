"""A charger of one current and no bus: an output of the meter closes the contact that enables it.

Its car follows as any car does that is enabled or no longer is. With `welded` the contact stays
closed whatever the output says. The output is a file, see firmware/headroom/ports/unix_pins.py;
another is the read-back that the meter may have: a contact that opens when this one closes.
"""

import time
from collections.abc import Callable
from pathlib import Path

from .model import ChargerModel

PINS = "pins"  # the folder with a file a pin
READ_BACK = 2  # so many pins further on


class Relay(ChargerModel):
    name = "relay"
    serial = None
    min_a = max_a = 40.0
    boot_s = 0.0
    held_a = 0.0
    step_a = max_a
    watchdog_s = 0.0  # without power, and while the meter starts, the output is low

    def __init__(self, address: int = 10, clock: Callable[[], float] = time.monotonic) -> None:
        """`address` is the GPIO of the output; that of the read-back is READ_BACK further on."""
        super().__init__(address, clock)
        self.closed = self.welded = False
        self.reads_back = False  # whether the meter is told of the read-back
        self._pins: Path | None = None
        self._read_back = ""

    def wire(self, folder: Path) -> None:
        """From now on its output and its read-back are in this folder of files."""
        folder.mkdir(exist_ok=True)
        self._pins = folder
        self.release()

    def release(self) -> None:
        """Nobody drives the output: it is pulled low."""
        assert self._pins
        (self._pins / str(self.address)).write_text("0")
        self.look()

    def look(self) -> bool:
        """Follow the output; True if it has changed."""
        assert self._pins
        was, self.closed = self.closed, (self._pins / str(self.address)).read_text() == "1"
        flows = "1" if self.pilot_a else "0"
        if flows != self._read_back:
            self._read_back = flows
            (self._pins / str(self.address + READ_BACK)).write_text(flows)
        return self.closed != was

    def hears(self, unit: int) -> bool:
        return False

    @property
    def pilot_a(self) -> float:
        return self.max_a if self.powered and (self.closed or self.welded) else 0.0

    def settings(self, name: str, fallback_a: int) -> str:
        read_back = f" {name}.readback_pin {self.address + READ_BACK}" if self.reads_back else ""
        return (
            f"{name}.profile relay {name}.pin {self.address} {name}.max_a {self.max_a:.0f}"
            f" {name}.fallback_a 0{read_back}"
        )


class Contact:
    """In place of a server on the line: all that it takes is power."""

    def __init__(self, model: Relay) -> None:
        self._model = model

    async def start(self, ago_s: float = 0.0) -> None:
        self._model.power_on(ago_s)

    async def stop(self) -> None:
        self._model.power_off()
