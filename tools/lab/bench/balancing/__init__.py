"""The scoreboard of balancing laws: the firmware's own against seven others, house by house."""

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lab.bench import FILE, store

from . import goals, on_chip
from .laws import baselines
from .loop import Law, Score
from .loop import run as play
from .ours import Headroom
from .picture import draw
from .scenarios import scenarios, skipped

OURS = "headroom"
COLUMNS = (
    "energy_vs_oracle",
    "overload_as",
    "worst_overload_s",
    "trips",
    "pauses",
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
    }


def run(out: Path) -> dict[str, Any]:
    """Every law in every scenario: a table each, a picture each, and all figures.

    Beside the section go `balancing_goals` (scenario -> which are met) and `balancing_on_chip`.
    """
    figures: dict[str, Any] = {}
    for name, make in scenarios().items():
        scores = {law: play(make(), rule) for law, rule in laws().items()}
        figures[name] = {law: score.figures() for law, score in scores.items()}
        _show(name, scores)
        draw(out / f"balancing-{name.replace(' ', '-')}.png", name, make(), scores)
    for name, rows in figures.items():
        for line in goals.tell(name, rows, OURS):
            print(line)
    for line in skipped():
        print(line)
    verdicts = {name: goals.judge(rows, OURS) for name, rows in figures.items()}
    store(out / FILE, "balancing_goals", verdicts)
    store(out / FILE, "balancing_on_chip", on_chip.measure())
    return figures


def _show(name: str, scores: dict[str, Score]) -> None:
    table = Table(title=name, title_justify="left")
    table.add_column("law")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for law, score in scores.items():
        row = score.figures()
        table.add_row(law, *(f"{row[column]:g}" for column in COLUMNS))
    Console(file=sys.stdout, width=110).print(table)
