"""What a user sees while the demo runs: a live panel on a terminal, else a line now and then."""

import time
from dataclasses import dataclass
from typing import Any

from rich.bar import Bar
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from lab.sim.world import Snapshot
from lab.summary import miles

REFRESH_S = 0.25
MOST_LINES = 120


@dataclass
class View:
    """One moment: the truth, what the meter says of it (None: no answer), what is broken."""

    truth: Snapshot
    meter: dict[str, Any] | None
    limit_a: float
    rated_a: float
    faults: list[str]
    broken: list[str]
    duration_s: float
    kwh: float

    @property
    def chargers(self) -> list[dict[str, Any]]:
        """The meter's account of each charger; of one that it says nothing of, an empty one."""
        told = (self.meter or {}).get("chargers") or []
        return (told + [{}] * len(self.truth.offers_a))[: len(self.truth.offers_a)]

    def reason(self, charger: dict[str, Any]) -> str:
        """Why its offer is what it is, in the meter's words."""
        if self.meter is None:
            return "the meter does not answer"
        reason = charger.get("reason") or "-"
        limited_by = charger.get("limited_by")
        return (
            f"{reason} (limited by {limited_by})" if limited_by not in (None, "none") else reason
        )

    @property
    def meter_faults(self) -> list[str]:
        return (self.meter or {}).get("faults") or []


class LinePrinter:
    """A line a second, or MOST_LINES a run."""

    def __init__(self) -> None:
        self._next_s = 0.0
        self._told = 0

    def __enter__(self) -> "LinePrinter":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, view: View) -> None:
        """Print a line when its time has come."""
        truth = view.truth
        if truth.t_s < self._next_s:
            return
        self._next_s = int(truth.t_s) + max(1.0, view.duration_s / MOST_LINES)
        headroom_a = view.limit_a - max(truth.base_l1_a, truth.base_l2_a)
        words = [
            f"{truth.t_s:4.0f} s  L1 {truth.l1_a:5.1f}  L2 {truth.l2_a:5.1f}"
            f"  limit {view.limit_a:.0f}  headroom {headroom_a:5.1f}"
            f"  {_offers(view)}"
        ]
        words += [f"FAULT {fault}" for fault in view.meter_faults]
        words += [f"BROKEN {breach}" for breach in view.broken[self._told :]]
        self._told = len(view.broken)
        print("  ".join(words), flush=True)


def _offers(view: View) -> str:
    return "  ".join(
        f"offer {offer_a:4.1f}  car {car_a:4.1f} A  {view.reason(charger)}"
        for offer_a, car_a, charger in zip(
            view.truth.offers_a, view.truth.cars_a, view.chargers, strict=True
        )
    )


class LivePanel:
    """A panel that redraws itself in place."""

    def __init__(self) -> None:
        self._live = Live(console=Console(), auto_refresh=False, transient=True)
        self._next_s = 0.0

    def __enter__(self) -> "LivePanel":
        self._live.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._live.__exit__(*exception)

    def show(self, view: View) -> None:
        """Redraw, at most every quarter of a second."""
        if time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + REFRESH_S
            self._live.update(draw(view), refresh=True)


def draw(view: View) -> RenderableType:
    """The panel of one moment."""
    parts: list[RenderableType] = [_legs(view), Text(), _charging(view)]
    for fault in view.meter_faults:
        parts.append(Text(f"meter reports: {fault}", style="yellow"))
    for fault in view.faults:
        parts.append(Text(f"made to fail: {fault}", style="magenta"))
    for breach in view.broken[-3:]:
        parts.append(Text(f"BROKEN {breach}", style="bold red"))
    meter = view.meter or {}
    who = f"Headroom {meter.get('version', '?')} on MicroPython {meter.get('micropython', '?')}"
    when = f"{_clock(view.truth.t_s)} of {_clock(view.duration_s)}"
    return Panel(Group(*parts), title=who, subtitle=when, padding=(1, 2))


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def _legs(view: View) -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    truth = view.truth
    said = {leg["name"]: leg for leg in (view.meter or {}).get("legs", [])}
    for name, amps, base_a in (
        ("L1", truth.l1_a, truth.base_l1_a),
        ("L2", truth.l2_a, truth.base_l2_a),
    ):
        colour = "green" if amps <= view.limit_a else "yellow" if amps <= view.rated_a else "red"
        measured = f"meter {said[name]['ma'] / 1000:6.1f} A" if name in said else "meter ?"
        headroom = f"headroom {view.limit_a - base_a:5.1f} A"
        bar = Bar(view.rated_a, 0, min(amps, view.rated_a), color=colour, bgcolor="grey23")
        table.add_row(
            f"[bold]{name}[/]", f"[{colour}]{amps:.1f} A[/]", bar, f"{measured}   {headroom}"
        )
    mark = Bar(view.rated_a, 0, view.limit_a, color="grey50", bgcolor="default")
    table.add_row("limit", f"{view.limit_a:.0f} A", mark, f"breaker {view.rated_a:.0f} A")
    return table


def _charging(view: View) -> Table:
    table = Table.grid(padding=(0, 2))
    for offer_a, car_a, charger in zip(
        view.truth.offers_a, view.truth.cars_a, view.chargers, strict=True
    ):
        name = charger.get("profile", "charger")
        state = "online" if charger.get("online") else "not answering"
        table.add_row("[bold]car[/]", f"{car_a:.1f} A")
        table.add_row("[bold]offer[/]", f"{offer_a:.1f} A by {name}, {state}")
        table.add_row("[bold]because[/]", view.reason(charger))
    table.add_row("[bold]charged[/]", f"{view.kwh:.2f} kWh, {miles(view.kwh):.0f} miles")
    return table
