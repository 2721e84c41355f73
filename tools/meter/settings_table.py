"""The settings table of docs/settings.md, made from the one in the firmware."""

import importlib
import sys
from typing import Any

from meter.errors import MeterError
from meter.paths import FIRMWARE, HOST_SHIM, ROOT

PAGE = ROOT / "docs" / "settings.md"
BEGIN = "<!-- settings table: made by `make settings-table` -->"
END = "<!-- end of the settings table -->"


def table() -> str:
    """The settings as a Markdown table."""
    lines = ["| setting | default | allowed | unit | meaning |", "|---|---|---|---|---|"]
    meanings = _firmware("console.meanings").MEANINGS
    lines += [
        f"| `{row.name}` | {_shown(row.default)} | {_allowed(row)} | {row.unit or ''} "
        f"| {meanings[row.name]} |"
        for row in _firmware("settings.table").TABLE
    ]
    return "\n".join(lines)


def on_page() -> str:
    """The table as the page has it."""
    _, found, _ = _parts(PAGE.read_text(encoding="utf-8"))
    return found


def write() -> None:
    """Bring the page up to date."""
    before, _, after = _parts(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


def _firmware(name: str) -> Any:
    for folder in (HOST_SHIM, FIRMWARE):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return importlib.import_module(f"headroom.{name}")


def _allowed(row: Any) -> str:
    if row.kind == "str":
        return ", ".join(_shown(choice) for choice in row.choices)
    return f"{row.minimum} to {row.maximum}"


def _shown(value: int | str) -> str:
    return "(none)" if value == "" else str(value)


def _parts(text: str) -> tuple[str, str, str]:
    before, begin, rest = text.partition(BEGIN)
    found, end, after = rest.partition(END)
    if not (begin and end):
        raise MeterError(f"{PAGE.name} has lost the marks around its settings table")
    return before, found.strip("\n"), after
