"""The tools tell the meter the time, and show what is wished."""

from datetime import datetime, timedelta, timezone

import pytest

from meter import monitor, report
from meter.clock import set_clock
from meter.errors import MeterError
from meter.record import Record


class Link:
    """A meter whose clock says this; `told`: the lines that it was given."""

    def __init__(self, said):
        self.said = said
        self.told = []

    def one(self, command, *keys):
        assert command == "time"
        if isinstance(self.said, Exception):
            raise self.said
        return {"time": self.said}

    def ask(self, line):
        self.told.append(line)
        return ""


def ago(seconds):
    return f"{datetime.now(timezone.utc) - timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("late_s", [None, 60, -60, 86_400 * 400])
def test_a_clock_that_is_unknown_or_off_is_set(late_s):
    link = Link("" if late_s is None else ago(late_s))
    set_clock(link)
    [line] = link.told
    word, _, text = line.partition(" ")
    told = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert word == "time"
    assert abs(datetime.now(timezone.utc) - told) < timedelta(minutes=5)


@pytest.mark.parametrize("said", [MeterError("nothing hangs on it"), None])
def test_a_clock_that_is_right_or_not_there_is_left(said):
    link = Link(said or f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}")
    set_clock(link)
    assert link.told == []


PLANNING = {
    "time": "2026-06-15T16:00:00Z", "local": "mon 12:00", "surplus_w": 3400, "price": None,
    "cap_cars_w": None, "cap_left_wh": None,
}  # fmt: skip


def test_the_monitor_says_mode_and_surplus_of_a_meter_that_has_them():
    status = {
        "uptime_ms": 1000, "legs": [], "ev_ma": -1, "faults": [], "planning": PLANNING,
        "chargers": [
            {
                "name": "charger1", "offer_ma": 15_000, "reason": "all that the limit allows",
                "limited_by": "request", "mode": "sun", "request_by": "sun",
                "request": "sun: follows the surplus",
            }
        ],
    }  # fmt: skip
    assert "mon 12:00, surplus 3400 W" in monitor.line(status)
    table = monitor._chargers(status)
    cells = [next(iter(column.cells)) for column in table.columns]
    assert cells == ["charger1 (sun)", "15.0 A", "sun: follows the surplus", "sun"]
    status["planning"] = PLANNING | {"contact": {"limits": True}, "temperature_dc": 612}
    assert "the grid operator limits, 61.2 °C" in monitor.line(status)
    del status["planning"]
    assert "surplus" not in monitor.line(status)


def test_the_report_says_how_each_charger_was_to_charge():
    answers = [
        {
            "planning": PLANNING | {"surplus_w": watts},
            "chargers": [{"name": "charger1", "mode": m}],
        }
        for watts, m in ((1000, "sun"), (3000, "fast"), (None, "fast"))
    ]
    record = Record.__new__(Record)
    record.answers = answers
    assert report._wishes(record)[:3] == [
        "WISHES", "charger1: fast, sun", "surplus: 2000 W mean, 3000 W at most",
    ]  # fmt: skip
