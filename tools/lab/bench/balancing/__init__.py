"""The scoreboard of balancing laws: the firmware's own against seven others, house by house.

The last row is none: rules_alone.py.

Ours is there twice: as the bare controller in the loop of the others, and as the whole firmware
in virtual time; `balancing_whole` says what differs.
"""

import os
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lab.bench import FILE, store

from . import differences, goals, on_chip, whole
from .judge import Score
from .laws import baselines
from .loop import Law
from .loop import run as play
from .ours import Headroom
from .picture import draw
from .rules_alone import RulesAlone
from .scenarios import scenarios, skipped

OURS = "headroom"
WHOLE = "headroom, whole"
COLUMNS = (
    "energy_vs_oracle",
    "overload_as",
    "worst_overload_s",
    "trips",
    "pauses",
    "starts_a_day",
    "writes",
    "swing_a",
)


def laws() -> dict[str, Law]:
    """Ours by each source of the base load, and the others."""
    return {
        OURS: Headroom(),
        "headroom, register": Headroom("register"),
        "headroom, estimate": Headroom("estimate"),
        **baselines(),
        goals.BOUND: RulesAlone(),
    }


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Every law in every scenario: a table each, a picture each, and all figures.

    Beside the section go `balancing_goals` (scenario -> which are met), `balancing_whole` and
    `balancing_on_chip`. If `quick`, without the whole firmware.
    """
    figures: dict[str, Any] = {}
    differ: dict[str, Any] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        played: dict[str, Future[Score]] = {}
        if not quick:
            played = {name: pool.submit(play_whole, name) for name in scenarios()}
        for name, make in scenarios().items():
            scores = {law: play(make(), rule) for law, rule in laws().items()}
            if name in played:
                scores = {OURS: scores[OURS], WHOLE: played[name].result(), **scores}
            figures[name] = {law: score.figures() for law, score in scores.items()}
            if name in played:
                differ[name] = differences.between(scores[OURS], scores[WHOLE])
                differ[name]["goals"] = goals.judge(figures[name], WHOLE)
            _show(name, scores)
            draw(out / f"balancing-{name.replace(' ', '-')}.png", name, make(), scores)
    for name, found in differ.items():
        print(differences.tell(name, found))
    for ours in (OURS, WHOLE) if differ else (OURS,):
        for name, rows in figures.items():
            for line in goals.tell(name, rows, ours):
                print(line)
    for line in skipped():
        print(line)
    verdicts = {name: goals.judge(rows, OURS) for name, rows in figures.items()}
    store(out / FILE, "balancing_goals", verdicts)
    store(out / FILE, "balancing_whole", differ)
    store(out / FILE, "balancing_on_chip", on_chip.measure())
    return figures


def play_whole(name: str) -> Score:
    """A scenario by its name: what can be handed to another process."""
    return whole.play(scenarios()[name]())


def _show(name: str, scores: dict[str, Score]) -> None:
    table = Table(title=name, title_justify="left")
    table.add_column("law")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for law, score in scores.items():
        row = score.figures()
        table.add_row(law, *(f"{row[column]:g}" for column in COLUMNS))
    Console(file=sys.stdout, width=110).print(table)
