"""A meter on the emulated chip, with currents in its CTs and a charger on its line."""

import binascii
import json
from pathlib import Path

from lab.chip import repl
from lab.chip.adc import Input
from lab.chip.chip import Chip
from lab.chip.files import file_system
from lab.chip.image import frozen
from lab.chip.mcp3208 import Mcp3208
from lab.chip.wallbox import LIMIT, Wallbox
from lab.chip.wave import Converter, Sine
from meter import build
from meter.flash import PACK
from meter.pack import pack
from meter.paths import BOARDS

BOARD = "pico"
ADDRESS = 1
BREAKER_A = 100
LIMIT_A = 80
FALLBACK_A = 8
OFFER_A = 16
SETTINGS: dict[str, int | str] = {
    "breaker_a": BREAKER_A,
    "charger1.profile": "heidelberg",
    "charger1.address": ADDRESS,
    "charger1.fallback_a": FALLBACK_A,
}
_MAINS_RATIO = 4000  # 200 A : 50 mA
_EV_RATIO = 2000
_VOLTAGE_RATIO = 808  # 60 kohm, a ZMPT101B and 75 ohm
_START_MS = 6000
PROMPT = b"\n> "


# Run before the firmware's main.py, on the chip. A rising edge at FREE: how much memory is left.
# HOOKS takes 3 kB of it: ways to disturb the meter from outside by a rising edge at a pin, a pin
# that is high while it works on samples, and one that rises every BEAT_MS once that is wanted, as
# far as no task holds the loop.
WATCH, CHARGE, HANG, RAISE, LOCK, FREE = range(7, 13)
POLLING, BEAT = 21, 14
BEAT_MS = 5.0
_FREE = """
import gc
from machine import Pin

def free(pin):
    gc.collect()
    print("free", gc.mem_free())

Pin(12, Pin.IN, Pin.PULL_DOWN).irq(free, Pin.IRQ_RISING)
"""
HOOKS = """
import asyncio
import time
import micropython
from headroom import app, records

def rigged(board):
    meter = plain(board)
    working = meter._control._meter
    controller = meter._control._controller
    polling = Pin(21, Pin.OUT)
    beating = Pin(14, Pin.OUT)
    locked = []

    def charge(pin):
        for row in controller.allocations:
            row.change(16000, records.RISING)

    def hang(pin):
        while True:
            time.sleep(1)

    def fail(pin):
        meter.ending.shell.poll = None

    def lock(pin):
        locked.append(True)

    async def beat():
        while True:
            beating(1)
            beating(0)
            await asyncio.sleep_ms(5)

    def watch(pin):
        asyncio.create_task(beat())

    def begin():
        held = bool(locked)  # it may be wanted before the work ends
        if held:
            micropython.heap_lock()
        return held

    def end(held):
        if held:
            micropython.heap_unlock()

    def poll(now_ms):
        held = begin()
        polling(1)
        try:
            return plain_poll(now_ms)
        finally:
            polling(0)
            end(held)

    def surge(cycle, elapsed_ms):
        held = begin()
        try:
            return plain_surge(cycle, elapsed_ms)
        finally:
            end(held)

    def step(reading, elapsed_ms, blind_ms):
        held = begin()
        try:
            plain_step(reading, elapsed_ms, blind_ms)
        finally:
            end(held)

    for number, handler in enumerate((watch, charge, hang, fail, lock)):
        Pin(7 + number, Pin.IN, Pin.PULL_DOWN).irq(handler, Pin.IRQ_RISING)
    plain_poll, working.poll = working.poll, poll
    plain_surge, controller.surge = controller.surge, surge
    plain_step, controller.step = controller.step, step
    return meter

plain, app.assembled = app.assembled, rigged
"""


class Rig:
    """`chip` with `l1`, `l2` and `ev` at its converter and `wallbox` on UART 0.

    `converter` is an Mcp3208 where the board has one.
    firmware  a folder that `meter build` made for the board
    settings  what differs from the factory settings; None: the firmware without main.py
    hooks     code to run before main.py besides _FREE
    """

    def __init__(
        self,
        image: Path,
        firmware: Path,
        settings: dict[str, int | str] | None = None,
        hooks: str = HOOKS,
        board: str = BOARD,
    ) -> None:
        data = build.board_data(board)
        converter = Converter(data["ADC_STEP"])
        self._mv_per_count = data["VREF_MV"] / (1 << data["ADC_BITS"])
        self._mv_per_count *= data["ADC_SLOPE_PPM"] / 1e6
        self.l1 = Sine(converter, 0)
        self.l2 = Sine(converter, 0)
        self.ev = Sine(converter, 0)
        sines = {"L1": self.l1, "L2": self.l2, "EV": self.ev}
        inputs: dict[int, Input] = {
            data["CHANNELS"].index(name): sine for name, sine in sines.items()
        }
        own = "MCP3208" not in data
        self.chip = Chip(image, adc=inputs if own else {})
        self.converter = None if own else Mcp3208(self.chip, **data["MCP3208"], inputs=inputs)
        self._burden_ohm = data["BURDEN_OHM"]
        on_board = {"active": b"a"}
        before = (_FREE + hooks).encode() if settings is not None else b""
        if settings is not None:
            on_board["data/settings.a"] = slot(settings)
        if frozen(image):  # its boot.py looks for more modules where `active` says
            on_board["a/board.py"] = (BOARDS / board / "board.py").read_bytes() + before
        else:
            on_board["a/" + PACK] = pack(firmware, build.BESIDE)
            for name in ("pack.mpy", "boot.py", "leave.py"):
                on_board[name] = (firmware / name).read_bytes()
            if settings is not None:
                main = (firmware / "main.py").read_bytes()
                at = main.index(b"\ntry:\n    import board")  # Ctrl-C is off by then
                on_board["main.py"] = main[:at] + before + main[at:]
        start, content = file_system(on_board)
        self.chip.flash.write(content, start)
        self.wallbox = Wallbox(self.chip, ADDRESS)

    def set_currents(self, l1_a: float, l2_a: float, ev_a: float, at_ns: float = -1) -> None:
        """RMS amperes from `at_ns` on, or from now; the mains include the car."""
        at_ns = self.chip.ns if at_ns < 0 else at_ns
        counts_per_ma = self._burden_ohm / self._mv_per_count
        self.l1.set(l1_a * 1000 / _MAINS_RATIO * counts_per_ma, at_ns)
        self.l2.set(l2_a * 1000 / _MAINS_RATIO * counts_per_ma, at_ns)
        self.ev.set(ev_a * 1000 / _EV_RATIO * counts_per_ma, at_ns)

    def set_voltage(self, volts: float) -> None:
        """RMS volts from now on, by a ZMPT101B where the EV's CT was."""
        self.ev.set(volts * 1000 / _VOLTAGE_RATIO / self._mv_per_count, self.chip.ns)

    def start(self, timeout_ms: float = _START_MS) -> None:
        """Until the meter's prompt."""
        self.chip.run_until(lambda: self.chip.usb.output.endswith(PROMPT[1:]), timeout_ms)

    def charge(self) -> None:
        """Until the charger has been told the minimum, then OFFER_A (without the slow rise)."""
        self.until_told(6)
        self.edge(CHARGE)
        self.until_told(OFFER_A)

    def until_told(self, amperes: int) -> None:
        """Until the charger has been told so much."""
        self.chip.run_until(lambda: self.wallbox.holding[LIMIT] == amperes * 10, _START_MS)

    def edge(self, pin: int) -> None:
        """A rising edge at a pin."""
        self.chip.rp2040.gpio[pin].set_input_value(True)
        self.chip.run_ms(0.01)
        self.chip.rp2040.gpio[pin].set_input_value(False)

    def heap_free(self) -> int:
        """Bytes that the running meter's heap has left."""
        self.chip.usb.output.clear()
        self.edge(FREE)
        self.chip.run_until(lambda: b"free" in self.chip.usb.output)
        self.chip.run_ms(20)
        return int(self.chip.usb.output.split()[1])

    def ask(self, line: str, timeout_ms: float = 5000) -> str:
        """The meter's answer to a line typed at its console."""
        usb = self.chip.usb
        usb.output.clear()
        usb.send(line.encode() + b"\r")
        self.chip.run_until(lambda: usb.output.endswith(PROMPT), timeout_ms)
        said = usb.output.decode().replace("\r", "")
        return said.partition("\n")[2].removesuffix("\n> ")

    def run(self, code: str, timeout_ms: float = 20_000) -> str:
        """Code in the raw REPL instead of the meter; what it printed."""
        return repl.run(self.chip, code, timeout_ms)


def slot(settings: dict[str, int | str]) -> bytes:
    """A file as storage/pair.py keeps it: the text, its number, the CRC-32 of both."""
    text = json.dumps(settings)
    return f"{text}\n1 {binascii.crc32(f'1 {text}'.encode()):08x}\n".encode()
