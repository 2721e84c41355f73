"""A meter on the emulated chip, with currents in its CTs and a charger on its line."""

import binascii
import json
from pathlib import Path

from meter import build
from meter.chip import repl
from meter.chip.chip import Chip
from meter.chip.files import file_system
from meter.chip.wallbox import Wallbox
from meter.chip.wave import Converter, Sine

BOARD = "pico"
ADDRESS = 1
BREAKER_A = 100
LIMIT_A = 80
OFFER_A = 16  # what the charger gets at once: its fallback is as much
SETTINGS = {
    "breaker_a": BREAKER_A,
    "charger1.profile": "heidelberg",
    "charger1.address": ADDRESS,
    "charger1.fallback_a": OFFER_A,
}
_MAINS_MA = 4000 / 22.0  # mA a mV at the burden: 200 A : 50 mA into 22 ohm
_EV_MA = 2000 / 22.0
_START_MS = 6000
_PROMPT = b"\n> "


class Rig:
    """`chip` with `l1`, `l2` and `ev` at its converter and `wallbox` on UART 0.

    firmware  a folder that `meter build pico` made
    settings  what differs from the factory settings; None: the firmware without main.py
    main      what runs instead of the firmware's main.py
    """

    def __init__(
        self,
        image: Path,
        firmware: Path,
        settings: dict[str, int | str] | None = None,
        main: str = "",
    ) -> None:
        data = build.board_data(BOARD)
        converter = Converter(data["ADC_STEP"])
        self._mv_per_count = data["VREF_MV"] / (1 << data["ADC_BITS"])
        self._mv_per_count *= data["ADC_SLOPE_PPM"] / 1e6
        self.l1 = Sine(converter, 0)
        self.l2 = Sine(converter, 0)
        self.ev = Sine(converter, 0)
        self.chip = Chip(image, adc={0: self.l1, 1: self.l2, 2: self.ev})
        extra = {}
        skip: tuple[str, ...] = ("main.py",)
        if settings is not None:
            skip = ()
            extra["data/settings.a"] = slot(settings)
            if main:
                extra["main.py"] = main.encode()
        start, content = file_system(firmware, skip, extra)
        self.chip.flash.write(content, start)
        self.wallbox = Wallbox(self.chip, ADDRESS)

    def set_currents(self, l1_a: float, l2_a: float, ev_a: float, at_ns: float = -1) -> None:
        """RMS amperes from `at_ns` on, or from now; the mains include the car."""
        at_ns = self.chip.ns if at_ns < 0 else at_ns
        self.l1.set(l1_a * 1000 / _MAINS_MA / self._mv_per_count, at_ns)
        self.l2.set(l2_a * 1000 / _MAINS_MA / self._mv_per_count, at_ns)
        self.ev.set(ev_a * 1000 / _EV_MA / self._mv_per_count, at_ns)

    def start(self) -> None:
        """Until the meter's prompt."""
        self.chip.run_until(lambda: self.chip.usb.output.endswith(_PROMPT[1:]), _START_MS)

    def charge(self) -> None:
        """Until the charger has been told OFFER_A and the meter's readings have settled."""
        offered = OFFER_A * 10
        self.chip.run_until(lambda: self.wallbox.holding[261] == offered, _START_MS)
        self.chip.run_ms(300)

    def ask(self, line: str, timeout_ms: float = 5000) -> str:
        """The meter's answer to a line typed at its console."""
        usb = self.chip.usb
        usb.output.clear()
        usb.send(line.encode() + b"\r")
        self.chip.run_until(lambda: usb.output.endswith(_PROMPT), timeout_ms)
        said = usb.output.decode().replace("\r", "")
        return said.partition("\n")[2].removesuffix("\n> ")

    def run(self, code: str, timeout_ms: float = 20_000) -> str:
        """Code in the raw REPL instead of the meter; what it printed."""
        return repl.run(self.chip, code, timeout_ms)


def slot(settings: dict[str, int | str]) -> bytes:
    """A file as the firmware's slots.py keeps it: the text, its number, the CRC-32 of both."""
    text = json.dumps(settings)
    return f"{text}\n1 {binascii.crc32(f'1 {text}'.encode()):08x}\n".encode()
