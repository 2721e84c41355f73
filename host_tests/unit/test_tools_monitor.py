"""`meter monitor` and `meter report`: what stands in their lines of words."""

import html
import re

import pytest
from rich.console import Console

from meter import monitor, report

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
