"""`lab pictures`: the pictures of the documentation, made by the tools that they show."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import track

from lab import architecture, wiring
from lab.simulate import simulation
from meter import monitor, report
from meter.build import board_data, boards
from meter.errors import MeterError
from meter.link import Link
from meter.paths import BOARDS, ROOT
from meter.record import Record

DOCS = ROOT / "docs"
SECONDS = 110
EVERY_MS = 500
COLUMNS = 100


def pictures() -> None:
    """Draw the house, every board's wiring, and the monitor and the report of a simulated home."""
    DOCS.mkdir(exist_ok=True)
    architecture.draw()
    for board in boards():
        wiring.write(board_data(board), BOARDS / board / "wiring.svg")
    with simulation() as port:
        data = ROOT / "out" / "pictures.jsonl"
        data.parent.mkdir(exist_ok=True)
        data.unlink(missing_ok=True)
        with Link(port) as link, data.open("w", encoding="utf-8") as file:
            answers = link.watch(EVERY_MS)
            for _ in track(range(SECONDS * 1000 // EVERY_MS), "a house for two minutes"):
                monitor.keep(file, next(answers))
            answers.close()
        report.report(data, DOCS / "report.png", port)
    draw_monitor(Record(data), DOCS / "monitor.svg")
    _demo(DOCS / "demo.png")
    print(f"Pictures in {DOCS} and boards/*/wiring.svg")


def draw_monitor(record: Record, path: Path) -> None:
    """What `meter monitor` showed at the end of a record."""
    history = monitor.History()
    for answer in record.answers:
        history.add(answer)
    with open("/dev/null", "w") as nowhere:
        console = Console(record=True, width=COLUMNS, force_terminal=True, file=nowhere)
        console.print(monitor.draw(record.last, history, COLUMNS))
        console.save_svg(str(path), title="meter monitor")


def _demo(path: Path) -> None:
    """The picture that `lab demo` leaves."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "lab", "demo", "--out", folder]
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if ended.returncode:
            raise MeterError(f"the demo ended with status {ended.returncode}: no picture of it")
        shutil.copy(Path(folder) / "demo.png", path)
