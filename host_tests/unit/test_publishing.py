"""What the meter says on the network and hears there, turn by turn, without a network."""

import json
import zlib
from types import SimpleNamespace

import pytest
from ha_documentation import faults, value_of

from headroom import records
from headroom.console.commands import telling
from headroom.network import commands, discovery, states
from headroom.network.publishing import Publishing
from headroom.network.wifi import Wifi
from headroom.planning import request
from headroom.storage.events import Events

ABOUT = {"id": "e6614103e7452e2f", "name": "garage", "board": "pico_w", "version": "0.1.0",
         "folder": "a"}  # fmt: skip
BASE = "headroom/garage-452e2f"
LEG = {"name": "L1", "ma": 69_560, "headroom_ma": -140}
NOW = {
    "legs": [LEG, LEG | {"name": "L2"}], "ev_ma": 11_449, "faults": [], "mains_mhz": 59_987,
    "settings_hash": "01234567",
    "energy": [{"name": "L1", "wh_estimate": 12_345_678}, {"name": "EV", "wh_estimate": 99}],
}  # fmt: skip
CHARGER = {
    "name": "charger1", "title": "A charger", "reported_ma": 15_960, "allocation_ma": 16_000,
    "offer_ma": -1, "max_ma": 32_000, "limited_by": "request", "request_by": "command",
    "reason": "lowered by request", "state": "C", "online": True, "holds_ma": 0, "error": "",
    "mode": "fast", "modes": ("off", "fast"), "command_ma": None, "paused": False,
}  # fmt: skip


class Broker:
    """In place of Mqtt: takes a message each second turn."""

    def __init__(self):
        self.up = True
        self.joined = 1
        self.fault = ""
        self.said = []
        self.turns = 0
        self.left = []

    def turn(self, elapsed_ms):
        self.turns += 1

    def publish(self, *message):
        if self.turns % 2:
            return False
        self.said.append(message)
        return True

    def leave(self, why):
        self.left.append(why)
        self.up = False
        self.fault = why


class Meter:
    def __init__(self, chargers=1):
        self.steps = 0
        self.now = NOW
        self.all = [CHARGER | {"name": f"charger{n + 1}"} for n in range(chargers)]

    def collect(self):
        for _ in range(5):
            self.steps += 1
            yield
        return dict(self.now)

    def chargers(self):
        for charger in self.all:
            self.steps += 1
            yield dict(charger)


class Home:
    def __init__(self, chargers=1):
        self.meter = Meter(chargers)
        self.wifi = SimpleNamespace(up=True, fault="", turn=lambda ms: None, signal=lambda: -61)
        self.sent, self.notes = [], []
        self.publishing = Publishing(
            ABOUT, self.meter, self.wifi, "10.0.0.2", self._door, self.notes.append
        )
        self.broker = self.publishing.mqtt = Broker()
        self.refuses = None

    def _door(self, *command):
        if self.refuses:
            raise self.refuses
        self.sent.append(command)

    def run(self, seconds):
        for _ in range(int(seconds * 10)):
            before = len(self.broker.said), self.meter.steps
            self.publishing.turn(100)
            assert len(self.broker.said) - before[0] <= 1
            assert self.meter.steps - before[1] <= 1, "a step a turn"
        return self

    def topics(self):
        return [topic for topic, _, _ in self.broker.said]


def test_on_joining_it_says_that_it_is_there_then_what_there_is_then_how_it_is():
    home = Home().run(15)
    said = home.broker.said
    assert said[0] == (BASE + "/status", "online", True)
    configs = [message for message in said if message[0].endswith("/config")]
    assert all(retained for _, _, retained in configs)
    assert max(len(topic) + len(payload) for topic, payload, _ in said) < 1000
    state = dict(message[:2] for message in said if not message[2])
    assert json.loads(state[BASE + "/meter"]) == {
        "l1_current": 69.6, "l1_headroom": -0.1, "l2_current": 69.6, "l2_headroom": -0.1,
        "estimate": 12_345.67, "cars_energy": 0.09, "cars_current": 11.4, "problem": "off",
        "fault": "none", "frequency": 59.98, "settings": "01234567", "signal": -61,
    }  # fmt: skip
    assert json.loads(state[BASE + "/charger1"]) == {
        "current": 16.0, "allowed": 16.0, "effective": None, "configured": 32.0,
        "limited_by": "command", "reason": "lowered by request", "state": "charging",
        "problem": "off", "error": "none", "mode": "fast", "limit": 32.0, "pause": "off",
    }  # fmt: skip
    for topic, payload, _ in configs:
        payload = json.loads(payload)
        value = value_of(payload, json.loads(state[payload["stat_t"].replace("~", BASE)]))
        assert list(faults(topic, payload, value)) == []


def test_then_the_states_alone_each_five_seconds():
    home = Home().run(20)
    home.broker.said.clear()
    home.run(60)
    assert set(home.topics()) == {BASE + "/meter", BASE + "/charger1"}
    assert 9 <= home.topics().count(BASE + "/meter") <= 13


def test_all_is_said_again_on_a_birth_a_new_connection_or_a_figure_more():
    home = Home().run(20)
    for again in range(3):
        home.broker.said.clear()
        if again == 0:
            home.publishing.hear("homeassistant/status", b"offline", False)
            home.run(20)
            assert not [topic for topic in home.topics() if topic.endswith("/config")]
            home.publishing.hear("homeassistant/status", b"online", False)
        elif again == 1:
            home.broker.joined += 1
        else:
            home.meter.all.append(CHARGER | {"name": "charger2"})
        home.run(25)
        assert len([t for t in home.topics() if t.endswith("/config")]) >= 24
    assert BASE + "/charger2" in home.topics()


WISHES = {"surplus_w": None, "inverter_w": None, "cap_cars_w": None, "price": None,
          "contact": None, "temperature_dc": None}  # fmt: skip


def test_a_figure_that_nobody_knows_any_more_is_unknown_and_another_one_is_found():
    home = Home()
    shown = {}
    for wish, name, value in (
        ({"price": "0.310"}, "Price", "0.310"), ({}, "Price", None),
        ({"surplus_w": 1500}, "Surplus for cars", 1500), ({}, "Surplus for cars", None),
    ):  # fmt: skip
        home.meter.now = NOW | {"planning": WISHES | wish}
        home.run(25)
        configs = [json.loads(m[1]) for m in home.broker.said if m[0].endswith("/config")]
        state = [json.loads(m[1]) for m in home.broker.said if m[0] == BASE + "/meter"][-1]
        entity = next(payload for payload in configs if payload["name"] == name)
        shown[name] = value_of(entity, state, shown.get(name))
        assert shown[name] == value


def test_twenty_five_chargers_are_said_one_by_one():
    home = Home(25).run(120)
    assert BASE + "/charger25" in home.topics()
    names = [json.loads(m[1])["uniq_id"] for m in home.broker.said if m[0].endswith("/config")]
    assert len(set(names)) >= 25 * 12


def test_no_figure_goes_stale_while_all_is_told_to_a_home_assistant_that_starts():
    home = Home(25)
    home.broker.publish = lambda *message: home.broker.said.append(message) or True
    told_s = {}
    for turn in range(3000):
        before = len(home.broker.said)
        home.publishing.turn(100)
        for topic, _, retained in home.broker.said[before:]:
            if not retained:
                assert turn / 10 - told_s.get(topic, turn / 10) < discovery.STALE_S * 0.75
                told_s[topic] = turn / 10
        if turn == 1000:
            home.publishing.hear("homeassistant/status", b"online", False)
    assert len(told_s) == 26


def test_what_is_sent_goes_through_the_door():
    home = Home()
    for which, payload, words in (
        ("limit/1", b"10 30", ["1", "10", "30"]),
        ("pause/12", b"on", ["12", "on"]),
        ("price", b"-0.05", ["-0.05"]),
        ("time", b"2026-11-26T21:04:05Z", ["2026-11-26T21:04:05Z"]),
    ):
        home.publishing.hear(f"{BASE}/set/{which}", payload, False)
        assert home.sent[-1] == ("mqtt", which.partition("/")[0], words)
    assert home.notes == []


@pytest.mark.parametrize(
    ("which", "payload"),
    [
        ("limit/1", b""), ("limit/1", b" 10"), ("limit/1", b"10  5"), ("limit/1", b"10\n"),
        ("limit/1", b"\xff"), ("limit/1", "zehn Ampère".encode()), ("limit/1", b"1" * 41),
        ("limit/1", b"1 2 3 4"), ("limit/", b"10"), ("limit/x", b"10"), ("limit/1/2", b"10"),
        ("limit/123", b"10"), ("", b"10"), ("breaker_a", b"400"), ("set", b"breaker_a 400"),
        ("limit/\u00b2", b"10"), ("limit/\uff11", b"10"), ("save", b"now"),
        ("unlock", b"1234"), ("service", b"1"), ("Limit/1", b"10"),
    ],
)  # fmt: skip
def test_what_is_no_command_changes_nothing_and_is_noted_once(which, payload):
    home = Home()
    for _ in range(3):
        home.publishing.hear(f"{BASE}/set/{which}", payload, False)
    assert home.sent == []
    assert len(home.notes) == 1
    assert home.notes[0].startswith("mqtt: ")
    assert home.notes[0].endswith("is no command; nothing was changed")


def test_what_is_retained_is_not_heard_however_right_it_is():
    home = Home()
    home.publishing.hear(BASE + "/set/limit/1", b"10", True)
    assert home.sent == []
    assert "retained, so nobody knows how old it is" in home.notes[0]


@pytest.mark.parametrize("retained", [False, True])
def test_no_topic_forges_an_event_of_the_log(tmp_path, retained):
    home = Home()
    forged = "999999 7 0 stopped: setup"
    line = f"\n{zlib.crc32(forged.encode()):08x} {forged}\n"
    home.publishing.hear(f"{BASE}/set/{line}", b"1", retained)
    log = Events(str(tmp_path))
    log.note(home.notes[0])
    log.write()
    [(number, boot, _, text)] = Events(str(tmp_path)).read()
    assert (number, boot) == (1, 1)
    assert text.startswith("mqtt: ")
    assert text.isprintable()


def test_what_was_not_asked_for_is_not_heard():
    home = Home()
    for topic in ("headroom/garage-aaaaaa/set/limit/1", "set/limit/1", "", "x" * 28 + "limit/1"):
        home.publishing.hear(topic, b"10", False)
    assert home.sent == home.notes == []


def test_a_refusal_is_noted():
    home = Home()
    home.refuses = ValueError("a limit is 0 to 80 A")
    home.publishing.hear(BASE + "/set/limit/1", b"99", False)
    assert home.notes == ["mqtt: limit 1 99: a limit is 0 to 80 A; nothing was changed"]


@pytest.mark.parametrize("where", ["status", "chargers", "wifi", "turn", "no memory"])
def test_whatever_raises_ends_in_a_pause_and_a_named_fault(where):
    home = Home().run(5)
    broken = [True]

    def fail(*_):
        if broken:
            raise MemoryError if where == "no memory" else KeyError(where)

    def collect():
        fail()
        return (yield from Meter.collect(home.meter))

    if where == "wifi":
        home.wifi.turn = fail
    elif where == "turn":
        home.broker.turn = fail
    elif where == "chargers":
        home.meter.all = [{"name": "charger1"}]
    else:
        home.meter.collect = collect
    home.run(12)
    assert home.broker.left
    assert set(home.broker.left) == {"a fault of our own"}
    [fault] = home.publishing.faults()
    assert "a fault of" in fault
    assert len(home.broker.left) <= 2, "ten seconds of rest between two tries"
    broken.clear()
    home.meter.all = Meter().all
    home.run(12)
    home.broker.up, home.broker.fault = True, ""
    home.broker.joined += 1
    home.broker.said.clear()
    home.run(20)
    assert BASE + "/charger1" in home.topics()
    assert list(home.publishing.faults()) == []


def test_without_wifi_nothing_is_said_and_it_is_named():
    home = Home().run(5)
    home.wifi.up, home.wifi.fault = False, "does not join: out of reach, or another password"
    home.broker.said.clear()
    home.run(5)
    assert home.broker.said == []
    assert home.broker.left == [""]
    assert list(home.publishing.faults()) == [
        "Wi-Fi does not join: out of reach, or another password"
    ]


class Station:
    """A radio that a test moves about."""

    def __init__(self):
        self.calls = []
        self.there = False
        self.error = None

    def active(self, on):
        self.calls.append("active")

    def isconnected(self):
        return self.there

    def disconnect(self):
        self.calls.append("disconnect")

    def connect(self, ssid, password):
        if self.error:
            raise self.error
        self.calls.append((ssid, password))

    def status(self, what):
        return -55


@pytest.mark.parametrize("error", [None, OSError(5), ValueError("no such")])
def test_the_station_joins_again_by_itself_ever_less_often(error):
    station = Station()
    wifi = Wifi(station, b"Home", b"secret123")
    assert station.calls == ["active"]
    station.error = error
    tries = []
    for second in range(1800):
        before = len(station.calls)
        for _ in range(10):
            wifi.turn(100)
        if len(station.calls) > before:
            tries.append(second)
    assert tries[:5] == [0, 20, 60, 140, 300]
    assert len(tries) <= 15
    assert not wifi.up
    assert wifi.fault
    assert "secret123" not in wifi.fault
    station.there, station.error = True, None
    wifi.turn(100)
    assert (wifi.up, wifi.fault, wifi.signal()) == (True, "", -55)
    station.there = False
    wifi.turn(100)
    assert station.calls[-1] == (b"Home", b"secret123"), "at once"


def test_what_both_ends_must_agree_on():
    assert set(discovery.LIMITS) == (set(records.LIMIT_NAMES) - {"request"} | set(request.LIMITS))
    assert commands.SENT == telling._SENT
    kinds = {key for table in (discovery._METER, discovery._CHARGER) for _, key, *_ in table}
    assert set(states.charger(CHARGER)) <= kinds


@pytest.mark.parametrize("name", ["a", "x" * 20, "A-b_9"])
def test_topics_have_the_end_of_the_chips_number(name):
    assert discovery.base_topic(name, ABOUT["id"]) == f"headroom/{name}-452e2f"
