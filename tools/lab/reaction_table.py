"""The table and picture of the reaction in tools/lab/README.md, of what the bench has measured."""

import json
import shutil
from pathlib import Path
from typing import Any

from lab.bench import FILE
from lab.bench.reaction import PICTURE
from lab.marks import Marks
from meter.errors import UsageError
from meter.paths import ROOT

ON_PAGE = Marks(
    ROOT / "tools" / "lab" / "README.md",
    "<!-- table of the reaction: made by `make reaction-table` -->",
    "<!-- end of the table of the reaction -->",
)
DRAWN = ROOT / "docs" / PICTURE
GOALS_MS = {"above_rating": 60, "above_limit": 350}  # to the first byte, 99 of 100 steps
PLACES = ("p50_ms", "p99_ms", "max_ms")


def table(figures: dict[str, Any]) -> str:
    """Markdown, a row for each number of chargers and kind of step."""
    lines = [
        "| chargers@baud | step | steps | first byte: median | 99 % | longest | goal of 99 %"
        " | last charger: median | 99 % | longest |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case, row in figures.items():
        if case == "runtime":
            continue
        for dead, kinds in (("", row), (", one dead", row.get("one_dead", {}))):
            lines += [_row(case + dead, kind, kinds[kind]) for kind in GOALS_MS if kind in kinds]
    return "\n".join(lines)


def write(out: Path) -> None:
    """Put the table of out/bench.json on the page, and its picture beside the others."""
    try:
        figures = json.loads((out / FILE).read_text(encoding="utf-8"))["reaction"]
        shutil.copy(out / PICTURE, DRAWN)
    except (OSError, ValueError, KeyError):
        raise UsageError(
            f"no figures of the reaction in {out}: `make bench SECTION=reaction` measures them;"
            " nothing was changed"
        ) from None
    ON_PAGE.write(table(figures))
    print(f"wrote {ON_PAGE.page} and {DRAWN}")


def _row(case: str, kind: str, found: dict[str, Any]) -> str:
    first, last = ([str(found[end][place]) for place in PLACES] for end in ("first", "last"))
    steps = f"{found['steps']}" + (f", {found['missed']} missed" if found["missed"] else "")
    cells = [case, kind.replace("_", " "), steps, *first, str(GOALS_MS[kind]), *last]
    return "| " + " | ".join(cells) + " |"
