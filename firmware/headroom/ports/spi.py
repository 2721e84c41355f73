"""A chip on SPI, for any board with machine.SPI. In memory only where a board has one.

Spi(pins)   pins: "id", "baud", "mode" and the GPIOs "sck", "mosi", "miso", "cs"; "idle": GPIOs
            of other chips on the same wires, which are held high and so kept silent
    .exchange(frame, answer)    both of one length: CS low, as many bytes each way, CS high
"""

from machine import SPI, Pin


class Spi:
    def __init__(self, pins):
        for gpio in pins["idle"]:
            Pin(gpio, Pin.OUT, value=1)
        self._cs = Pin(pins["cs"], Pin.OUT, value=1)
        mode = pins["mode"]
        self._spi = SPI(
            pins["id"],
            baudrate=pins["baud"],
            polarity=mode >> 1,
            phase=mode & 1,
            sck=Pin(pins["sck"]),
            mosi=Pin(pins["mosi"]),
            miso=Pin(pins["miso"]),
        )

    def exchange(self, frame, answer):
        self._cs(0)
        self._spi.write_readinto(frame, answer)
        self._cs(1)
