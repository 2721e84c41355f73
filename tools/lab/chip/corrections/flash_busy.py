"""Erasing and programming the flash takes no time, where on silicon the processor and its
interrupts stand still meanwhile (MicroPython runs from that flash) and all else goes on.
"""

from rp2040py.peripherals import ssi
from rp2040py.simulator import Simulator

# Typical figures of the W25Q16JV on a Pico (its datasheet, revision H).
BUSY_NS = {
    ssi.CMD_PAGE_PROGRAM: 0.4e6,  # 256 bytes
    ssi.CMD_SECTOR_ERASE: 45e6,  # 4 KiB
    ssi.CMD_BLOCK_ERASE: 150e6,  # 64 KiB
}


def take_time(simulator: Simulator) -> None:
    """From now on the clock moves on by as long as each erase and each program takes."""
    controller = simulator.rp2040.ssi
    at_once = controller._apply_command

    def apply() -> None:
        command = controller._tx_buffer[:1]
        busy_ns = BUSY_NS.get(command[0]) if command else None
        at_once()
        if busy_ns:
            simulator.clock.tick(busy_ns)

    controller._apply_command = apply  # type: ignore[method-assign]
