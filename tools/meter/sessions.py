"""`meter sessions`: what each car took, as a table or as a CSV file. Not a billing meter."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from meter.errors import UsageError
from meter.link import Link

MOST = 1000
PIPED_WIDTH = 160
COLUMNS = ("number", "charger", "begin", "end", "minutes", "kwh", "sun_kwh", "how", "restart")


def show(port: str, out: Path | None) -> None:
    """Print the sessions of the meter at `port`, or write those that have ended to `out`."""
    if out and out.suffix != ".csv":
        raise UsageError(f"{out} must end in .csv")
    with Link(port) as link:
        sessions = link.ask_json(f"sessions {MOST}")
    if out:
        ended = [row(session) for session in sessions if session["number"] >= 0]
        try:
            write(out, ended)
        except OSError as error:
            raise UsageError(f"cannot write {out}: {error.strerror}") from None
        print(f"{out}: {len(ended)} sessions; for orientation, not for billing")
        return
    table = Table(*COLUMNS, box=None, header_style="dim")
    for session in sessions:
        table.add_row(*row(session))
    console = Console()
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(table)


def write(out: Path, rows: list[list[str]]) -> None:
    """A CSV file of these rows."""
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def row(session: dict[str, Any]) -> list[str]:
    """The cells of one session, times as this computer's clock shows them."""
    runs = session["number"] < 0
    return [
        "" if runs else str(session["number"]),
        session["charger"],
        local(session["begin"]),
        "goes on" if runs else local(session["end"]),
        f"{session['seconds'] / 60:.0f}",
        f"{session['wh'] / 1000:.3f}",
        "" if session["sun_wh"] is None else f"{session['sun_wh'] / 1000:.3f}",
        "estimated" if session["estimated"] else "measured",
        session["restart"],
    ]


def local(utc: str | None) -> str:
    """A time of the meter, such as 2026-11-26T21:04:05Z; "" where it did not know it."""
    if not utc:
        return ""
    return f"{datetime.fromisoformat(utc.replace('Z', '+00:00')).astimezone():%Y-%m-%d %H:%M:%S}"
