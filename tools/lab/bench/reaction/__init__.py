"""How long from a load step until the chargers are told less, by the whole firmware.

Unmodified, on MicroPython in virtual time: exact on any machine; what a chip adds is measured on
the emulated one. The house steps between two samples, at any phase of the mains cycle, of the
firmware's window and of its turns on the line. `first` is until the first byte of the first lower
limit, `last` until the last bit of the last charger's. Two kinds of steps: one that takes a leg
above the breaker's rating, which one cycle shows; and one that leaves less than is allowed though
the breaker carries it, which the next window of 200 ms shows.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .picture import draw
from .steps import CASES, KINDS, Job, Times, measure

PICTURE = "reaction.png"


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Every case and kind, with and without a dead charger: a table, a picture, the figures.

    STEPS steps of one and of two chargers; FEW of more, with a dead one, and of all if `quick`.
    """
    jobs = [(*case, kind, dead) for case in CASES for kind in KINDS for dead in (False, True)]
    jobs = [job for job in jobs if job[0] > 1 or not job[3]]
    times: dict[Job, Times] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        futures = {job: pool.submit(measure, *job, quick) for job in jobs}
        for job, future in futures.items():
            times[job] = future.result()
    _show(times)
    draw(out / PICTURE, times)
    figures: dict[str, Any] = {"runtime": "MicroPython on a PC, virtual time"}
    for (count, baud, kind, dead), found in times.items():
        row = figures.setdefault(f"{count}@{baud}", {})
        (row.setdefault("one_dead", {}) if dead else row)[kind] = found.figures()
    return figures


def _show(times: dict[Job, Times]) -> None:
    table = Table(title="load step to a lower limit on the wire, ms", title_justify="left")
    heads = (
        "chargers@baud",
        "step",
        "steps",
        "first: p50",
        "p99",
        "max",
        "last: p50",
        "p99",
        "max",
    )
    for head in heads:
        table.add_column(head, justify="right")
    for (count, baud, kind, dead), found in times.items():
        row = found.figures()
        cells = [*row["first"].values(), *row["last"].values()]
        name = f"{count}@{baud}" + (", one dead" if dead else "")
        table.add_row(name, kind.replace("_", " "), str(row["steps"]), *map(str, cells))
    Console(width=110).print(table)
