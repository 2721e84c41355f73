"""The RS-485 line of RP2040 and RP2350: a timer's hard interrupt switches the driver off.

That interrupt must not wait for the UART: the interrupt that refills the UART's FIFO has the same
priority, and would wait for it in turn, for ever. The timer starts just before the UART and may
be some bits early: it looks a few times, and where an erase of the flash held all interrupts and
much is left to send, it comes back later.
"""

import machine
from micropython import const

from .rs485 import HalfDuplex

_LOOKS = const(16)  # at the UART: some 200 us on RP2040
_AGAIN_US = const(1000)  # leaves the processor to others between two callbacks


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
        self._release_in(len(frame) * self._char_ns // 1000)
        self._uart.write(frame)

    def _release_in(self, period_us):
        self._timer.init(
            mode=machine.Timer.ONE_SHOT,
            period=period_us,
            tick_hz=1_000_000,
            callback=self._off,
            hard=True,
        )

    def _sending(self):
        return not self._uart.txdone() if self._enable is None else self._driving

    def _release(self, timer):
        for _ in range(_LOOKS):
            if self._uart.txdone():
                self._enable.off()
                self._driving = False
                return
        self._release_in(_AGAIN_US)
