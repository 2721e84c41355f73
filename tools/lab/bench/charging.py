"""How long until the last charger has been told less, after the house took what was left.

The firmware's own bus, charger and receiver code in virtual time, on a line that gives each
character its time; pymodbus answers as a Heidelberg would, 10 ms after each request. The load
steps at a random moment after every charger has its higher limit. What measures it sees it in the
first whole mains cycle after that (60 Hz), and may look 5 ms late. "On the wire" is the last bit
of the last charger's write.
"""

import asyncio
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table

from headroom import records
from headroom.charging import bus, charger, profile, rtu
from lab.fast_clock import FastClock
from lab.sim.chargers import Heidelberg
from lab.sim.chargers.in_memory import InMemory

CHARGERS = (1, 2, 8, 25)
BAUDS = (9600, 19200)
TRIALS = 150
CYCLE_MS = 1000 / 60
LOOK_MS = 5
IDLE_MS = 2
START_US = 30e6
TURNAROUND_MS = 10
BITS = 11  # 8E1
HIGH_MA, LOW_MA = 10_000, 6_000
COMMAND, LOW_RAW = 261, 60


class TimedLine:
    """Half duplex at `baud`: a reply's characters arrive one by one."""

    def __init__(self, clock: Any, baud: int, server: InMemory) -> None:
        self.clock = clock
        self.char_us = BITS * 1_000_000 / baud
        self.server = server
        self.dead: set[int] = set()
        self.low_at_us: dict[int, float] = {}
        self._arriving: list[tuple[float, int]] = []

    def open(self, baud: int, parity: str, stop: int) -> None:
        """The baud is this line's own."""

    async def send(self, frame: bytes) -> None:
        await asyncio.sleep(len(frame) * self.char_us / 1e6)
        register, value = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
        if frame[1] == 6 and (register, value) == (COMMAND, LOW_RAW):
            self.low_at_us.setdefault(frame[0], self.clock.us)
        reply = None if frame[0] in self.dead else self.server.answer(bytes(frame))
        for n, byte in enumerate(reply or b"", 1):
            at_us = self.clock.us + TURNAROUND_MS * 1000 + n * self.char_us
            self._arriving.append((at_us, byte))

    def read_into(self, buffer: Any) -> int:
        count = 0
        while self._arriving and self._arriving[0][0] <= self.clock.us:
            buffer[count] = self._arriving.pop(0)[1]
            count += 1
        return count


class Installation:
    """`count` chargers on one line, the last of them dead if asked for."""

    def __init__(self, clock: Any, count: int, baud: int, dead: bool) -> None:
        self.clock = clock
        models = [Heidelberg(n, lambda: clock.us / 1e6) for n in range(1, count + 1)]
        for model in models:
            model.power_on(3600.0)
        self.line = TimedLine(clock, baud, InMemory(models))
        self.line.dead = {count} if dead else set()
        self.live = [model.address for model in models if model.address not in self.line.dead]
        family = profile.load("heidelberg")
        chargers = [
            charger.Charger(
                f"charger{model.address}",
                family,
                model.address,
                records.ChargerState(6000, 16000, 16000, 16000, 6000),
                (baud, "E", 1),
            )
            for model in models
        ]
        self.allocations = [records.Allocation(6000) for _ in chargers]
        self.bus = bus.Bus(rtu.Rtu(self.line), chargers, self.allocations)
        self.allocate(HIGH_MA)

    def allocate(self, ma: int) -> None:
        for allocation in self.allocations:
            allocation.allowed_ma = ma
            allocation.ready = allocation.fresh = True

    def raised(self) -> bool:
        """Whether every live charger has acknowledged the higher limit."""
        return all(
            charger.state.offer_ma == HIGH_MA
            for charger in self.bus.chargers
            if charger.address in self.live
        )

    def lowered(self) -> bool:
        return len(self.line.low_at_us) == len(self.live)

    async def serve(self, until: Callable[[], bool], step_us: float = math.inf) -> None:
        """Run the bus until something holds; from `step_us` on everybody is allowed less."""
        while not until():
            if self.clock.us >= step_us:
                self.allocate(LOW_MA)
            if not await self.bus.turn(self.clock.us // 1000):
                await asyncio.sleep(IDLE_MS / 1000)

    def reaction_ms(self, chance: random.Random) -> float:
        """One load step, from quiet to the last charger's lower limit on the wire."""
        self.allocate(HIGH_MA)
        self.clock.run(self.serve(self.raised))
        begun_us = self.clock.us + 2e6 * chance.random()
        cycle_end_ms = CYCLE_MS * (1 + chance.random())
        seen_us = begun_us + 1000 * (cycle_end_ms + LOOK_MS * chance.random())
        self.clock.run(self.serve(lambda: self.clock.us >= begun_us))
        self.line.low_at_us.clear()
        self.clock.run(self.serve(self.lowered, seen_us))
        return (max(self.line.low_at_us.values()) - begun_us) / 1000


def reaction(count: int, baud: int, dead: bool, trials: int = TRIALS) -> dict[str, float]:
    """p50 and p99 over `trials` load steps, in ms."""
    clock = FastClock()
    with pytest.MonkeyPatch.context() as patch:
        clock.install(patch)
        installation = Installation(clock, count, baud, dead)
        chance = random.Random(count * baud)
        clock.run(installation.serve(lambda: clock.us > START_US))
        times_ms = [installation.reaction_ms(chance) for _ in range(trials)]
    return {
        "p50_ms": round(float(np.percentile(times_ms, 50)), 1),
        "p99_ms": round(float(np.percentile(times_ms, 99)), 1),
        "max_ms": round(max(times_ms), 1),
    }


def run(out: Path) -> dict[str, Any]:
    """Every number of chargers at every baud, with and without a dead one among them."""
    table = Table(title="load step to the last charger's lower limit on the wire, ms")
    for head in ("chargers@baud", "p50", "p99", "one dead: p50", "p99"):
        table.add_column(head, justify="right")
    figures: dict[str, Any] = {}
    for baud in BAUDS:
        for count in CHARGERS:
            row: dict[str, Any] = reaction(count, baud, dead=False)
            cells = [row["p50_ms"], row["p99_ms"], "", ""]
            if count > 1:
                row["one_dead"] = reaction(count, baud, dead=True)
                cells[2:] = [row["one_dead"]["p50_ms"], row["one_dead"]["p99_ms"]]
            figures[f"{count}@{baud}"] = row
            table.add_row(f"{count}@{baud}", *(str(cell) for cell in cells))
    Console().print(table)
    return {"reaction": figures, "runtime": "CPython, virtual time"}
