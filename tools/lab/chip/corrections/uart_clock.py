"""The UART's clock is taken for 125 MHz, where MicroPython runs it from the PLL of 48 MHz."""

from rp2040py.peripherals import uart

_LCR_PARITY = 1 << 1
_LCR_TWO_STOPS = 1 << 3
_SYSTEM_HZ = 125e6
_CLOCKS_HZ = {2: 48e6, 4: 12e6}  # by CLK_PERI_CTRL.AUXSRC: USB PLL, crystal


class ProgrammedClock(uart.RPUART):
    """The length of a bit and of a character as programmed."""

    @property
    def bit_ns(self) -> float:
        """Length of a bit as programmed."""
        source = (self.rp2040.clocks.peri_ctrl >> 5) & 7
        return 16e9 * (self.baud_divider or 1) / _CLOCKS_HZ.get(source, _SYSTEM_HZ)

    @property
    def frame_ns(self) -> float:
        """Length of a character: start, data, parity and stop bits."""
        control = self._line_ctrl_register
        bits = 2 + self.word_length + bool(control & _LCR_PARITY) + bool(control & _LCR_TWO_STOPS)
        return self.bit_ns * bits
