"""Charging from the sun: the firmware's own planner against other systems' laws and an oracle.

The laws are forms, written anew from their descriptions: what they measure, how often, their
gains, timers and dead bands; not the products. All drive the same car and charger.
"""

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lab.bench import FILE, store

from . import choice, goals, oracle
from .days import SunDay, days, skipped
from .evcc import Evcc
from .loop import Law, Score, charger_of, play
from .openevse import OpenEvse
from .openwb import OpenWb
from .ours import Headroom
from .smartevse import SmartEvse
from .warp import Warp
from .zappi import Zappi

OURS = "headroom"


def laws() -> dict[str, Law]:
    """Ours, and the others."""
    return {
        OURS: Headroom(),
        "evcc": Evcc(),
        "smartevse": SmartEvse(),
        "openwb": OpenWb(),
        "warp": Warp(),
        "openevse": OpenEvse(),
        "zappi eco+": Zappi(plus=True),
        "zappi eco": Zappi(plus=False),
    }


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Every law through every day: a table each, what is missed in words, and all figures."""
    found: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    for name, make in days().items():
        day = make()
        best_kwh = oracle.kwh(day)
        found[name] = _played(day, laws(), best_kwh)
        chosen[name] = _played(day, choice.settings(), best_kwh)
        _show(f"{name}: the oracle takes {best_kwh:.1f} kWh", found[name])
    all_days = choice.gather(found)
    others = [law for law in all_days if law != OURS]
    all_days |= choice.gather(chosen)
    _show("all days together, ours by setting", all_days)
    for line in choice.beaten(all_days, others):
        print(line)
    for name, rows in found.items():
        for line in goals.tell(name, rows, OURS):
            print(line)
    for line in skipped():
        print(line)
    store(out / FILE, "planning_choice", all_days)
    store(out / FILE, "planning_goals", {n: goals.judge(rows, OURS) for n, rows in found.items()})
    return found


def _played(day: SunDay, rules: dict[str, Law], best_kwh: float) -> dict[str, dict[str, float]]:
    min_w = charger_of(day).min_w
    return {law: figures(play(day, rule), best_kwh, min_w) for law, rule in rules.items()}


def figures(score: Score, best_kwh: float, min_w: float) -> dict[str, float]:
    """The numbers for out/bench.json; what was owed in minutes of the minimum, see loop.py."""
    return {
        "surplus_used_vs_oracle": round(score.surplus_kwh / best_kwh, 4) if best_kwh else 1.0,
        "import_for_ev_kwh": round(score.import_kwh, 3),
        "most_owed_min": round(60 * score.most_owed_wh / min_w, 1),
        "starts": score.starts,
        "writes": score.writes,
    }


def _show(title: str, rows: dict[str, dict[str, float]]) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("law")
    for column in rows[OURS]:
        table.add_column(column, justify="right")
    for law, row in rows.items():
        table.add_row(law, *(f"{value:g}" for value in row.values()))
    Console(file=sys.stdout, width=110).print(table)
