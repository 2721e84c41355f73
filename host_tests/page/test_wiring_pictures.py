"""CT by CT: which input each goes to, on every kind of board, by the board's own data."""

import json

import pytest
from browser import from_disk
from scripted_meter import STATUS, Scripted

from meter.build import board_data

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

VALUES = {
    "legs": 2, "breaker_a": 100, "ct": "200a50ma", "burden_mohm": 18000, "ev_source": "ct",
    "ev_ct": "100a50ma", "ev_burden_mohm": 18000,
}  # fmt: skip


def setting(name, value):
    about = {"name": name, "value": value, "default": value, "range": [0, 200000]}
    return json.dumps(about | {"unit": "", "meaning": "as it says"})


def inputs(board):
    """Where L1, L2 and EV go: an input of the converter, or a GPIO and its pin of the header."""
    places = [board["CHANNELS"].index(name) for name in ("L1", "L2", "EV")]
    if "MCP3208" in board:
        return [f"CH{place} · {place + 1}" for place in places]
    if "ATM90E32" in board:
        return [f"CT{place + 1}" for place in places]
    pins = [board["ADC_PINS"][place] for place in places]
    return [
        f"GPIO{pin}" + (f" · {board['HEADER'][pin]}" if board["HEADER"] else "") for pin in pins
    ]


@pytest.mark.parametrize("name", ["pico", "esp32", "pico_mcp3208", "esp32_atm90e32"])
def test_each_ct_goes_to_the_input_that_the_board_has_for_it(tab, name):
    get = "\n".join(setting(*pair) for pair in VALUES.items())
    meter = Scripted(STATUS | {"board": name, "ev_ma": 0}, json_get=get)
    page = from_disk(tab(), meter.read, meter.write)
    page.get_by_role("button", name="Connect to the meter").click()
    page.get_by_role("link", name="Install").click()
    page.get_by_role("button", name="2. CTs").click()
    cards = page.get_by_role("article")
    expect(cards).to_have_count(3)
    for i, words in enumerate(inputs(board_data(name))):
        expect(cards.nth(i)).to_contain_text(f"to the input {words}")
        expect(cards.nth(i)).to_contain_text("burden 18 Ω")
    page.get_by_text("The whole wiring of this board").click()
    drawing = page.get_by_alt_text("Wiring of the")
    assert drawing.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
