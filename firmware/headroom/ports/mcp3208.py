"""MCP3204 / MCP3208: the recommended external 12-bit converter, on SPI, for every chip.

It has no missing codes (DNL +-1 LSB) and its own reference input. Wanted in board.py:

    ADC_SPI = {"id": 0, "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "inputs": (0, 1, 2)}

with one input for each of CHANNELS. A conversion is three bytes: start bit, single-ended bit and
input number, then twelve bits of result (Microchip DS21298, figure 6-1). At 1 MHz, its limit at
2.7 V, that is 24 us.
"""

import machine
from micropython import const

from .timed import TimedSampler

_CLOCK_HZ = const(1_000_000)


def sampler(board):
    """A Sampler (see ports/__init__.py) on board.ADC_SPI at board.RATE_HZ."""
    pins = board.ADC_SPI
    spi = machine.SPI(
        pins["id"],
        baudrate=_CLOCK_HZ,
        sck=machine.Pin(pins["sck"]),
        mosi=machine.Pin(pins["mosi"]),
        miso=machine.Pin(pins["miso"]),
    )
    select = machine.Pin(pins["cs"], machine.Pin.OUT, value=1)
    converters = [_Input(spi, select, number).convert for number in pins["inputs"]]
    return TimedSampler(converters, board.RATE_HZ, machine.Timer())


class _Input:
    def __init__(self, spi, select, number):
        self._spi = spi
        self._select = select
        self._request = bytes((0x06 | number >> 2, (number & 3) << 6, 0))
        self._reply = bytearray(3)

    def convert(self):
        self._select.off()
        self._spi.write_readinto(self._request, self._reply)
        self._select.on()
        return (self._reply[1] & 0x0F) << 8 | self._reply[2]
