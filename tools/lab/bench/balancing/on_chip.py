"""One control step on the emulated RP2040: how long, and what it leaves on the heap."""

import json
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from meter import build

BOARD = "pico"
CHARGERS = (4, 25)  # the goals of a decision are for up to 4, and for 25
SOURCES = ("ct", "register", "estimate")  # as records.EV_CT and so on
RUNTIME = "emulated RP2040, 125 MHz, no flash wait states"

# Runs on the chip. Quiet: nothing changes. Falling: every charger is lowered in one step, and what
# their cars made of it is judged. Short: all are lowered to their minimums, and held there. The
# heap is locked in every step that counts. Chargers with a register are read once a second.
_PROGRAM = """
import gc, json, micropython, time
from headroom import records
from headroom.balancing.controller import Controller

def measure(count, source):
    states = [records.ChargerState(6000, 32000, 48000, 80000, 6000, (0, 1)) for _ in range(count)]
    controller = Controller(2, 400000, 80, 6000, 5000, states, ev_source=source)
    reading = records.Reading(2)
    reading.good = True
    for state in states:
        state.online = state.car = state.charging = True

    def house(ma, second):
        ev = 0
        for i in range(count):
            state = states[i]
            state.offer_ma = state.ceiling_ma = controller.allocations[i].allowed_ma
            if source == records.EV_REGISTER and not (i + second) %% 5:
                state.reported_ma[0] = state.offer_ma
                state.reported_age_ms = 0
            ev += state.offer_ma
        reading.ev_ma = ev
        reading.leg_ma[0] = reading.leg_ma[1] = ma + ev

    def steps(n, ma):
        longest = left = 0
        for k in range(n):
            house(ma, k)
            micropython.heap_lock()
            before = gc.mem_alloc()
            begun = time.ticks_us()
            controller.step(reading, 200, 100)
            took = time.ticks_diff(time.ticks_us(), begun)
            left = max(left, gc.mem_alloc() - before)
            micropython.heap_unlock()
            longest = max(longest, took)
        return longest, left

    for k in range(40):
        house(60000, k)
        controller.step(reading, 200, 100)
    gc.collect()
    print(json.dumps([steps(5, 60000), steps(12, 20000), steps(35, 160000), steps(3, 330000)]))

measure(%d, %d)
"""
PHASES = ("quiet_ms", "rising_ms", "falling_ms", "short_ms")


def measure() -> dict[str, Any]:
    """Figures by number of chargers and source of the base load, or why there are none."""
    try:
        from lab.chip import image, repl
        from lab.chip.chip import Chip
        from lab.chip.files import file_system, tree

        uf2 = image.find()
    except (ImportError, image.NoImage) as missing:
        print(f"The step on the chip is skipped: {missing}")
        return {"skipped": str(missing)}
    figures: dict[str, Any] = {"runtime": RUNTIME}
    with tempfile.TemporaryDirectory() as folder:
        build.build(BOARD, Path(folder))
        start, content = file_system(tree(Path(folder), tuple(build.SOURCES)))
    for count, source in product(CHARGERS, SOURCES):
        chip = Chip(uf2)
        chip.flash.write(content, start)
        repl.wait(chip)
        program = _PROGRAM % (count, SOURCES.index(source))
        measured = json.loads(repl.run(chip, program, timeout_ms=120_000))
        row = {name: took / 1000 for name, (took, _) in zip(PHASES, measured, strict=True)}
        row["bytes"] = max(left for _, left in measured)
        figures.setdefault(f"{count} chargers", {})[source] = row
        print(f"One step, {count} chargers by {source}, on the {RUNTIME}: {row}")
    return figures
