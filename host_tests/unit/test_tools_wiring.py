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
    front_end = board["MCP3208"].values() if "MCP3208" in board else board.get("ADC_PINS", ())
    if "ATM90E32" in board:
        front_end = [board["ATM90E32"][pin] for pin in ("sck", "mosi", "miso", "cs")]
    for gpio in (*front_end, *(line[pin] for line in lines for pin in ("tx", "rx", "de"))):
        assert any(re.match(rf"GPIO{gpio}\b", word) for word in said), gpio
    assert set(board["CHANNELS"]) <= set(said)
    assert ("or L3" in said) is ("L3" not in board["CHANNELS"])


@pytest.mark.parametrize("name", boards())
def test_the_pages_pins_are_the_boards(name):
    """Each GPIO in the table of a board's page, on both lines and all inputs."""
    board, page = board_data(name), (BOARDS / name / "README.md").read_text(encoding="utf-8")
    for line, title in ((board["LINE"], "RS-485"), (board["METER_LINE"], "second RS-485")):
        for pin in ("tx", "rx", "de"):
            row = re.search(rf"^\| {title} {pin} \| (?:GP)?(\d+)\b", page, re.MULTILINE)
            assert row, f"{title} {pin}"
            assert int(row[1]) == line[pin]


@pytest.mark.parametrize("name", [name for name in boards() if "MCP3208" in board_data(name)])
def test_an_mcp3208_is_wired_as_its_program_wants_it(name):
    """The pins are the page's; CS and CLK are one after the other, as the side-set wants them."""
    board, page = board_data(name), (BOARDS / name / "README.md").read_text(encoding="utf-8")
    pins = board["MCP3208"]
    for pin, their in (("miso", "DOUT"), ("cs", "CS"), ("sck", "CLK"), ("mosi", "DIN")):
        row = re.search(rf"^\| \w+ \| {their}, \d+ \| GP(\d+)\b", page, re.MULTILINE)
        assert row, their
        assert int(row[1]) == pins[pin]
    assert pins["sck"] == pins["cs"] + 1
    assert len(board["CHANNELS"]) <= 6


def test_a_transceiver_that_finds_the_direction_has_no_de():
    board = board_data("pico") | {"LINE": {"uart": 0, "tx": 0, "rx": 1}, "METER_LINE": {}}
    said = words(wiring.draw(board))
    assert "DE + /RE" not in said
    assert said.count("DI") == 1


def numbers(text):
    """Of "GP10 to GP12, GP20": 10, 11, 12, 20."""
    found = []
    for first, last in re.findall(r"(?:GP)?(\d+)(?: to (?:GP)?(\d+))?", text):
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize("name", boards())
def test_the_free_pins_are_on_the_page_and_nobody_elses(name):
    board, page = board_data(name), (BOARDS / name / "README.md").read_text(encoding="utf-8")
    row = re.search(r"^\| free for relays and contacts \| ([^|]+) \|", page, re.MULTILINE)
    assert row
    free = numbers(row[1])
    assert tuple(free) == board["FREE_PINS"]
    taken = [*board.get("ADC_PINS", ()), *board.get("MCP3208", {}).values()]
    for line in (board["LINE"], board["METER_LINE"]):
        taken += [line[pin] for pin in ("tx", "rx", "de")]
    chip = board.get("ATM90E32", {})
    taken += [chip[pin] for pin in ("sck", "mosi", "miso", "cs") if chip] + [*chip.get("idle", ())]
    assert not set(free) & set(taken)
