"""Copies a build to a board that runs MicroPython, with mpremote, and restarts the board.

A running meter needs no special treatment: mpremote's Ctrl-C ends the firmware, which leaves the
chargers at their fallback, and boot.py keeps the watchdog fed while mpremote works.
"""

import subprocess
import sys
from pathlib import Path

from meter.build import SOURCES, build_and_show, check_board
from meter.errors import MeterError
from meter.serial_port import check_port

LONGEST_S = 300  # a whole copy at 115,200 baud takes well under a minute


def flash(board: str, port: str) -> None:
    """Build for `board` and put the files on the one at `port`; unchanged files are skipped."""
    check_board(board)
    check_port(port)
    target = build_and_show(board)
    _mpremote(port, "fs", "cp", "-r", *_in_copying_order(target), ":", "+", "reset")
    print(f"{board} at {port} is flashed and restarting. Next: make console PORT={port}")


def _in_copying_order(target: Path) -> list[str]:
    """The parts first, then what starts them: a copy cut short on a new board starts nothing."""
    parts = sorted(path.name for path in target.iterdir() if path.name not in SOURCES)
    return [str(target / name) for name in (*parts, *SOURCES)]


def _mpremote(port: str, *command: str) -> None:
    """Run mpremote with its progress shown; its last word is the message if it fails."""
    try:
        result = subprocess.run(
            [sys.executable, "-m", "mpremote", "connect", port, *command],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
            timeout=LONGEST_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise MeterError(f"flashing at {port} not done in {LONGEST_S} s: no answer?") from None
    if result.returncode:
        said = result.stderr.strip().splitlines() or [f"status {result.returncode}"]
        reason = said[-1].partition(": ")[2] or said[-1]  # without the name of mpremote's error
        if "raw repl" in reason:
            reason = "no MicroPython answers there; boards/ says which image it needs"
        raise MeterError(f"flashing at {port} failed: {reason}")
