"""The emulated USB host's queue towards the chip holds 512 bytes and drops the rest silently, so
that a file sent by mpremote loses bytes.
"""

from rp2040py.peripherals.usb import RPUSBController
from rp2040py.usb.cdc import USBCDC
from rp2040py.utils.fifo import FIFO

_BYTES = 1 << 17


class LongQueue(USBCDC):
    """Holds as much as any of our programs sends at once."""

    def __init__(self, usb: RPUSBController) -> None:
        super().__init__(usb)
        self.tx_fifo = FIFO(_BYTES)
