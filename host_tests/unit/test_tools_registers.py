"""docs/modbus.md shows the registers that the firmware has."""

import pytest

from lab import registers as tool
from meter.errors import MeterError


def test_the_page_is_up_to_date():
    assert tool.on_page() == tool.table(), "run: make registers"


def test_writing_replaces_only_what_is_between_the_marks(tmp_path, monkeypatch):
    page = tmp_path / "modbus.md"
    page.write_text(f"before\n{tool.BEGIN}\nold\n{tool.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(tool, "PAGE", page)
    tool.write()
    text = page.read_text(encoding="utf-8")
    assert text == f"before\n{tool.BEGIN}\n{tool.table()}\n{tool.END}\nafter\n"


def test_lost_marks_are_reported(tmp_path, monkeypatch):
    page = tmp_path / "modbus.md"
    page.write_text("no marks", encoding="utf-8")
    monkeypatch.setattr(tool, "PAGE", page)
    with pytest.raises(MeterError, match="lost the marks"):
        tool.write()
