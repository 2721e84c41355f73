"""The RS-485 line of a chip: a UART and the driver-enable pin of a transceiver."""

import asyncio

import machine


class Line:
    """Half duplex; board.LINE names the UART and its pins. DE high: we drive the line.

    A transceiver that finds the direction by itself has no "de" in board.LINE.
    """

    def __init__(self, board):
        self._pins = board.LINE
        self._drive = _nobody
        if "de" in board.LINE:
            self._drive = machine.Pin(board.LINE["de"], machine.Pin.OUT, value=0)
        self._settings = None
        self._uart = None
        self._char_us = 0

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
        self._char_us = (9 + stop + (parity != "N")) * 1_000_000 // baud

    async def send(self, frame):
        self._drive(1)
        self._uart.write(frame)
        # Sleep until just before the end, then watch it: the driver must be off before the reply.
        await asyncio.sleep_ms(max(0, len(frame) * self._char_us // 1000 - 1))
        self._release()

    def send_now(self, frame):
        self._drive(1)
        self._uart.write(frame)
        self._release()

    def read_into(self, buffer):
        return self._uart.readinto(buffer) or 0 if self._uart.any() else 0

    def _release(self):
        while not self._uart.txdone():
            pass
        self._drive(0)


def _nobody(level):
    """Stands for the pin: calling a Pin sets its level."""
