"""`meter bridge` between a meter in the simulated house and mosquitto, a broker that others wrote.

In real time, for all of them are processes of their own; no test hangs on how fast they are.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from ha_documentation import faults
from mosquitto import PROGRAM, Listener, Mosquitto, free_port, until

from lab.simulate import simulation
from meter.link import Link
from meter.paths import ROOT

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(not PROGRAM, reason="no mosquitto here: apt-get install mosquitto"),
]

ID = "e6614103e7452e2f"
BASE = "headroom/garage-452e2f"
HOME_ASSISTANT = os.environ.get("HEADROOM_HOMEASSISTANT")  # a Python that has its package


@pytest.fixture(scope="module")
def port():
    """The console of a meter that takes commands."""
    with identity(ID), simulation("--charger", "heidelberg", "--charger", "evse_wb") as port:
        with Link(port) as link:
            link.ask("set commands 1 charger2.charge_below 0.3 tariff_otherwise 0.2")
            link.restart("save")
        yield port


@contextmanager
def identity(text):
    """Of a meter that starts meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADROOM_ID", text)
        yield


@pytest.fixture
def broker(tmp_path):
    broker = Mosquitto(tmp_path)
    yield broker
    broker.stop()


@pytest.fixture
def listener(broker):
    listener = Listener(broker)
    yield listener
    listener.close()


@contextmanager
def bridged(port, broker, *options, name="garage"):
    """The bridge at work; its process, its lines in `said`."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "meter", "bridge", str(port), "--broker", broker.at,
             "--name", name, *options],
            stdout=said, stderr=said, text=True, cwd=ROOT,
        )  # fmt: skip
        process.said = lambda: (said.seek(0), said.read())[1]
        try:
            until(lambda: "Ctrl-C ends" in process.said() or process.poll() is not None)
            assert process.poll() is None, process.said()
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "meter", "bridge", *map(str, words)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def status(port):
    with Link(port) as link:
        return link.status()


def test_entities_states_and_commands(port, broker, listener):
    with bridged(port, broker):
        listener.wait_for(f"{BASE}/charger2")
        entities = list(listener.entities(BASE))
        assert [f"{t}: {fault}" for t, p, v in entities for fault in faults(t, p, v)] == []
        names = [payload["uniq_id"] for _, payload, _ in entities]
        assert len(set(names)) == len(names) >= 33
        assert all(name.startswith(f"headroom_{ID}_") for name in names)
        shown = {(p["dev"]["name"], p["name"]): value for _, p, value in entities}
        now = status_of_console(listener)
        assert shown["Headroom garage", "L1 current"] == now["l1_current"]
        assert shown["Headroom garage charger 1", "Mode"] == "fast"
        assert shown["Headroom garage charger 1", "Owner's limit"] == 16
        assert shown["Headroom garage charger 1", "Pause"] == "off"
        newcomer = Listener(broker)
        assert newcomer.wait_for(f"{BASE}/status") == "online"
        assert len(newcomer.retained()) == len(entities) + 1, "states are not retained"
        newcomer.close()

        told = len(listener.heard)
        listener.say("homeassistant/status", "online")
        listener.wait_for(f"{BASE}/charger2", since=told + 2)
        until(lambda: len(listener.configs(told)) == len(entities))

        for command, payload, state in (
            ("limit/1", "8", {"limit": 8}),
            ("pause/1", "on", {"pause": "on"}),
            ("mode/1", "off", {"mode": "off"}),
            ("pause/1", "off", {"pause": "off"}),
            ("mode/1", "fast", {"mode": "fast"}),
            ("limit/1", "none", {"limit": 16}),
        ):
            listener.obeyed(BASE, command, payload, state)
        listener.say(f"{BASE}/set/price", "0.35")
        listener.wait_for(
            f"{BASE}/charger2", lambda text: json.loads(text)["limited_by"] == "price"
        )


def status_of_console(listener):
    return listener.states(f"{BASE}/meter")[-1]


def test_malformed_and_retained_commands_change_nothing_and_are_told(port, broker, listener):
    listener.say(f"{BASE}/set/limit/1", "7", retain=True)
    listener.say(f"{BASE}/set/pause/1", "on", retain=True)
    with bridged(port, broker) as process:
        listener.wait_for(f"{BASE}/charger1")
        junk = (
            ("limit/1", "lots"), ("limit/1", "7; save"), ("limit/1", "7\rsave"), ("limit/9", "7"),
            ("limit/1/1", "7"), ("limit/", "7"), ("limit", "7"), ("limit/1", ""),
            ("limit/1", "7" * 60), ("limit/1", "7\x00"), ("pause/1", "maybe"),
            ("breaker_a", "400"), ("set", "breaker_a 400"), ("unlock", "1234"), ("save", "1"),
            ("mode/1", "🏠"), ("price", "free"), ("grid", "1"), ("time", "yesterday"),
        )  # fmt: skip
        for topic, payload in junk:
            listener.say(f"{BASE}/set/{topic}", payload)
        listener.say(f"{BASE}/set/limit/2", "9")
        until(lambda: "limit 2 9: charger2: 9 A" in process.said())
        said = process.said()
        assert said.count("retained, so nobody knows how old it is") == 2
    listener.say(f"{BASE}/set/limit/1", "", retain=True)
    now = status(port)
    chargers = {c["name"]: (c["command_ma"], c["paused"], c["mode"]) for c in now["chargers"]}
    assert chargers == {"charger1": (None, False, "fast"), "charger2": (9000, False, "fast")}
    assert not now["unsaved"]
    with Link(port) as link:
        assert "breaker_a = 100 A" in link.ask("get breaker_a")
        link.ask("limit 2 none")


def test_the_last_will_and_a_broker_that_comes_back(port, broker, listener):
    with bridged(port, broker) as process:
        listener.wait_for(f"{BASE}/charger2")
        broker.stop()
        until(lambda: "has gone" in process.said())
        broker.start()
        again = Listener(broker)
        again.wait_for(f"{BASE}/charger2")
        assert len(again.configs()) >= 33, "all is told again"
        process.send_signal(signal.SIGKILL)
        again.wait_for(f"{BASE}/status", lambda payload: payload == "offline")
        again.close()
    with bridged(port, broker) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        last = Listener(broker)
        assert last.wait_for(f"{BASE}/status") == "offline"
        last.close()


def test_an_unplugged_cable_is_told_and_survived(broker, listener, tmp_path):
    cable = tmp_path / "cable"
    with identity(ID):
        with simulation() as port:
            cable.symlink_to(port)
            running = bridged(cable, broker)
            process = running.__enter__()
            listener.wait_for(f"{BASE}/charger1")
            told = len(listener.heard)
        listener.wait_for(f"{BASE}/status", lambda payload: payload == "offline", told)
        told = len(listener.heard)
        with simulation() as port:
            cable.unlink()
            cable.symlink_to(port)
            listener.wait_for(f"{BASE}/status", lambda payload: payload == "online", told)
            listener.wait_for(f"{BASE}/charger1", since=told)
    assert "the meter is back" in process.said()
    running.__exit__(None, None, None)


def test_two_meters_of_one_name_have_topics_and_entities_of_their_own(port, broker, listener):
    other = "e6614103e7aaaaaa"
    with identity(other), simulation() as second, bridged(port, broker), bridged(second, broker):
        listener.wait_for(f"{BASE}/charger1")
        listener.wait_for("headroom/garage-aaaaaa/charger1")
        ids = [payload["uniq_id"] for payload in listener.configs().values()]
        assert len(set(ids)) == len(ids) >= 33 + 20


PRINTABLE = "".join(map(chr, range(32, 127)))


def test_a_password_of_every_printable_character_and_a_wrong_one(port, tmp_path):
    broker = Mosquitto(tmp_path, "the meter", PRINTABLE)
    try:
        right, wrong = tmp_path / "right", tmp_path / "wrong"
        right.write_text(PRINTABLE + "\n")
        wrong.write_text("guess\n")
        with bridged(port, broker, "--user", "the meter", "--password-file", str(right)):
            listener = Listener(broker)
            listener.wait_for(f"{BASE}/charger1")
            listener.close()
        refused = run(port, "--broker", broker.at, "--user", "the meter", "--password-file", wrong)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"meter: the broker at {broker.at}: refuses: ")
        assert refused.stderr.count("\n") == 1
    finally:
        broker.stop()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--broker", ""], 2, "--broker is HOST or HOST:PORT"),
        (["--broker", "mqtt://10.0.0.2"], 2, "--broker is HOST or HOST:PORT"),
        (["--broker", "10.0.0.2:many"], 2, "--broker is HOST or HOST:PORT"),
        (["--broker", "a b"], 2, "--broker is HOST or HOST:PORT"),
        (["--name", "my house"], 2, "--name has 1 to 20 letters, digits, - and _"),
        (["--name", "a/b"], 2, "letters, digits"),
        (["--name", "a+b"], 2, "letters, digits"),
        (["--name", "#"], 2, "letters, digits"),
        (["--name", "it's"], 2, "letters, digits"),
        (["--name", "🏠"], 2, "letters, digits"),
        (["--name", ""], 2, "letters, digits"),
        (["--password-file", "/nowhere", "--user", "me"], 2, "cannot read /nowhere"),
        ([], 1, "cannot be reached"),
    ],
)  # fmt: skip
def test_what_cant_be_is_told_in_one_line(port, words, status, says):
    ended = run(port, "--broker", f"127.0.0.1:{free_port()}", *words)
    assert ended.returncode == status
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_broker_that_nobody_knows_and_no_meter(port):
    ended = run(port, "--broker", "no-such-host.invalid")
    assert ended.returncode == 1
    assert "cannot be reached" in ended.stderr
    ended = run("/dev/null", "--broker", "127.0.0.1")
    assert ended.returncode == 1
    assert "/dev/null" in ended.stderr


@pytest.mark.skipif(not HOME_ASSISTANT, reason="HEADROOM_HOMEASSISTANT names no Python with it")
def test_home_assistants_own_schemas_take_it(port, broker, listener):
    with bridged(port, broker):
        listener.wait_for(f"{BASE}/charger2")
        lines = [json.dumps(entity) for entity in listener.entities(BASE)]
    script = Path(__file__).parents[1] / "shim" / "ha_schemas.py"
    looked = subprocess.run(
        [HOME_ASSISTANT, str(script)], input="\n".join(lines), capture_output=True, text=True,
        check=True, env={"PATH": os.environ["PATH"]}, cwd="/",
    )  # fmt: skip
    *wrong, version = looked.stdout.splitlines()
    print(version, len(lines), "messages")
    assert wrong == []
    assert len(lines) >= 33
