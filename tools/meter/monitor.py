"""`meter monitor`: live charts of a meter in the terminal, and a record of them for the report."""

import contextlib
import json
import time
from collections import deque
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from meter.chart import chart
from meter.errors import UsageError
from meter.link import Link

KEPT = 600
MAINS, BASE, LIMIT, OFFER, DRAWN = "bright_cyan", "blue", "red", "bright_green", "yellow"
CHART_HEIGHT = 7
NARROWEST = 40


class History:
    """What the charts show: amperes of the last KEPT answers, by name."""

    def __init__(self) -> None:
        self.series: dict[str, deque[float]] = {}

    def add(self, status: dict[str, Any]) -> None:
        """Take one `json status`."""
        for leg in status["legs"]:
            self._add(leg["name"], leg["ma"])
            self._add(leg["name"] + " base", leg["base_ma"])
            self._add(leg["name"] + " limit", leg["limit_ma"])
        self._add("EV", max(0, status["ev_ma"]))  # -1: no CT
        offers = [max(0, charger["offer_ma"]) for charger in status["chargers"]]
        self._add("offers", sum(offers))

    def __getitem__(self, name: str) -> deque[float]:
        return self.series.get(name, deque([0.0]))

    def _add(self, name: str, ma: int) -> None:
        self.series.setdefault(name, deque(maxlen=KEPT)).append(ma / 1000)


def monitor(port: str, every_ms: int, record: Path | None, seconds: float) -> None:
    """Show the meter at `port` until Ctrl-C, or for so many seconds if they are not 0."""
    with ExitStack() as stack:
        link = stack.enter_context(Link(port))
        file = stack.enter_context(_open(record)) if record else None
        answers = stack.enter_context(contextlib.closing(link.watch(every_ms)))
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        end_s = time.monotonic() + seconds if seconds else float("inf")
        screen = _Screen() if Console().is_terminal else _Lines()
        with screen:
            for status in answers:
                keep(file, status)
                screen.show(status)
                if time.monotonic() >= end_s:
                    return


class _Lines:
    """A line an answer, for a pipe."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, status: dict[str, Any]) -> None:
        print(line(status), flush=True)


class _Screen:
    """The charts, drawn anew with each answer."""

    def __init__(self) -> None:
        self._console = Console()
        self._history = History()
        self._live = Live(console=self._console, auto_refresh=False, screen=True)

    def __enter__(self) -> None:
        self._live.__enter__()

    def __exit__(self, *exception: Any) -> None:
        self._live.__exit__(*exception)

    def show(self, status: dict[str, Any]) -> None:
        self._history.add(status)
        self._live.update(draw(status, self._history, self._console.width), refresh=True)


def draw(status: dict[str, Any], history: History, width: int) -> RenderableType:
    """One moment: a chart a leg, one of the charging, the chargers with their reasons."""
    inner = max(NARROWEST, width - 6)
    parts: list[RenderableType] = []
    for leg in status["legs"]:
        name, limit_a = leg["name"], leg["limit_ma"] / 1000
        highest = 1.15 * max(limit_a, *history[name])
        heading = Text.assemble(
            (f"{name}  ", "bold"), (f"mains {leg['ma'] / 1000:5.1f} A  ", MAINS),
            (f"base load {leg['base_ma'] / 1000:5.1f} A  ", BASE),
            (f"limit {limit_a:.0f} A  ", LIMIT), f"headroom {leg['headroom_ma'] / 1000:5.1f} A",
            watts(leg),
        )  # fmt: skip
        lines = (
            (history[f"{name} limit"], LIMIT),
            (history[f"{name} base"], BASE),
            (history[name], MAINS),
        )
        parts += [heading, chart(lines, highest, inner, CHART_HEIGHT)]
    heading = Text.assemble(
        ("EV  ", "bold"), (f"cars {history['EV'][-1]:5.1f} A  ", DRAWN),
        (f"offers {history['offers'][-1]:5.1f} A", OFFER),
    )  # fmt: skip
    highest = 1.15 * max(10, *history["offers"], *history["EV"])
    charging = ((history["EV"], DRAWN), (history["offers"], OFFER))
    parts += [heading, chart(charging, highest, inner, CHART_HEIGHT), _chargers(status)]
    parts += [Text(wishes(status), style="dim")] if "planning" in status else []
    parts += [Text(f"FAULT {fault}", style="bold yellow") for fault in status["faults"]]
    return Panel(
        Group(*parts),
        title=f"Headroom {status['version']} on {status['board']}",
        subtitle=f"settings {status['settings_hash']}, {status['lock']} · Ctrl-C ends",
    )


def watts(leg: dict[str, Any]) -> str:
    """The power of a leg, "" of a meter without a voltage."""
    if "w" not in leg:
        return ""
    return "  power unknown" if leg["w"] is None else f"  {leg['w']} W"


def wishes(status: dict[str, Any]) -> str:
    """The local time, and what of sun, price, cap, contact and thermometer is on."""
    planning = status["planning"]
    parts = [planning["local"] or planning["time"] or "time unknown"]
    for key, text in (
        ("surplus_w", "surplus {} W"),
        ("price", "price {}"),
        ("cap_cars_w", "the cap leaves {} W"),
    ):
        if planning[key] is not None:
            parts.append(text.format(planning[key]))
    if (planning.get("contact") or {}).get("limits"):
        parts.append("the grid operator limits")
    if planning.get("temperature_dc") is not None:
        parts.append(f"{planning['temperature_dc'] / 10:.1f} °C")
    return ", ".join(parts)


def line(status: dict[str, Any]) -> str:
    """One moment in one line, for a pipe."""
    words = [f"{status['uptime_ms'] / 1000:8.1f} s"]
    words += [f"{leg['name']} {leg['ma'] / 1000:5.1f}{watts(leg)}" for leg in status["legs"]]
    if "voltage" in status:
        words += [f"{status['voltage']['mv'] / 1000:5.1f} V"]
    words += [f"EV {max(0, status['ev_ma']) / 1000:5.1f}"]
    words += [
        f"{charger['name']} {max(0, charger['offer_ma']) / 1000:.1f} A, {charger['reason']}"
        for charger in status["chargers"]
    ]
    words += [wishes(status)] if "planning" in status else []
    words += [f"FAULT {fault}" for fault in status["faults"]]
    return "  ".join(words)


def _chargers(status: dict[str, Any]) -> Table:
    table = Table(box=None, header_style="dim", expand=True)
    for name in ("charger", "offer", "why", "limited by"):
        table.add_column(name, no_wrap=name != "why")
    for charger in status["chargers"]:
        mode = f" ({charger['mode']})" if "mode" in charger else ""
        limited_by = charger.get("request_by") if charger["limited_by"] == "request" else ""
        offer = f"{charger['offer_ma'] / 1000:.1f} A" if charger["offer_ma"] >= 0 else "none"
        why = charger["request"] if limited_by else charger["reason"]
        table.add_row(charger["name"] + mode, offer, why, limited_by or charger["limited_by"])
    return table


def _open(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def keep(file: TextIO | None, status: dict[str, Any]) -> None:
    """Write one line of a record: the status, and when it came (seconds since 1970)."""
    if file:
        print(json.dumps({"time_s": round(time.time(), 2)} | status), file=file, flush=True)
