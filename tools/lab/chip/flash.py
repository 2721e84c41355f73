"""The flash chip: its content, and a power failure between two erases or programs.

The failure is exact to one erase or program: that one and all later ones don't happen. Half a page
is not emulated.
"""

from rp2040py.simulator import Simulator

from lab.chip.corrections.flash_busy import BUSY_NS, take_time

SIZE = 2 << 20


class Flash:
    """Counts erases and programs in `operations`; before number `cut_at` the power fails."""

    def __init__(self, simulator: Simulator) -> None:
        take_time(simulator)
        self.operations = 0
        self.cut_at = 0  # 0: never
        self.cut = False  # it has failed
        self._simulator = simulator
        self._controller = simulator.rp2040.ssi
        self._apply = self._controller._apply_command
        self._controller._apply_command = self._on_command  # type: ignore[method-assign]

    def read(self) -> bytes:
        """The whole content."""
        return bytes(self._simulator.rp2040.flash[:SIZE])

    def write(self, content: bytes, at: int = 0) -> None:
        """Put bytes there, as if they had been there at power-on."""
        self._simulator.rp2040.flash[at : at + len(content)] = content

    def _on_command(self) -> None:
        command = self._controller._tx_buffer[:1]
        if command and command[0] in BUSY_NS:
            self.operations += 1
            if self.cut_at and self.operations >= self.cut_at:
                self.cut = self._simulator.stopped = True
                return
        self._apply()
