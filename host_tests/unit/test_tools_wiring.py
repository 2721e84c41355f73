"""The wiring diagrams: those in the repository are the ones that the boards' data give today."""

import re
from xml.etree import ElementTree

import pytest

from lab import wiring
from meter.build import board_data, boards
from meter.paths import BOARDS


def words(svg):
    return [text.text for text in ElementTree.fromstring(svg).iter() if text.tag.endswith("text")]


@pytest.mark.parametrize("name", boards())
def test_the_drawing_is_of_todays_board_and_has_all_its_pins(name):
    board, svg = board_data(name), (BOARDS / name / "wiring.svg").read_text(encoding="utf-8")
    assert svg == wiring.draw(board), "draw it anew: make pictures"
    said = words(svg)
    lines = (board["LINE"], board["METER_LINE"])
    for gpio in (*board["ADC_PINS"], *(line[pin] for line in lines for pin in ("tx", "rx", "de"))):
        assert any(re.match(rf"GPIO{gpio}\b", word) for word in said), gpio
    assert "or L3" in said


@pytest.mark.parametrize("name", boards())
def test_the_pages_pins_are_the_boards(name):
    """Each GPIO in the table of a board's page, on both lines and all inputs."""
    board, page = board_data(name), (BOARDS / name / "README.md").read_text(encoding="utf-8")
    for line, title in ((board["LINE"], "RS-485"), (board["METER_LINE"], "second RS-485")):
        for pin in ("tx", "rx", "de"):
            row = re.search(rf"^\| {title} {pin} \| (?:GP)?(\d+)\b", page, re.MULTILINE)
            assert row, f"{title} {pin}"
            assert int(row[1]) == line[pin]


def test_a_transceiver_that_finds_the_direction_has_no_de():
    board = board_data("pico") | {"LINE": {"uart": 0, "tx": 0, "rx": 1}, "METER_LINE": {}}
    said = words(wiring.draw(board))
    assert "DE + /RE" not in said
    assert said.count("DI") == 1
