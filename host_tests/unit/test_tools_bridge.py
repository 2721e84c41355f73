"""`meter bridge` between a meter that tells nonsense, or restarts, and a broker that listens."""

import json
import socket
import threading

import pytest
from mosquitto import until
from scripted_meter import LEG, STATUS

from meter import bridge as tool
from meter.broker import Broker as RealBroker
from meter.broker import password_of
from meter.errors import MeterError

ID = "e6614103e7452e2f"
ABOUT = {"id": ID, "board": "pico", "version": "0.1.0", "micropython": "1.28"}
CHARGER = {
    "name": "charger1", "title": "A charger", "reported_ma": -1, "allocation_ma": 6000,
    "offer_ma": 6000, "max_ma": 32_000, "limited_by": "L1", "reason": "rising", "state": "C",
    "online": True, "holds_ma": 0, "error": "",
}  # fmt: skip
WELL = STATUS | {"mains_mhz": 59_987, "chargers": [CHARGER]}


class Meter:
    """In place of a Link."""

    def __init__(self, status=WELL, about=ABOUT):
        self.state, self.about = status, about
        self.clock = ""
        self.asked = []

    def __call__(self, port):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def status(self):
        return json.loads(json.dumps(self.state))

    def one(self, command, *keys):
        return {"time": self.clock} if command == "time" else self.about

    def ask(self, line):
        self.asked.append(line)
        if line.startswith("time "):
            self.clock = line[5:]
        return line


class Broker:
    def __init__(self):
        self.joined = threading.Event()
        self.said = {}

    def publish(self, topic, payload, retain=False):
        self.said[topic] = payload

    def online(self, there):
        pass


@pytest.fixture
def broker():
    return Broker()


@pytest.fixture
def bridge(broker):
    return tool.Bridge(broker, ABOUT | {"name": "garage"}, "headroom/garage-452e2f")


DAMAGED = [
    {key: WELL[key] for key in WELL if key != "mains_mhz"},
    {key: WELL[key] for key in WELL if key != "energy"},
    WELL | {"legs": "L1"},
    WELL | {"legs": [LEG | {"ma": float("nan")}]},
    WELL | {"legs": [LEG | {"ma": float("inf")}]},
    WELL | {"legs": [LEG | {"ma": "much"}]},
    WELL | {"faults": 7},
    WELL | {"chargers": None},
    WELL | {"chargers": [CHARGER | {"state": "D"}]},
    WELL | {"chargers": [CHARGER | {"name": "charger1/#"}]},
    WELL | {"chargers": [CHARGER | {"name": 1}]},
    WELL | {"chargers": [{}]},
]


@pytest.mark.parametrize("status", DAMAGED)
def test_what_is_damaged_is_told_in_a_line_and_nothing_of_it_is_published(bridge, broker, status):
    with pytest.raises(MeterError, match="damaged") as told:
        bridge._tell(Meter(status))
    assert "\n" not in str(told.value)
    assert broker.said == {}
    bridge._tell(Meter())
    assert json.loads(broker.said["headroom/garage-452e2f/charger1"])["allowed"] == 6.0


TWO = WELL | {"chargers": [CHARGER, CHARGER | {"name": "charger2"}], "settings_hash": "89abcdef"}


def test_a_charger_taken_out_while_the_bridge_runs_goes_and_comes_back(bridge, broker):
    bridge._tell(Meter(TWO))
    told = [topic for topic, text in broker.said.items() if "/charger2_" in topic and text]
    bridge._tell(Meter())  # the meter has restarted, the bridge has not
    assert len(told) == 9, "a charger without modes has no wishes"
    assert not any(broker.said[topic] for topic in told)
    assert any("/charger1_" in topic and text for topic, text in broker.said.items())
    bridge._tell(Meter(TWO))
    assert all(broker.said[topic] for topic in told)


def taken(broker):
    return [topic for topic, text in broker.said.items() if not text]


def test_one_that_can_not_be_driven_stays_until_it_leaves_the_settings(bridge, broker):
    fault = "charger2 is not driven: custom.json is missing"
    bridge._tell(Meter(WELL | {"faults": [fault]}))
    assert not any("/charger2_" in topic for topic in broker.said)
    assert any("/charger3_" in topic for topic in taken(broker))
    bridge._tell(Meter(WELL | {"settings_hash": "89abcdef"}))
    assert any("/charger2_" in topic for topic in taken(broker))


def test_wishes_that_are_heard_no_more_are_taken_away(bridge, broker):
    heard = {"mode": "fast", "modes": ["off", "fast"], "command_ma": None, "paused": False}
    bridge._tell(Meter(WELL | {"chargers": [CHARGER | heard]}))
    told = {topic for topic, text in broker.said.items() if "/charger1_" in topic and text}
    bridge._tell(Meter(WELL | {"settings_hash": "89abcdef"}))
    assert sorted(topic.split("/")[3] for topic in taken(broker) if topic in told) == [
        "charger1_limit", "charger1_mode", "charger1_pause"
    ]  # fmt: skip


def test_where_the_settings_are_lost_nothing_is_taken_away(bridge, broker):
    lost = {"settings": "defaults", "settings_note": "both are damaged", "chargers": []}
    bridge._tell(Meter(WELL | lost))
    assert taken(broker) == []


@pytest.mark.parametrize("lost_at", [0, 50, 150, 287])
@pytest.mark.parametrize("back_at", [1, 100, 288])
def test_a_broker_lost_in_the_midst_is_told_all_of_it_as_it_comes_back(
    bridge, broker, lost_at, back_at
):
    sent = []

    def publish(topic, payload, retain=False):
        sent.append(topic)
        if len(sent) - 1 == lost_at + back_at:
            broker.joined.set()
        if not lost_at <= len(sent) - 1 < lost_at + back_at:
            broker.said[topic] = payload

    broker.publish = publish
    while len(sent) <= lost_at + back_at:
        bridge._tell(Meter())
    bridge._tell(Meter())
    assert len([topic for topic in taken(broker) if "/charger1_" not in topic]) == 24 * 12


@pytest.mark.parametrize("identity", ["../#/+", "a/b+c", 5, ["a"], "🏠" * 7, '"<b>', "x" * 70_000])
def test_an_id_that_is_no_chips_number_never_becomes_a_topic(monkeypatch, identity):
    monkeypatch.setattr(tool, "Link", Meter(about=ABOUT | {"id": identity}))
    with pytest.raises(MeterError, match="chip's number"):
        tool.bridge("port", "127.0.0.1:1", "", None, "garage")


@pytest.mark.parametrize("retained", [False, True])
def test_a_strange_topic_is_told_in_one_line(bridge, capsys, retained):
    meter = Meter()
    bridge._take(
        meter, "headroom/garage-452e2f/set/\nport: the meter is back\x1b[2J", b"1", retained
    )
    assert meter.asked == []
    assert capsys.readouterr().out.strip("\n").isprintable()


def test_a_meter_that_is_on_mqtt_itself_is_told_of(monkeypatch, capsys):
    status = WELL | {"network": {"broker": "10.0.0.2", "up": True}}
    monkeypatch.setattr(tool, "Link", Meter(status))
    with pytest.raises(MeterError, match="cannot be reached"):
        tool.bridge("port", "127.0.0.1:1", "", None, "garage")
    assert "port is on MQTT itself, at 10.0.0.2" in capsys.readouterr().out


def test_the_mark_before_the_text_of_an_editor_is_no_part_of_a_password(tmp_path):
    file = tmp_path / "password"
    file.write_bytes(b"\xef\xbb\xbfsecret\r\n")
    assert password_of(file) == "secret"


def test_a_meter_that_restarts_without_closing_its_port_is_told_the_time(bridge):
    meter = Meter()
    bridge._tell(meter)
    bridge._tell(meter)
    assert len(meter.asked) == 1
    meter.clock, meter.state = "", WELL | {"boot": 2, "uptime_ms": 900}
    bridge._tell(meter)
    assert meter.asked[1].startswith("time 20")
    bridge._tell(meter)
    assert len(meter.asked) == 2


class Strange:
    """A broker that answers a connection with CONNACK, SUBACK with these codes, and then `more`.

    With `leaves` it goes once somebody publishes. Packets are from the standard (MQTT 3.1.1).
    """

    def __init__(self, codes="00 00", more=b"", leaves=False):
        self._codes, self._more, self._leaves = bytes.fromhex(codes), more, leaves
        self._door = socket.create_server(("127.0.0.1", 0))
        self.told = []
        self.broker = RealBroker(
            self._door.getsockname(), ("", None), ID, "headroom/garage-452e2f", ("x",),
            self.told.append,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self):
        self.broker.open()
        return self

    def __exit__(self, *_):
        self.broker.close()
        self._thread.join(30)
        self._door.close()

    def _serve(self):
        line, _ = self._door.accept()
        with line:
            line.recv(1000)
            line.sendall(bytes.fromhex("20 02 00 00"))
            asked = line.recv(1000)
            line.sendall(bytes((0x90, 2 + len(self._codes))) + asked[2:4] + self._codes)
            line.sendall(self._more)
            while line.recv(1000) and not self._leaves:
                pass

    def says(self, text):
        return until(lambda: [line for line in self.told if line.endswith(text)])


def message(topic, payload):
    return bytes((0x30, 2 + len(topic) + len(payload), 0, len(topic))) + topic + payload


def test_a_broker_that_lets_it_hear_no_commands_is_named():
    with Strange("80 00") as strange:
        assert strange.says(": lets us listen to no commands")


@pytest.mark.parametrize(
    "strange",
    [{"more": message(b"\xff\xfe", b"1")}, {"codes": ""}, {"more": message(b"a\0b", b"\xff")}],
)
def test_nothing_that_a_broker_sends_ends_the_hearing(strange):
    strange["more"] = strange.get("more", b"") + message(b"headroom/garage-452e2f/set/x", b"1")
    with Strange(**strange) as there:
        heard = until(lambda: [m for m in [there.broker.next(0.1)] if m and m[1] == b"1"])
    assert heard == [("headroom/garage-452e2f/set/x", b"1", False)]


def test_a_broker_that_goes_while_the_bridge_ends_is_no_error(monkeypatch):
    with Strange(leaves=True) as strange:
        strange.broker.online(True)
        assert strange.says(": has gone: Unspecified error")
        monkeypatch.setattr(strange.broker._client, "is_connected", lambda: True)  # a moment ago
