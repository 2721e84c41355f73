"""The USB host at the other end of the cable: takes what the chip prints, sends what is typed.

Two corrections of rp2040py 0.3.6. With nothing to send its host answers the chip's "I can take a
packet" with an empty packet, at once and for ever: the chip is then busy with USB interrupts even
while it sleeps (23 times slower here). A real host says nothing. And its queue towards the chip
holds 512 bytes and drops the rest silently: a file sent by mpremote would lose bytes.

And one addition: a host that is connected but does not read (`reading` False), as when a terminal
program hangs.
"""

from rp2040py.peripherals.usb import RPUSBController
from rp2040py.rp2040 import RP2040
from rp2040py.usb.cdc import USBCDC
from rp2040py.utils.fifo import FIFO

_QUEUE = 1 << 17


class UsbController(RPUSBController):
    """Packets towards the host are not acknowledged while it doesn't read."""

    def __init__(self, chip: RP2040) -> None:
        super().__init__(chip, "USB")
        self._reading = True
        self._unread: list[int] = []

    @property
    def reading(self) -> bool:
        """Whether the host takes what the chip sends."""
        return self._reading

    @reading.setter
    def reading(self, reading: bool) -> None:
        self._reading = reading
        while reading and self._unread:
            self._indicate_buffer_ready(self._unread.pop(0), False)

    def reset(self) -> None:
        """Also forgets what was not read."""
        super().reset()
        self._unread = []

    def _indicate_buffer_ready(self, endpoint: int, out: bool) -> None:
        if endpoint and not out and not self._reading:
            self._unread.append(endpoint)
        else:
            super()._indicate_buffer_ready(endpoint, out)


class UsbHost:
    """Talks to the chip's serial port: `output` collects what came, `send` types."""

    def __init__(self, controller: UsbController) -> None:
        self.output = bytearray()
        self.copy: bytearray | None = None  # what came, for whoever passes it on (port.py)
        self.connected = False
        self._cdc = USBCDC(controller)
        self._cdc.tx_fifo = FIFO(_QUEUE)
        self._cdc.on_device_connected = self._on_connected
        self._cdc.on_serial_data = self._on_data
        self._armed = False
        self._answer = controller.on_endpoint_read
        self._reset = controller.on_reset
        controller.on_endpoint_read = self._on_endpoint_read
        controller.on_reset = self._on_reset

    def send(self, data: bytes) -> None:
        """Type `data`; it waits in the host until the chip takes it."""
        for byte in data:
            self._cdc.send_serial_byte(byte)
        if self._armed and data:
            self._armed = False
            self._pass_on()

    def _pass_on(self) -> None:
        assert self._answer is not None
        self._answer(self._cdc._out_endpoint, 64)

    def _on_endpoint_read(self, endpoint: int, size: int) -> None:
        if endpoint and endpoint == self._cdc._out_endpoint and self._cdc.tx_fifo.empty:
            self._armed = True
        elif self._answer:
            self._answer(endpoint, size)

    def _on_connected(self) -> None:
        self.connected = True

    def _on_data(self, data: bytes | bytearray) -> None:
        self.output.extend(data)
        if self.copy is not None:
            self.copy.extend(data)

    def _on_reset(self) -> None:
        self.connected = False
        self._armed = False
        if self._reset:
            self._reset()
