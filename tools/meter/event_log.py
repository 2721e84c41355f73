"""`meter log`: what the meter remembers, with the hour where it can be known."""

import time
from datetime import datetime

from rich.console import Console
from rich.table import Table

from meter.link import Link
from meter.plain import plain

PIPED_WIDTH = 240  # longer than any event: what reads a pipe wants one line for each


def show(port: str, count: int) -> None:
    """Print the newest `count` events; the hour of those since the meter's last start."""
    with Link(port) as link:
        status = link.status()
        events = link.ask_json(f"log {count}", "boot", "s", "text")
    started_s = time.time() - status["uptime_ms"] / 1000
    table = Table(box=None, header_style="dim")
    for name in ("start", "when", "what"):
        table.add_column(name, no_wrap=name != "what")
    for event in events:
        when = f"+ {event['s']} s"
        if event["boot"] == status["boot"]:
            when = f"{datetime.fromtimestamp(started_s + event['s']):%a %H:%M:%S}"
        table.add_row(str(event["boot"]), when, plain(str(event["text"])))
    console = Console()
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(table)
