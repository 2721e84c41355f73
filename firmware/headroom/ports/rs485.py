"""The RS-485 line of a chip: a UART and the driver-enable pin of a transceiver.

The driver must be off within a character of the last stop bit, or it spoils the reply. No task
can promise that, for another one may hold the loop just then. So a timer switches it off: on
RP2040 and RP2350 in a hard interrupt, whatever Python does; on ESP32 MicroPython runs its callback
between two bytecodes, so only a garbage collection in that very moment delays it.
"""

import asyncio
import sys

import machine

_HARD = sys.platform == "rp2"
_TIMERS = {"LINE": 2, "METER_LINE": 3}  # of an ESP32; an RP2040's have no number
_EARLY_US = 60  # the timer starts that much after the UART (measured on RP2040), then waits for it


class Line:
    """Half duplex; board.LINE names the UART and its pins. DE high: we drive the line."""

    def __init__(self, board, name="LINE"):
        self._pins = getattr(board, name)
        self._enable = machine.Pin(self._pins["de"], machine.Pin.OUT, value=0)
        self._timer = machine.Timer(-1 if _HARD else _TIMERS[name])
        self._off = self._release  # made once: a hard interrupt can't allocate
        self._settings = None
        self._uart = None
        self._char_ns = 0
        self._sending = False

    def open(self, baud, parity, stop):
        if (baud, parity, stop) == self._settings:
            return
        self._settings = (baud, parity, stop)
        self._uart = machine.UART(
            self._pins["uart"],
            baudrate=baud,
            bits=8,
            parity={"N": None, "E": 0, "O": 1}[parity],
            stop=stop,
            tx=machine.Pin(self._pins["tx"]),
            rx=machine.Pin(self._pins["rx"]),
            txbuf=256,
            rxbuf=256,
            timeout=0,
        )
        self._char_ns = (9 + stop + (parity != "N")) * 1_000_000_000 // baud

    async def send(self, frame):
        self._start(frame)
        await asyncio.sleep_ms(len(frame) * self._char_ns // 1_000_000)
        while self._sending:
            await asyncio.sleep_ms(1)

    def send_now(self, frame):
        self._start(frame)
        while self._sending:
            pass

    def read_into(self, buffer):
        return self._uart.readinto(buffer) or 0 if self._uart.any() else 0

    def _start(self, frame):
        self._sending = True
        self._enable.on()
        self._uart.write(frame)
        self._timer.init(
            mode=machine.Timer.ONE_SHOT,
            period=len(frame) * self._char_ns // 1000 - _EARLY_US,
            tick_hz=1_000_000,
            callback=self._off,
            hard=_HARD,
        )

    def _release(self, timer):
        while not self._uart.txdone():
            pass
        self._enable.off()
        self._sending = False
