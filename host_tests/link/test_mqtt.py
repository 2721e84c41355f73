"""A meter on the network by itself: the firmware's own MQTT, on MicroPython, against mosquitto.

In real time; no test hangs on how fast it is.
"""

import json
import threading
import time

import pytest
from ha_documentation import faults
from mosquitto import PROGRAM, Listener, Mosquitto, until

from lab.simulate import simulation
from meter.link import Link

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(not PROGRAM, reason="no mosquitto here: apt-get install mosquitto"),
]

ID = "e6614103e7452e2f"
BASE = "headroom/garage-452e2f"
PASSWORD = r"""a "quoted" back\slash,  two spaces; äß # 'and' more"""


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = Mosquitto(tmp_path_factory.mktemp("broker"), "the meter", PASSWORD)
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def port(broker):
    """The console of a meter whose broker that is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADROOM_ID", ID)
        with simulation("--charger", "heidelberg", "--charger", "evse_wb") as port:
            with Link(port) as link:
                link.ask(f"set name garage broker {broker.at}")
                link.ask('set broker_user "the meter"')
                link.ask(f"set broker_password hex:{PASSWORD.encode().hex()}")
                link.ask("set charger2.charge_below 0.3 tariff_otherwise 0.2")
                link.restart("save")
            yield port


@pytest.fixture
def listener(broker):
    listener = Listener(broker)
    yield listener
    listener.close()


def ask(port, line):
    with Link(port) as link:
        return link.ask(line)


def status(port):
    with Link(port) as link:
        return link.status()


def test_it_is_found_told_and_commanded(port, listener):
    until(lambda: status(port)["network"]["up"])
    told = len(listener.heard)
    listener.say("homeassistant/status", "online")
    until(lambda: len(listener.configs(told)) >= 36)
    listener.wait_for(f"{BASE}/charger2", since=len(listener.heard))
    entities = list(listener.entities(BASE))
    assert [f"{t}: {fault}" for t, p, v in entities for fault in faults(t, p, v)] == []
    assert len(entities) >= 33
    for command, payload, state in (
        ("limit/1", "8 60", {"limit": 8}),
        ("pause/1", "on", {"pause": "on"}),
        ("mode/1", "off", {"mode": "off"}),
        ("pause/1", "off", {"pause": "off"}),
        ("mode/1", "fast", {"mode": "fast"}),
    ):
        listener.obeyed(BASE, command, payload, state)
    listener.say(f"{BASE}/set/price", "0.35")
    listener.wait_for(f"{BASE}/charger2", lambda text: json.loads(text)["limited_by"] == "price")
    assert "mqtt: limit 1 8 60" in ask(port, "log 30")
    for line in ("limit 1 none", "price none"):
        ask(port, line)


def test_the_tables_do_not_know_the_password(port):
    for line in ("dump", "get", "json get", "log 100", "json status"):
        said = ask(port, line)
        assert PASSWORD.encode().hex() not in said
        assert "two spaces" not in said


def test_a_broker_that_goes_and_comes_back_and_the_last_will(port, broker, listener):
    broker.stop()
    until(lambda: not status(port)["network"]["up"])
    assert f"broker {broker.at}: " in ask(port, "faults")
    broker.start()
    again = Listener(broker)
    again.wait_for(f"{BASE}/charger2")
    assert len(again.configs()) >= 33
    assert ask(port, "faults") == "none"
    told = len(again.heard)
    ask(port, "reboot")
    again.wait_for(f"{BASE}/status", lambda payload: payload == "offline", told)
    again.wait_for(f"{BASE}/status", lambda payload: payload == "online", told)
    again.close()


def test_retained_and_malformed_commands_and_a_flood_change_nothing(port, broker, listener):
    until(lambda: status(port)["network"]["up"])
    listener.say(f"{BASE}/set/limit/1", "7", retain=True)
    with Link(port) as link:
        link.restart("reboot")
    until(lambda: "retained" in ask(port, "log 20"))
    listener.say(f"{BASE}/set/limit/1", "", retain=True)
    stop = threading.Event()
    floods = [threading.Thread(target=flood, args=(broker, stop)) for _ in range(2)]
    for thread in floods:
        thread.start()
    told = len(listener.heard)
    before = status(port)
    listener.wait_for(f"{BASE}/charger2", since=told)
    after = until(lambda: (now := status(port))["uptime_ms"] > before["uptime_ms"] + 5000 and now)
    stop.set()
    for thread in floods:
        thread.join()
    assert after["boot"] == before["boot"], "no restart"
    assert after["network"]["up"]
    assert {c["command_ma"] for c in after["chargers"]} == {None}


def flood(broker, stop):
    """Ten thousand messages a second."""
    source = Listener(broker)
    while not stop.is_set():
        for payload in ("many", b"\xff", "8" * 3000, ""):
            for _ in range(100):
                source.publish(f"{BASE}/set/limit/1", payload)
        time.sleep(0.04)
    source.close()


def test_a_wrong_password_is_named_and_nothing_else_changes(port, broker):
    with Link(port) as link:
        link.ask("set broker_password guess")
        now = link.restart("save")
    said = until(lambda: (told := ask(port, "faults")) != "none" and told)
    assert "refuses" in said
    assert "guess" not in said
    now = until(lambda: (now := status(port))["good"] and now)
    assert not now["network"]["up"]
    assert all(charger["online"] for charger in now["chargers"])
