"""One control step on the emulated RP2040: how long, and what it leaves on the heap."""

import json
import tempfile
from pathlib import Path
from typing import Any

from meter import build

BOARD = "pico"
CHARGERS = (1, 25)
RUNTIME = "emulated RP2040, 125 MHz, no flash wait states"

# Runs on the chip. Quiet: nothing changes. Falling: every charger is lowered in one step. Short:
# every charger is lowered to its minimum, and held there.
_PROGRAM = """
import gc, json, micropython, time
from headroom import records
from headroom.balancing.controller import Controller

def measure(count):
    states = [records.ChargerState(6000, 32000, 48000, 80000, 6000, (0, 1)) for _ in range(count)]
    controller = Controller(2, 400000, 80, 6000, 5000, states)
    reading = records.Reading(2)
    reading.good = True
    for state in states:
        state.online = state.car = state.charging = True

    def house(ma):
        ev = 0
        for i in range(count):
            states[i].offer_ma = controller.allocations[i].ma
            ev += states[i].offer_ma
        reading.ev_ma = ev
        reading.leg_ma[0] = reading.leg_ma[1] = ma + ev

    def steps(n, ma):
        longest = 0
        for _ in range(n):
            house(ma)
            begun = time.ticks_us()
            controller.step(reading, 200, 100)
            longest = max(longest, time.ticks_diff(time.ticks_us(), begun))
        return longest

    steps(30, 20000)
    gc.collect()
    house(20000)
    micropython.heap_lock()
    before = gc.mem_alloc()
    controller.step(reading, 200, 100)
    left = gc.mem_alloc() - before
    micropython.heap_unlock()
    quiet = steps(5, 20000)
    rising = steps(40, 20000)
    falling = steps(3, 160000)
    short = steps(3, 330000)
    print(json.dumps([quiet, rising, falling, short, left]))

measure(%d)
"""


def measure() -> dict[str, Any]:
    """Figures by number of chargers; empty, with a line, where there is no emulator or image."""
    try:
        from meter.chip import image, repl
        from meter.chip.chip import Chip
        from meter.chip.files import file_system

        uf2 = image.find()
    except (ImportError, image.NoImage) as missing:
        print(f"The step on the chip is skipped: {missing}")
        return {}
    figures: dict[str, Any] = {"runtime": RUNTIME}
    with tempfile.TemporaryDirectory() as folder:
        build.build(BOARD, Path(folder))
        start, content = file_system(Path(folder), skip=("main.py", "boot.py"))
    for count in CHARGERS:
        chip = Chip(uf2)
        chip.flash.write(content, start)
        repl.wait(chip)
        printed = repl.run(chip, _PROGRAM % count, timeout_ms=60_000)
        quiet, rising, falling, short, left = json.loads(printed)
        figures[f"{count} chargers"] = {
            "quiet_ms": quiet / 1000,
            "rising_ms": rising / 1000,
            "falling_ms": falling / 1000,
            "short_ms": short / 1000,
            "bytes": left,
        }
        print(f"One step for {count} chargers on the {RUNTIME}: {figures[f'{count} chargers']}")
    return figures
