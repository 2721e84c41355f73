"""`meter monitor` and `meter report`: what stands in their lines of words."""

import html
import json
import re

import pytest
from rich.console import Console

from meter import monitor, record, report

STATUS = {
    "version": "0.1.0", "board": "pico", "settings_hash": "01234567", "lock": "open",
    "faults": [], "chargers": [], "ev_ma": 0,
    "legs": [
        {"name": "L1", "ma": 78200, "base_ma": 51100, "limit_ma": 80000, "headroom_ma": 28900},
        {"name": "L2", "ma": 8, "base_ma": 8, "limit_ma": 80000, "headroom_ma": 79992, "w": 120},
    ],
}  # fmt: skip


def test_no_piece_of_a_heading_leans_on_the_next():
    """Each colour is a piece of its own: a reader of pieces, as of the picture, joins them."""
    history = monitor.History()
    history.add(STATUS)
    with open("/dev/null", "w") as nowhere:
        console = Console(record=True, width=100, force_terminal=True, file=nowhere)
        console.print(monitor.draw(STATUS, history, 100))
    drawn = console.export_svg()
    for leg in ("L1", "L2"):
        line = next(line for line in drawn.splitlines() if f">{leg}&#160;" in line)
        pieces = [html.unescape(piece) for piece in re.findall(r">([^<]*)</text>", line)]
        words = [piece for piece in pieces if piece.strip("│\xa0")]
        assert any("headroom" in piece for piece in words)
        assert all(piece[-1] == "\xa0" for piece in words[:-1]), words


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(36, "36 s"), (119.6, "120 s"), (120, "2 min"), (5400, "90 min"), (7200, "2.0 h"),
     (86400, "24.0 h")],
)  # fmt: skip
def test_a_report_tells_how_long_its_record_is(seconds, told):
    assert report.span(seconds) == told


CHARGER = {"name": "charger1", "offer_ma": 6000}
FULL = STATUS | {"time_s": 1.0, "nominal_v": 120, "energy": [], "chargers": [CHARGER]}


def recorded(path, *lines):
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    )
    return record.Record(path)


def test_a_record_goes_on_over_a_change_of_settings(tmp_path):
    """A leg and a charger more; those that were not there have drawn nothing."""
    before = FULL | {"legs": STATUS["legs"][1:], "chargers": []}
    made = recorded(tmp_path / "record", before, FULL | {"time_s": 61.0})
    assert made.leg_a(0, "ma") == [0, 78.2]
    assert made.leg_a(1, "ma") == [0.008, 0.008]
    assert made.offer_a(0) == [0, 6]
    report.draw(made, [], [])


@pytest.mark.parametrize(
    "strange",
    [
        '{"time_s": 30, "legs": [{"na',
        FULL | {"time_s": "noon"},
        FULL | {"time_s": 1e300},
        FULL | {"legs": None},
        FULL | {"legs": [{"name": "L1", "ma": "many"}]},
        FULL | {"faults": [5]},
        {key: FULL[key] for key in FULL if key != "faults"},
        "[1, 2]",
    ],
)
def test_a_strange_line_of_a_record_is_passed_over(tmp_path, strange):
    made = recorded(tmp_path / "record", FULL, strange, FULL | {"time_s": 61.0})
    assert made.seconds == 60
    report.draw(made, [], [])
