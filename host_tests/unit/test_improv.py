"""Wi-Fi set up over the console's line by Improv, beside what is typed.

Frames are written and read here as the page of Improv and its SDK for browsers have them.
"""

from types import SimpleNamespace

import pytest
from desk import Desk

from headroom.app import provisioning
from headroom.console.improv import Improv
from headroom.network.wifi import Wifi
from headroom.settings import table
from headroom.settings.store import Store
from meter.build import board_data

HEAD = b"IMPROV\x01"
STATE, ERROR, RPC, RESULT = 1, 2, 3, 4
READY, PROVISIONING, PROVISIONED = 2, 3, 4
HOME = b"Home \xf0\x9f\x8f\xa0"
PASSWORD = b'two  spaces "and" back\\slash'
OLD, OLD_PASSWORD = b"Old", b"87654321"


def frame(kind, data):
    whole = HEAD + bytes((kind, len(data))) + data
    return whole + bytes((sum(whole) & 255,)) + b"\n"


def rpc(command, data=b""):
    return frame(RPC, bytes((command, len(data))) + data)


def wifi(ssid=HOME, password=PASSWORD):
    return rpc(1, bytes((len(ssid),)) + ssid + bytes((len(password),)) + password)


def frames(shown):
    """(type, data) of each frame, as the SDK finds them: at the begin of a line."""
    found = []
    at = 0
    while (at := shown.find(b"\n" + HEAD, at)) >= 0:
        at += 1
        size = shown[at + 8]
        whole = shown[at : at + 10 + size]
        assert whole[-1] == sum(whole[:-1]) & 255
        found.append((whole[7], whole[9:-1]))
        at += len(whole) - 1
    return found


def texts(data):
    """Those of a result."""
    assert data[1] == len(data) - 2
    rest, found = data[2:], []
    while rest:
        found.append(rest[1 : 1 + rest[0]].decode())
        rest = rest[1 + rest[0] :]
    return data[0], found


class Wlan:
    """A radio between HOME and OLD; it joins after 3 s and leaves after 0.3."""

    def __init__(self, clock):
        self._clock = clock
        self.joined = self._next = None
        self._due_ms = 0
        self.tried = []

    def active(self, on):
        pass

    def disconnect(self):
        if self._next is not None:
            self._next, self._due_ms = None, self._clock.ms + 300

    def connect(self, ssid, password):
        self.tried.append((ssid, password))
        known = {HOME: PASSWORD, OLD: OLD_PASSWORD}
        self._next = ssid if known.get(ssid) == password else None
        self._due_ms = self._clock.ms + 3000

    def isconnected(self):
        if self._clock.ms >= self._due_ms:
            self.joined = self._next
        return self.joined is not None


class Board(Desk):
    """A desk whose board has a radio."""

    def __init__(self, folder, monkeypatch, clock):
        super().__init__(folder)
        self.clock = clock
        self.wlan = Wlan(clock)
        self.tried = self.wlan.tried
        self.network = None  # who uses the radio already
        self.shell._terminal = Improv(self.terminal, self._radio)
        monkeypatch.setattr(provisioning.wifi, "built", self._built)

    def _radio(self):
        values = self.configuration.wanted()
        status = SimpleNamespace(about=self.views._status.about, network=self.network)
        return provisioning.Radio(values, status, self.configuration, self.lock)

    def _built(self, ssid, password):
        return Wifi(self.wlan, ssid, password)

    def use_radio(self):
        """As one that is on MQTT: it has joined OLD, and looks at the radio ten times a second."""
        station = Wifi(self.wlan, OLD, OLD_PASSWORD)
        self.network = SimpleNamespace(wifi=station)
        while not station.up:
            self.pass_time()

    def pass_time(self):
        self.clock.ms += 10
        if self.network and self.clock.ms % 100 == 0:
            self.network.wifi.turn(100)

    def send(self, data, polls=3000):
        self.terminal.shown = b""
        self.terminal.typed += data
        for _ in range(polls):
            self.pass_time()
            self.shell.poll()
        return self.terminal.shown


@pytest.fixture
def board(tmp_path, monkeypatch, clock):
    table.fit(SimpleNamespace(**board_data("pico_w")))
    return Board(tmp_path, monkeypatch, clock)


def test_state_and_device(board):
    assert frames(board.send(rpc(2))) == [(STATE, bytes((READY,)))]
    [(kind, data)] = frames(board.send(rpc(3)))
    assert kind == RESULT
    assert texts(data) == (3, ["Headroom", "0.1.0", "pico", "meter"])
    assert board.ask("get name") == "name = meter\n", "and the console goes on"


def test_a_network_that_joins_is_kept_whatever_its_letters(board, tmp_path):
    found = frames(board.send(wifi()))
    assert found[:2] == [(STATE, bytes((PROVISIONING,))), (STATE, bytes((PROVISIONED,)))]
    assert texts(found[2][1]) == (1, [""])
    assert board.tried == [(HOME, PASSWORD)]
    assert board.stops == [(False, "improv")], "it restarts with it"
    saved = Store(str(tmp_path)).load()
    assert saved["wifi_ssid"] == "hex:" + HOME.hex()
    assert saved["wifi_password"] == "hex:" + PASSWORD.hex()
    assert PASSWORD not in board.terminal.shown


def test_one_that_does_not_join_changes_nothing(board):
    found = frames(board.send(wifi(password=b"12345678")))
    assert found == [
        (STATE, bytes((PROVISIONING,))), (ERROR, b"\x03"), (STATE, bytes((READY,))),
    ]  # fmt: skip
    assert board.stops == []
    assert not board.configuration.unsaved()


@pytest.mark.parametrize("wrong", [{"password": b"12345678"}, {"ssid": b"Nowhere"}])
def test_a_radio_in_use_is_not_taken_for_joined_and_returns_to_its_network(board, wrong):
    board.use_radio()
    assert (ERROR, b"\x03") in frames(board.send(wifi(**wrong)))
    assert board.stops == []
    assert board.wlan.tried[1] == (wrong.get("ssid", HOME), wrong.get("password", PASSWORD))
    assert (board.network.wifi.up, board.wlan.joined) == (True, OLD)


def test_a_radio_in_use_is_moved_to_another_network(board, tmp_path):
    board.use_radio()
    found = frames(board.send(wifi()))
    assert (STATE, bytes((PROVISIONED,))) in found
    assert board.wlan.joined == HOME
    assert Store(str(tmp_path)).load()["wifi_ssid"] == "hex:" + HOME.hex()


@pytest.mark.parametrize("wrong", [{"password": b"1234567"}, {"password": b"f" * 64}])
def test_one_that_joins_and_cant_be_kept_is_left(board, wrong, monkeypatch):
    board.use_radio()
    monkeypatch.setitem(globals(), "PASSWORD", wrong["password"])
    assert (ERROR, b"\xff") in frames(board.send(wifi(**wrong)))
    assert board.wlan.joined == OLD
    assert not board.configuration.unsaved()


def test_with_a_pin_set_it_is_refused(board):
    board.ask("pin 1234", 4000)
    board.ask("lock")
    assert (ERROR, b"\xff") in frames(board.send(wifi()))
    assert board.tried == []
    assert board.stops == []


def test_a_search_finds_none_at_once(board):
    [(kind, data)] = frames(board.send(rpc(4)))
    assert (kind, texts(data)) == (RESULT, (4, []))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (rpc(9), 2),
        (frame(RPC, b""), 1),
        (frame(RPC, b"\x01"), 1),
        (frame(RPC, b"\x01\x05abc"), 1),
        (frame(STATE, b"\x02"), 1),
        (rpc(2)[:-2] + b"\x00\n", 1),
        (rpc(1, b""), 1),
        (rpc(1, b"\x00\x00"), 1),
        (rpc(1, b"\x09abc"), 1),
        (rpc(1, b"\x01a\x05abc"), 1),
        (rpc(1, b"\x01a\x01bc"), 1),
    ],
)
def test_what_is_no_frame_or_no_command_is_an_error_and_changes_nothing(board, sent, code):
    assert frames(board.send(sent)) == [(ERROR, bytes((code,)))]
    assert board.tried == []
    assert not board.configuration.unsaved()
    assert board.ask("get name") == "name = meter\n"


@pytest.mark.parametrize(
    "typed", [b"stat", b" ", b"I", b"IMP", b"IMPROV", b"\x1b", b"\x7f", b"\xff"]
)
def test_a_frame_behind_half_a_line_is_one_and_its_bytes_are_no_keys(board, typed):
    assert frames(board.send(typed + rpc(2))) == [(STATE, bytes((READY,)))]
    assert board.stops == [], "3, a frame's type, is Ctrl-C as a key: it ends the control"
    assert board.ask("get name") == "name = meter\n"


@pytest.mark.parametrize("cut", range(7, 12))
def test_a_whole_frame_behind_a_piece_of_one_is_answered_and_its_bytes_are_no_keys(board, cut):
    assert frames(board.send(rpc(2)[:cut] + rpc(2)))[-1] == (STATE, bytes((READY,)))
    assert board.stops == []
    assert board.ask("get name") == "name = meter\n"


def test_each_of_several_frames_at_once_is_answered(board):
    found = frames(board.send(rpc(2) + rpc(3)[:-1] + rpc(4)))
    assert found[0] == (STATE, bytes((READY,)))
    assert [texts(data)[0] for _, data in found[1:]] == [3, 4]


def test_who_asks_while_a_network_is_tried_does_not_end_that(board):
    found = frames(board.send(wifi(password=b"12345678") + rpc(2)))
    assert found == [
        (STATE, bytes((PROVISIONING,))), (STATE, bytes((PROVISIONING,))),
        (ERROR, b"\x03"), (STATE, bytes((READY,))),
    ]  # fmt: skip


def test_a_frame_that_stops_in_its_midst_holds_nothing_up(board):
    board.send(rpc(3)[:9])
    assert b"name = meter" in board.send(b"get name\r")


@pytest.mark.parametrize("line", ["IMPROVE", "help IMPROV", "IMPROV"])
def test_text_that_looks_like_it_is_text(board, line):
    assert b"unknown command" in board.send(line.encode() + b"\r") or line.startswith("help")
    assert frames(board.terminal.shown) == []


def test_without_a_radio_the_bytes_are_keys(board):
    board.shell._terminal = board.terminal
    assert frames(board.send(rpc(2))) == []
    assert board.ask("get legs") == "legs = 2\n"
