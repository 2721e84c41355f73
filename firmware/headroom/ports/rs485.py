"""The RS-485 line that every chip has in common: a UART, half duplex.

By itself this is a whole line for a transceiver that finds the direction by itself. Where one has
a driver-enable pin, that must be off within a character of the last stop bit, or it spoils the
reply. No task can promise that, for another one may hold the loop just then; how each chip does it
is in rp2_line.py and esp32_line.py.
"""

import asyncio

import machine


class HalfDuplex:
    """The UART and the pins that `pins` names (see LINE in boards/pico/board.py)."""

    def __init__(self, pins):
        self._pins = pins
        self._settings = None
        self._uart = None
        self._char_ns = 0

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
        while self._sending():
            await asyncio.sleep_ms(1)

    def send_now(self, frame):
        self._start(frame)
        while self._sending():
            pass

    def read_into(self, buffer):
        return self._uart.readinto(buffer) or 0 if self._uart.any() else 0

    def sending(self):
        return self._uart is not None and self._sending()

    def _start(self, frame):
        self._uart.write(frame)

    def _sending(self):
        return not self._uart.txdone()
