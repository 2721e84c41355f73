"""The picture of a demo: what each leg carries, limit, offer and car over time."""

import math
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lab.sim.faults import Fault
from lab.sim.world import FIXED_A, Snapshot

INK, GRID = "#2b2b2b", "#e4e4e4"
HOUSE, CAR, OFFER, ORACLE = "#8fa8c4", "#4fb477", "#1b5e3a", "#b9b9b9"
IN_MINUTES_S = 600
CARS = (CAR, "#a3d9a5", "#2f8f9d", "#d3e4a0")
LIMIT, RATING = "#c8452f", "#7a2415"
FAULT, BREACH = "#b07cc6", "#d62728"


def draw(
    result: dict[str, Any],
    history: list[Snapshot],
    faults: list[Fault],
    rated_a: float,
    path: Path,
) -> None:
    """Draw the run to a PNG: a plot per leg, and one of the charging below."""
    unit, unit_name = (60.0, "minutes") if result["duration_s"] > IN_MINUTES_S else (1.0, "s")
    figure = Figure(figsize=(12, 8), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    leg1, leg2, charging = figure.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2))
    times = [s.t_s / unit for s in history]
    highest_a = max((max(s.l1_a, s.l2_a) for s in history), default=0.0)
    top_a = min(max(1.12 * rated_a, 1.05 * highest_a), 1.75 * rated_a)

    for axes, name, base_a, mains_a in (
        (leg1, "L1", [s.base_l1_a for s in history], [s.l1_a for s in history]),
        (leg2, "L2", [s.base_l2_a for s in history], [s.l2_a for s in history]),
    ):
        axes.fill_between(times, 0, base_a, color=HOUSE, lw=0, label="house")
        axes.fill_between(times, base_a, mains_a, color=CAR, lw=0, label="car on top")
        axes.plot(times, mains_a, color=INK, lw=0.8)
        axes.axhline(
            result["limit_a"], color=LIMIT, lw=1.5, label=f"limit {result['limit_a']:g} A"
        )
        axes.axhline(rated_a, color=RATING, lw=1.0, ls=":", label=f"breaker {rated_a:g} A")
        axes.set_ylim(0, top_a)
        axes.set_ylabel(f"{name} (A)")

    oracle_a = [s.oracle_a for s in history]
    charging.fill_between(times, 0, oracle_a, color=ORACLE, alpha=0.4, lw=0, label="oracle's car")
    several = len(result["chargers"]) > 1
    charging.stackplot(
        times,
        *zip(*(s.cars_a for s in history), strict=True),
        colors=CARS,
        lw=0,
        labels=[f"car at {c['profile']}" if several else "car" for c in result["chargers"]],
    )
    charging.step(
        times,
        [s.offer_a for s in history],
        color=OFFER,
        lw=1.6,
        where="post",
        label="offers" if several else "offer",
    )
    charging.axhline(FIXED_A, color=LIMIT, lw=1.0, ls="--", label=f"a fixed {FIXED_A:g} A")
    charging.set_ylim(bottom=0, top=1.15 * max((s.offer_a for s in history), default=0) + 1)
    charging.set_ylabel("charging (A)")
    charging.set_xlabel(f"time ({unit_name})")
    charging.set_xlim(0, result["duration_s"] / unit)

    for axes in (leg1, leg2, charging):
        _mark(axes, result, faults, unit)
        axes.grid(color=GRID, lw=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in (leg1, charging):
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=9)
    figure.suptitle(_title(result), x=0.01, ha="left", fontsize=12, color=INK)
    figure.savefig(path)


def _mark(axes: Any, result: dict[str, Any], faults: list[Fault], unit: float) -> None:
    top = axes.get_ylim()[1]
    for fault in faults:
        end_s = result["duration_s"] if math.isinf(fault.end_s) else fault.end_s
        axes.axvspan(fault.start_s / unit, end_s / unit, color=FAULT, alpha=0.2, lw=0, zorder=0)
        axes.text(fault.start_s / unit, top, f" {fault.kind}", color=FAULT, fontsize=8, va="top")
    for breach in result["rules_broken"]:
        axes.axvline(breach["at_s"] / unit, color=BREACH, lw=1.5)
        axes.text(
            breach["at_s"] / unit,
            0.9 * top,
            f" rule {breach['rule']}",
            color=BREACH,
            fontsize=8,
            va="top",
        )


def _title(result: dict[str, Any]) -> str:
    parts = [
        f"{result['charger']}, {result['house']}",
        f"{result['kwh_delivered']:.1f} kWh of {result['kwh_oracle']:.1f} possible,"
        f" {result['miles']:.0f} miles",
        f"a fixed 16 A: {result['kwh_fixed_16a']:.1f} kWh",
    ]
    if result["breaker_tripped"]:
        parts.append("BREAKER TRIPPED")
    elif result["rules_broken"]:
        parts.append(f"rules broken: {len(result['rules_broken'])}")
    else:
        parts.append("no rule broken, breaker held")
    return "  ·  ".join(parts)
