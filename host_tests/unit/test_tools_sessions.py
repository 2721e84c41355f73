"""`meter sessions`: what a meter tells, as a table and as a CSV file that csv reads back."""

import csv
import os
import time

import pytest

from meter import sessions as tool
from meter.errors import UsageError

TOLD = [
    {
        "number": 7, "charger": "charger1", "begin": "2026-03-28T22:00:00Z",
        "end": "2026-03-29T01:30:00Z", "seconds": 12_600, "wh": 23_456, "sun_wh": 1000,
        "estimated": False, "restart": "",
    },
    {
        "number": 8, "charger": "charger2", "begin": None, "end": None, "seconds": 90, "wh": 40,
        "sun_wh": None, "estimated": True, "restart": "ended",
    },
    {
        "number": -1, "charger": "charger1", "begin": "2026-03-30T00:00:00Z", "end": None,
        "seconds": 60, "wh": 10, "sun_wh": 0, "estimated": False, "restart": "went on",
    },
]  # fmt: skip


class Link:
    def __init__(self, port):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask_json(self, command):
        assert command == "sessions 1000"
        return TOLD


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch):
    monkeypatch.setattr(tool, "Link", Link)
    monkeypatch.setitem(os.environ, "TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_file_has_those_that_ended_by_this_computers_clock(tmp_path, capsys):
    out = tmp_path / "sessions.csv"
    tool.show("", out)
    assert "2 sessions; for orientation, not for billing" in capsys.readouterr().out
    with out.open(newline="", encoding="utf-8") as file:
        first, second = csv.DictReader(file)
    assert (first["begin"], first["end"]) == ("2026-03-28 23:00:00", "2026-03-29 03:30:00")
    assert (first["minutes"], first["kwh"], first["sun_kwh"]) == ("210", "23.456", "1.000")
    assert (first["how"], first["restart"]) == ("measured", "")
    assert list(second.values()) == [
        "8", "charger2", "", "", "2", "0.040", "", "estimated", "ended",
    ]  # fmt: skip


def test_the_table_has_those_that_run_too(capsys):
    tool.show("", None)
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 4
    assert "goes on" in shown[3]


def test_a_file_that_cant_be_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match=r"must end in \.csv"):
        tool.show("", tmp_path / "sessions.pdf")
    with pytest.raises(UsageError, match="cannot write"):
        tool.show("", tmp_path / "absent" / "sessions.csv")
