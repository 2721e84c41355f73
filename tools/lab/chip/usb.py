"""The USB host at the other end of the cable: takes what the chip prints, sends what is typed.

It may also be a host that is connected but does not read (`reading` False), as when a terminal
program hangs.
"""

from rp2040py.peripherals.usb import RPUSBController
from rp2040py.rp2040 import RP2040

from lab.chip.corrections.usb_queue import LongQueue
from lab.chip.corrections.usb_silence import SilentHost


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


class UsbHost(SilentHost, LongQueue):
    """Talks to the chip's serial port: `output` collects what came, `send` types."""

    def __init__(self, controller: UsbController) -> None:
        super().__init__(controller)
        self.output = bytearray()
        self.copy: bytearray | None = None  # what came, for whoever passes it on (port.py)
        self.connected = False
        self.on_device_connected = self._on_connected
        self.on_serial_data = self._on_data

    def _on_connected(self) -> None:
        self.connected = True

    def _on_data(self, data: bytes | bytearray) -> None:
        self.output.extend(data)
        if self.copy is not None:
            self.copy.extend(data)

    def _on_reset(self) -> None:
        super()._on_reset()
        self.connected = False
