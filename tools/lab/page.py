"""`lab page`: builds out/headroom.html from tools/page and what the boards' data say."""

import json
import shutil
import subprocess
from typing import Any

from headroom import VERSION
from headroom.charging import families, profile
from headroom.charging.families import FAMILIES
from lab import wiring
from meter.build import board_data, boards
from meter.errors import MeterError, UsageError
from meter.paths import BUILD, PAGE, ROOT

SOURCES = ROOT / "tools" / "page"
DATA = BUILD / "page" / "data.json"
SIMULATED = "unix"


def page() -> None:
    """Fetch what it is built with, if that is not there, and build it."""
    npm = shutil.which("npm")
    if npm is None:
        raise UsageError("no npm here: the page is built with Node.js 20 or newer")
    lock, fetched = SOURCES / "package-lock.json", SOURCES / "node_modules" / ".package-lock.json"
    if not fetched.exists() or fetched.stat().st_mtime < lock.stat().st_mtime:
        _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    DATA.parent.mkdir(parents=True, exist_ok=True)
    DATA.write_text(json.dumps(data()), encoding="utf-8")
    PAGE.parent.mkdir(exist_ok=True)
    _run(npm, "run", "--silent", "build", "--", str(DATA), str(PAGE))


def data() -> dict[str, Any]:
    """What src/meter_data.ts names."""
    return {
        "version": VERSION,
        "boards": [_board(name) for name in [*boards(), SIMULATED]],
        "families": {name: _family(name) for name in families.PROFILES if name != "custom"},
    }


def _board(name: str) -> dict[str, Any]:
    board = board_data(name)
    return {
        "name": name,
        "title": board.get("TITLE", name),
        "channels": list(board["CHANNELS"]),
        "inputs": [] if name == SIMULATED else [words for _, words in wiring.inputs(board)],
        "voltage": "V" if "V" in board["CHANNELS"] else board.get("VOLTAGE", ""),
        "burden_ohm": board.get("BURDEN_OHM", 0),
        "free_pins": list(board.get("FREE_PINS", ())),
        "wiring": "" if name == SIMULATED else wiring.draw(board),
    }


def _family(name: str) -> dict[str, Any]:
    lowest, highest, most_a = FAMILIES[name.partition("/")[0]][:3]
    family = profile.load(name)
    baud, parity, _ = family.line()
    return {
        "title": family.title,
        "baud": baud,
        "parity": parity,
        "addresses": [lowest, highest],
        "most_a": most_a,
    }


def _run(*words: str) -> None:
    try:
        subprocess.run(words, cwd=SOURCES, check=True)
    except subprocess.CalledProcessError as error:
        raise MeterError(f"'{' '.join(words[:3])}' failed: {error.returncode}") from None
