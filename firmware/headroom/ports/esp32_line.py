"""The RS-485 line of an ESP32: a timer switches the driver off.

MicroPython runs its callback between two bytecodes, so a garbage collection in that very moment
delays it.
"""

import machine

from .rs485 import HalfDuplex

_TIMERS = {"LINE": 2, "METER_LINE": 3}
_EARLY_US = 60  # the timer starts that much after the UART, then waits for it


class Line(HalfDuplex):
    """board.LINE names the UART and its pins. "de" is high to send; left out, see rs485.py."""

    def __init__(self, board, name="LINE"):
        super().__init__(getattr(board, name))
        self._enable = None
        if "de" in self._pins:
            self._enable = machine.Pin(self._pins["de"], machine.Pin.OUT, value=0)
            self._timer = machine.Timer(_TIMERS[name])
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
            callback=self._release,
        )

    def _sending(self):
        return not self._uart.txdone() if self._enable is None else self._driving

    def _release(self, timer):
        while not self._uart.txdone():
            pass
        self._enable.off()
        self._driving = False
