"""`lab pictures`: the pictures of the documentation, made by the tools that they show."""

import asyncio
import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from lab import architecture, demo_picture, page_pictures, wiring
from lab.demo import DEFAULT, parse_chargers
from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.panel import View
from lab.session import RATED_A, Plan
from lab.sim.evening import DURATION_S, Evening
from meter import monitor, report
from meter.build import board_data, boards
from meter.paths import BOARDS, ROOT
from meter.record import Record

DOCS = ROOT / "docs"
EVERY_S = 10.0
SIX_O_CLOCK = datetime(2026, 7, 1, 18)
MONITOR_UNTIL_S = 6100.0  # while the dryer runs
COLUMNS = 100


def pictures() -> None:
    """Draw the house, every board's wiring, and the demo's evening as lab and meter show it."""
    DOCS.mkdir(exist_ok=True)
    architecture.draw()
    for board in boards():
        wiring.write(board_data(board), BOARDS / board / "wiring.svg")
    print("Playing the evening ...", flush=True)
    data = ROOT / "out" / "pictures.jsonl"
    data.parent.mkdir(exist_ok=True)
    events, changed = virtual.run(_evening(data))
    record = Record(data)
    report.draw(record, events, changed).savefig(DOCS / "report.png", dpi=120)
    draw_monitor(record, DOCS / "monitor.svg")
    page_pictures.draw(DOCS)
    print(f"Pictures in {DOCS} and boards/*/wiring.svg")


async def _evening(data: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Play it, draw docs/demo.png, and keep a record as `meter monitor` does.

    Returns the meter's events and the settings that are not as they were made.
    """
    never = asyncio.Event()
    plan = Plan(DURATION_S, Evening(), parse_chargers([DEFAULT]), [])
    kept: list[str] = []

    def keep(view: View) -> None:
        if view.meter and view.truth.t_s >= EVERY_S * len(kept):
            time_s = SIX_O_CLOCK.timestamp() + view.truth.t_s
            kept.append(json.dumps({"time_s": round(time_s, 2)} | view.meter))

    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        async with LockstepSession(plan, Path(folder)) as session:
            await session.set_up(never)
            result = await session.run(never, keep)
            data.write_text("\n".join(kept) + "\n", encoding="utf-8")
            demo_picture.draw(result, session.world.history, [], RATED_A, DOCS / "demo.png")
            log = await session.console.ask(f"json log {report.MOST_EVENTS}")
            diff = await session.console.ask("diff")
    changed = [line[4:] for line in diff.splitlines() if "set " in line]
    return [json.loads(line) for line in log.splitlines()], changed


def draw_monitor(record: Record, path: Path) -> None:
    """What `meter monitor` showed while the dryer ran."""
    history = monitor.History()
    until_s = SIX_O_CLOCK.timestamp() + MONITOR_UNTIL_S
    shown = [answer for answer in record.answers if answer["time_s"] <= until_s]
    for answer in shown:
        history.add(answer)
    with open("/dev/null", "w") as nowhere:
        console = Console(record=True, width=COLUMNS, force_terminal=True, file=nowhere)
        console.print(monitor.draw(shown[-1], history, COLUMNS))
        console.save_svg(str(path), title="meter monitor")
