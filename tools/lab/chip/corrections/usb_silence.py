"""With nothing to send, the emulated USB host answers the chip's "I can take a packet" with an
empty packet, at once and for ever, so that the chip serves USB interrupts even while it sleeps.
"""

from rp2040py.peripherals.usb import RPUSBController
from rp2040py.usb.cdc import USBCDC


class SilentHost(USBCDC):
    """Says nothing until there is something to `send`, as a real host does."""

    def __init__(self, usb: RPUSBController) -> None:
        super().__init__(usb)
        self._may_send = False
        self._answer = usb.on_endpoint_read
        self._forget = usb.on_reset
        usb.on_endpoint_read = self._on_endpoint_read
        usb.on_reset = self._on_reset

    def send(self, data: bytes) -> None:
        """Bytes for the chip; they wait in the queue until it takes them."""
        for byte in data:
            self.send_serial_byte(byte)
        if self._may_send and data:
            self._may_send = False
            assert self._answer is not None
            self._answer(self._out_endpoint, 64)

    def _on_endpoint_read(self, endpoint: int, size: int) -> None:
        if endpoint and endpoint == self._out_endpoint and self.tx_fifo.empty:
            self._may_send = True
        elif self._answer:
            self._answer(endpoint, size)

    def _on_reset(self) -> None:
        self._may_send = False
        if self._forget:
            self._forget()
