"""Wi-Fi set up in the page: tried by the meter first, kept only if it joins.

Frames by the page of Improv and its SDK for browsers. A PC's own network is always there, so
what a board says when it can't join is scripted.
"""

import json

import pytest
from browser import from_disk
from page_house import PageHouse
from scripted_meter import Scripted

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

NAME, PASSWORD = 'Grüße "2"', "two  spaces \\ 🏠"
HEAD = b"IMPROV\x01"
STATE, ERROR, RPC = 1, 2, 3
PROVISIONING, NOT_JOINED = 3, 3


@pytest.fixture(scope="module")
def house(chromium):
    with PageHouse((("heidelberg", 1),), in_virtual_time=True) as house:
        yield house


def opened(tab, read, write):
    page = from_disk(tab(), read, write)
    page.get_by_role("button", name="Connect to the meter").click()
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_label("Name of the network")).to_be_visible()
    return page


def join(page, name, password):
    page.get_by_label("Name of the network").fill(name)
    page.get_by_label("Password; none for an open network").fill(password)
    page.get_by_role("button", name="Try it").click()


def asked(house, *lines):
    async def ask(session):
        return [await session.console.ask(line, 20.0) for line in lines]

    return house.do(ask)


def test_a_network_of_any_letters_is_joined_and_kept(tab, house):
    page = opened(tab, house.line.take, house.line.put)
    join(page, NAME, PASSWORD)
    expect(page.get_by_text("It has joined, and keeps the network.")).to_be_visible()
    page.close()
    name, dump = asked(house, "get wifi_ssid", "dump")
    assert name == f"wifi_ssid = hex:{NAME.encode().hex()}"
    assert PASSWORD.encode().hex() not in dump
    assert json.loads(asked(house, "json status")[0])["unsaved"] is False


def test_a_locked_meter_and_a_name_that_is_too_long_change_nothing(tab, house):
    before = asked(house, "pin 2468", "lock", "get wifi_ssid")[2]
    page = opened(tab, house.line.take, house.line.put)
    alert = page.get_by_role("form", name="Join a Wi-Fi").get_by_role("alert")
    join(page, "Neighbour", PASSWORD)
    expect(alert).to_contain_text("does not take this network. Nothing was changed.")
    expect(alert).to_contain_text("unlock above")
    join(page, "x" * 300, PASSWORD)
    expect(alert).to_contain_text("at most 32 bytes")
    page.close()
    assert asked(house, "get wifi_ssid") == [before]
    asked(house, "unlock 2468", "pin none")


class Board(Scripted):
    """Has a radio; answers a frame with these, amid text."""

    def __init__(self, *frames):
        ssid = {"name": "wifi_ssid", "value": "", "default": "", "range": [0, 68], "unit": "",
                "meaning": "name of the Wi-Fi"}  # fmt: skip
        super().__init__(json_get=json.dumps(ssid))
        self.frames = frames
        self.heard = b""

    def write(self, data):
        at = data.find(HEAD)
        if at >= 0 and data[at + 7] == RPC:
            self.heard = data[at:]
            self.said += b"\r> IMPR" + b"\n".join(self.frames)
        else:
            super().write(data)


def frame(kind, *data, add=0):
    whole = HEAD + bytes((kind, len(data), *data))
    return b"\r\n" + whole + bytes((sum(whole) + add & 255,))


def test_a_board_that_cannot_join_says_so(tab):
    damaged = frame(ERROR, 1, add=1)
    meter = Board(damaged, frame(STATE, PROVISIONING), frame(ERROR, NOT_JOINED))
    page = opened(tab, meter.read, meter.write)
    join(page, "Home", "right or wrong")
    alert = page.get_by_role("form", name="Join a Wi-Fi").get_by_role("alert")
    expect(alert).to_contain_text("could not join")
    assert meter.heard == (
        HEAD + b"\x03\x16\x01\x14\x04Home\x0eright or wrong"
        + bytes((sum(HEAD + b"\x03\x16\x01\x14\x04Home\x0eright or wrong") & 255,)) + b"\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "piece", [b"\r\nIMPROV\x01\x04\xff", b"\r\nIMPROV\x01\x04\x20\x01IMPROIMP"]
)
def test_an_answer_behind_a_piece_of_another_is_heard(tab, piece):
    meter = Board(piece + frame(ERROR, NOT_JOINED))
    page = opened(tab, meter.read, meter.write)
    join(page, "Home", "wrong")
    alert = page.get_by_role("form", name="Join a Wi-Fi").get_by_role("alert")
    expect(alert).to_contain_text("could not join", timeout=20_000)
