"""The settings table of docs/settings.md, made from the one in the firmware."""

from typing import Any

from headroom.console.meanings import MEANINGS
from headroom.settings import radio
from headroom.settings.table import TABLE, Setting
from meter.errors import MeterError
from meter.paths import ROOT

PAGE = ROOT / "docs" / "settings.md"
BEGIN = "<!-- settings table: made by `make settings-table` -->"
END = "<!-- end of the settings table -->"


def table() -> str:
    """The settings as a Markdown table."""
    lines = ["| setting | default | allowed | unit | meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| `{row.name}` | {_shown(row.default)} | {_allowed(row)} | {row.unit or ''} "
        f"| {MEANINGS[row.name]} |"
        for row in (*TABLE, *(Setting(*row) for row in radio.ROWS))
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


def _allowed(row: Any) -> str:
    if row.choices:
        return ", ".join(_shown(choice) for choice in row.choices)
    if row.choices is None:
        return f"{row.maximum} characters"
    return f"{row.minimum} to {row.maximum}"


def _shown(value: int | str) -> str:
    return "(none)" if value == "" else str(value)


def _parts(text: str) -> tuple[str, str, str]:
    before, begin, rest = text.partition(BEGIN)
    found, end, after = rest.partition(END)
    if not (begin and end):
        raise MeterError(f"{PAGE.name} has lost the marks around its settings table")
    return before, found.strip("\n"), after
