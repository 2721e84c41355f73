"""A real broker, mosquitto, and somebody who listens to all that is said there."""

import json
import shutil
import socket
import subprocess
import threading
import time

from ha_documentation import value_of
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
PASSWD = shutil.which("mosquitto_passwd") or shutil.which("mosquitto_passwd", path="/usr/bin")
PATIENCE_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mosquitto:
    """On a port of its own; with `user` and `password` it takes nobody else."""

    def __init__(self, folder, user="", password=""):
        self.port = free_port()
        self.at = f"127.0.0.1:{self.port}"
        self.login = (user, password)
        self._folder = folder
        lines = [f"listener {self.port} 127.0.0.1", "user root", "persistence false"]
        if user:
            logins = folder / "logins"
            subprocess.run(
                [PASSWD, "-c", "-b", str(logins), user, password], check=True, capture_output=True
            )
            lines.append(f"password_file {logins}")
        lines.append(f"allow_anonymous {'false' if user else 'true'}")
        (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "-c", str(self._folder / "mosquitto.conf")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Listener:
    """heard: (topic, payload, retained) of all since it came, in their order."""

    def __init__(self, broker):
        self.heard = []
        self._client = Client(CallbackAPIVersion.VERSION2)
        if broker.login[0]:
            self._client.username_pw_set(*broker.login)
        self._client.on_message = self._on_message
        there = threading.Event()
        self._client.on_subscribe = lambda *_: there.set()
        self._client.on_connect = lambda client, *_: client.subscribe("#")
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert there.wait(PATIENCE_S)

    def say(self, topic, payload="", retain=False):
        self._client.publish(topic, payload, retain=retain).wait_for_publish(PATIENCE_S)

    def publish(self, topic, payload):
        """Without waiting, and without hearing what others say."""
        self._client.unsubscribe("#")
        self._client.publish(topic, payload)

    def wait_for(self, topic, wanted=lambda payload: True, since=0):
        """The first payload there, from message `since` on, that is `wanted`."""

        def found():
            for there, payload, _ in list(self.heard)[since:]:
                if there == topic and wanted(payload):
                    return [payload]
            return None

        return until(found)[0]

    def obeyed(self, base, command, payload, state):
        """Send a command to charger 1, and wait until its state has what it asks for."""
        told = len(self.heard)
        self.say(f"{base}/set/{command}", payload)
        self.wait_for(
            f"{base}/charger1", lambda text: state.items() <= json.loads(text).items(), told
        )

    def states(self, topic, since=0):
        return [json.loads(text) for there, text, _ in self.heard[since:] if there == topic]

    def configs(self, since=0):
        """{topic: payload} of the discovery messages."""
        return {
            topic: json.loads(payload)
            for topic, payload, _ in self.heard[since:]
            if topic.endswith("/config") and payload
        }

    def entities(self, base):
        """Generates [topic, payload, value]: of each what its template makes of the last state."""
        states = {topic: json.loads(text) for topic, text, _ in self.heard
                  if topic.startswith(f"{base}/") and text.startswith("{")}  # fmt: skip
        for topic, payload in self.configs().items():
            if payload["~"] == base:
                state = states[payload["stat_t"].replace("~", base)]
                yield topic, payload, value_of(payload, state, "nothing yet")

    def retained(self):
        """{topic: payload} of what a newcomer is told at once."""
        return {topic: payload for topic, payload, retained in self.heard if retained}

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _, __, message):
        self.heard.append(
            (message.topic, message.payload.decode(errors="replace"), message.retain)
        )


def until(found):
    """What `found` gives once that is true."""
    end_s = time.monotonic() + PATIENCE_S
    while not (result := found()):
        assert time.monotonic() < end_s, "nothing came in half a minute"
        time.sleep(0.05)
    return result
