"""The settings of a board with a radio: names, addresses; and passwords, which nobody is told."""

import json
from types import SimpleNamespace

import pytest
from desk import Desk

from headroom.settings import radio, table, together
from headroom.settings.hash import hash_of
from meter.build import board_data

PRINTABLE = "".join(map(chr, range(32, 127)))
WORD = "correct-horse"


@pytest.fixture
def fit():
    """A function of a board's name: the table is that board's."""
    return lambda name: table.fit(SimpleNamespace(**board_data(name)))


@pytest.fixture
def on_a_radio_board(fit):
    fit("unix")


@pytest.fixture
def desk(tmp_path, on_a_radio_board):
    return Desk(tmp_path)


def refused(**values):
    with pytest.raises(table.Refused) as caught:
        together.check(table.defaults() | values)
    return str(caught.value)


def test_a_board_without_a_radio_has_none_of_them(fit):
    fit("pico")
    assert table.row_of("broker") is None
    assert not {row[0] for row in radio.ROWS} & set(table.defaults())


def test_passwords_of_every_printable_character_are_taken_as_they_are(on_a_radio_board):
    for first in range(0, len(PRINTABLE), 60):
        wanted = (PRINTABLE[first : first + 60] + "  12345678")[-63:].encode()
        text = "hex:" + wanted.hex()
        for name in ("wifi_password", "broker_password"):
            value = table.parse(name, text)
            together.check(table.defaults() | {name: value, "broker_user": "me"})
            assert radio.bytes_of(value) == wanted
    assert radio.bytes_of("pass word#1") == b"pass word#1"
    assert radio.bytes_of("hex:" + "🏠 Zuhause".encode().hex()).decode() == "🏠 Zuhause"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"broker": "homeassistant.local"}, "address in numbers, such as 192.168.1.5"),
        ({"broker": "192.168.1"}, "not '192.168.1'"),
        ({"broker": "192.168.1.256"}, "address in numbers"),
        ({"broker": "192.168.01.5"}, "address in numbers"),
        ({"broker": "192.168.1.5:"}, "address in numbers"),
        ({"broker": "192.168.1.5:0"}, "address in numbers"),
        ({"broker": "192.168.1.5:99999"}, "address in numbers"),
        ({"broker": "::1"}, "address in numbers"),
        ({"name": "my house"}, "letters, digits, - and _ alone, not 'my house'"),
        ({"name": "a/b"}, "not 'a/b'"),
        ({"name": "a+"}, "not 'a+'"),
        ({"name": "#"}, "not '#'"),
        ({"name": "it's"}, "not 'it's'"),
        ({"name": ""}, "1 to 20 letters"),
        ({"wifi_password": "short"}, "wifi_password has 8 to 63 bytes"),
        ({"wifi_password": "hex:0"}, "pairs of 0 to 9 and a to f"),
        ({"wifi_password": "hex:zz"}, "pairs of 0 to 9 and a to f"),
        ({"wifi_ssid": "x" * 33}, "wifi_ssid has 1 to 32 bytes"),
        ({"broker_password": "secret"}, "needs a broker_user"),
    ],
)
def test_what_cant_be_is_refused_with_what_can(on_a_radio_board, values, says):
    assert says in refused(**values)


@pytest.mark.parametrize("name", ["Häuschen", "🏠", 'a"b', "a\\b"])
def test_a_name_beyond_plain_characters_is_refused_when_it_is_set(on_a_radio_board, name):
    with pytest.raises(table.Refused) as caught:
        together.check(table.defaults() | {"name": name})
    assert "plain characters" in str(caught.value)


def test_no_password_is_told(desk):
    for line in (
        "set wifi_ssid Home wifi_password " + WORD,
        f"set broker 10.0.0.2 broker_user me broker_password {WORD}",
    ):
        said = desk.ask(line)
        assert "in force after 'save'" in said
        assert WORD not in said
    for line in ("get", "json get", "get wifi", "help wifi_password", "dump", "diff", "save"):
        desk.terminal.shown = b""
        said = desk.type(line + "\r", 4000)
        assert WORD not in said, line
        assert "wifi_password" in said or line == "save"
    assert "wifi_password = set" in desk.ask("get wifi_password")
    shown = json.loads(desk.ask("json get wifi_password"))
    assert (shown["value"], shown["set"]) == ("", True)
    assert not any(WORD in record[3] for record in desk.events.read() if record)
    assert WORD not in desk.type("\x1b[A" * 8), "nor is it in the history"


def test_where_there_is_no_memory_for_a_network_it_is_refused(desk):
    desk.free_bytes = 36_864
    said = desk.ask("set broker 10.0.0.2")
    assert "no memory for what is wished and a network: freeze the firmware" in said
    desk.free_bytes = 38_912
    assert "in force after" in desk.ask("set broker 10.0.0.2")


def test_the_hash_knows_no_password(on_a_radio_board):
    values = table.defaults()
    assert hash_of(values | {"wifi_password": "12345678"}) == hash_of(values)
    assert hash_of(values | {"wifi_ssid": "x"}) != hash_of(values)


def test_a_dump_that_is_typed_in_again_leaves_the_passwords(desk):
    desk.ask("set wifi_ssid Home wifi_password " + WORD)
    lines = desk.ask("dump", 4000)
    assert "# wifi_password is set, and not in these lines" in lines
    for line in lines.splitlines():
        said = desk.ask(line, 4000)
        assert "error" not in said
    assert desk.ask("get wifi_password") == "wifi_password = set\n"
    assert desk.ask("get wifi_ssid") == "wifi_ssid = Home\n"
    desk.ask("defaults", 4000)
    assert desk.ask("get wifi_password") == "wifi_password = none\n"


def test_with_a_pin_they_need_it(desk):
    desk.ask("pin 1234", 4000)
    desk.ask("lock")
    for name, value in (("broker", "10.0.0.2"), ("wifi_ssid", "Home"), ("name", "other")):
        assert f"{name} protects the panel: 'unlock PIN' first" in desk.ask(f"set {name} {value}")
