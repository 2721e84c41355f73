"""The RS-485 line of an ESP32: its pulse generator (RMT) holds the driver on for a frame's length.

That takes no processor: the driver is off within 0.3 ms of the last stop bit whatever Python, a
collection of garbage or a write to the flash does meanwhile. A timer would not do. Its callback
waits in a queue of eight, which the sampler fills in 4 ms while nobody empties it; and from
MicroPython 1.26 to 1.28 each Timer.init takes a reference to a clock that is never given back: the
255th stops the sampler, the watchdog and the clock (micropython issue 19162).

The driver does turn off in mid-frame if the UART stops for longer than that, as it does during a
write to the flash in a frame above 128 bytes, what its FIFO holds. Such a frame is lost anyway.
"""

import machine
from esp32 import RMT

from .rs485 import HalfDuplex

_TICKS_PER_S = 500_000
_LONGEST = 32767  # ticks of one pulse; 48 of them fit into the generator's memory
_SPARE = 150  # ticks: the UART starts some 0.1 ms after the pulse, at the next of its own bits


class Line(HalfDuplex):
    """board.LINE names the UART and its pins. "de" is high to send; left out, see rs485.py."""

    def __init__(self, board, name="LINE"):
        super().__init__(getattr(board, name))
        self._driver = None
        if "de" in self._pins:
            self._driver = RMT(pin=machine.Pin(self._pins["de"]), resolution_hz=_TICKS_PER_S)

    def _start(self, frame):
        if self._driver:
            ticks = len(frame) * self._char_ns // (1_000_000_000 // _TICKS_PER_S) + _SPARE
            pulses = ticks // _LONGEST + 1
            high = (1,) * pulses
            ticks = ticks // pulses + 1
            # Nothing may come between these two: callbacks run only at a jump of the bytecode.
            self._driver.write_pulses(ticks, high)
        self._uart.write(frame)
