"""The RS-485 line of RP2040 and RP2350: a timer's hard interrupt switches the driver off."""

import machine

from .rs485 import HalfDuplex

_EARLY_US = 60  # the timer starts that much after the UART (measured on RP2040), then waits for it


class Line(HalfDuplex):
    """board.LINE names the UART and its pins. "de" is high to send; left out, see rs485.py."""

    def __init__(self, board, name="LINE"):
        super().__init__(getattr(board, name))
        self._enable = None
        if "de" in self._pins:
            self._enable = machine.Pin(self._pins["de"], machine.Pin.OUT, value=0)
            self._timer = machine.Timer()
            self._off = self._release  # made once: a hard interrupt can't allocate
            self._driving = False

    def _start(self, frame):
        if self._enable is None:
            self._uart.write(frame)
            return
        self._driving = True
        self._enable.on()
        self._uart.write(frame)
        self._timer.init(
            mode=machine.Timer.ONE_SHOT,
            period=len(frame) * self._char_ns // 1000 - _EARLY_US,
            tick_hz=1_000_000,
            callback=self._off,
            hard=True,
        )

    def _sending(self):
        return not self._uart.txdone() if self._enable is None else self._driving

    def _release(self, timer):
        while not self._uart.txdone():
            pass
        self._enable.off()
        self._driving = False
