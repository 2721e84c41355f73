"""The flash chip: erasing and programming take their time, and the power can fail between them.

rp2040py 0.3.6 erases and programs in no time. On silicon the processor and its interrupts stand
still meanwhile (MicroPython runs from that flash) while ADC, DMA, UART and watchdog go on: the
longest hold of all. Typical figures of the W25Q16JV on a Pico (its datasheet, revision H): a page
of 256 bytes 0.4 ms, a sector of 4 KiB 45 ms, a block of 64 KiB 150 ms.

A power failure is exact to one erase or program: that one and all later ones don't happen. Half a
page is not emulated.
"""

from rp2040py.peripherals import ssi
from rp2040py.simulator import Simulator

SIZE = 2 << 20
_BUSY_NS = {
    ssi.CMD_PAGE_PROGRAM: 0.4e6,
    ssi.CMD_SECTOR_ERASE: 45e6,
    ssi.CMD_BLOCK_ERASE: 150e6,
}


class Flash:
    """Counts erases and programs in `operations`; before number `cut_at` the power fails."""

    def __init__(self, simulator: Simulator) -> None:
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
        busy_ns = _BUSY_NS.get(command[0]) if command else None
        if busy_ns:
            self.operations += 1
            if self.cut_at and self.operations >= self.cut_at:
                self.cut = self._simulator.stopped = True
                return
        self._apply()
        if busy_ns:
            self._simulator.clock.tick(busy_ns)
