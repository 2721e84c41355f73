"""The settings table of docs/settings.md, made from the one in the firmware."""

from typing import Any

from headroom.console.meanings import MEANINGS
from headroom.settings import radio
from headroom.settings.table import TABLE, Setting
from lab.marks import Marks
from meter.paths import ROOT

ON_PAGE = Marks(
    ROOT / "docs" / "settings.md",
    "<!-- settings table: made by `make settings-table` -->",
    "<!-- end of the settings table -->",
)


def table() -> str:
    """The settings as a Markdown table."""
    lines = ["| setting | default | allowed | unit | meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| `{row.name}` | {_shown(row.default)} | {_allowed(row)} | {row.unit or ''} "
        f"| {MEANINGS[row.name]} |"
        for row in (*TABLE, *(Setting(*row) for row in radio.ROWS))
    ]
    return "\n".join(lines)


def _allowed(row: Any) -> str:
    if row.choices:
        return ", ".join(_shown(choice) for choice in row.choices)
    if row.choices is None:
        return f"{row.maximum} characters"
    return f"{row.minimum} to {row.maximum}"


def _shown(value: int | str) -> str:
    return "(none)" if value == "" else str(value)
