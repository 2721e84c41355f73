"""The bridge's end of MQTT, by paho: it connects again by itself and tells what goes wrong."""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from meter.errors import MeterError, UsageError

PORT = 1883
KEEPALIVE_S = 30
FIRST_S = 15.0  # the first connection; later it is tried for ever
AGAIN_S = 1, 60
MOST_WAITING = 50  # messages: of whoever sends more, the rest is not heard


def address(text: str) -> tuple[str, int]:
    """HOST or HOST:PORT, or UsageError."""
    host, colon, port = text.rpartition(":")
    if not colon:
        host, port = text, str(PORT)
    numeric = port.isascii() and port.isdigit() and 0 < int(port) < 65536
    if not host or not numeric or set(host) & set("/ +#@:"):
        raise UsageError(f"--broker is HOST or HOST:PORT, such as 192.168.1.5:1883, not {text!r}")
    return host, int(port)


def password_of(file: Path | None) -> str | None:
    """The first line of a file, so that no list of processes shows it."""
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")[0].rstrip("\r")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from None


class Broker:
    """A connection that tells `base`/status "online", and "offline" as its last will.

    topics  what is listened to besides base/set
    joined  set with each connection: all must be told again
    say     hears of what changes: a function of a line
    """

    def __init__(
        self,
        at: tuple[str, int],
        login: tuple[str, str | None],
        identity: str,
        base: str,
        topics: tuple[str, ...],
        say: Callable[[str], None],
    ) -> None:
        self._waiting: queue.Queue[tuple[str, bytes, bool]] = queue.Queue(MOST_WAITING)
        self.joined = threading.Event()
        self._at, self._status = at, f"{base}/status"
        self._topics = [(topic, 0) for topic in (f"{base}/set/#", *topics)]
        self._say = say
        self._told = ""
        self._answered = threading.Event()
        self._client = client = Client(CallbackAPIVersion.VERSION2, f"headroom-{identity}")
        if login[0]:
            client.username_pw_set(*login)
        client.will_set(self._status, "offline", retain=True)
        client.reconnect_delay_set(*AGAIN_S)
        client.on_connect = self._on_connect
        client.on_connect_fail = lambda *_: self._tell("cannot be reached")
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe

    def open(self) -> None:
        """Connect for the first time; MeterError if that can't be done now."""
        try:
            self._client.connect(*self._at, keepalive=KEEPALIVE_S)
        except (OSError, ValueError) as error:
            raise MeterError(f"{self}: cannot be reached: {error}") from None
        self._client.loop_start()
        self._answered.wait(FIRST_S)
        if not self._client.is_connected():
            self.close()
            raise MeterError(f"{self}: {self._told or 'does not answer'}")

    def online(self, there: bool) -> None:
        """Whether the meter is."""
        self.publish(self._status, "online" if there else "offline", retain=True)

    def publish(self, topic: str, payload: str, retain: bool = False) -> None:
        """Nothing waits for a broker that is away: all is told when it is back."""
        if self._client.is_connected():
            self._client.publish(topic, payload, retain=retain)

    def next(self, wait_s: float) -> tuple[str, bytes, bool] | None:
        """The oldest that came: (topic, payload, retained); None if nothing did for that long."""
        try:
            return self._waiting.get(timeout=max(0.001, wait_s))
        except queue.Empty:
            return None

    def close(self) -> None:
        """Leave with the word that the last will would say."""
        if self._client.is_connected():
            with suppress(RuntimeError):  # it has gone meanwhile: then the last will says it
                self._client.publish(self._status, "offline", retain=True).wait_for_publish(2)
        self._client.disconnect()
        self._client.loop_stop()

    def __str__(self) -> str:
        return f"the broker at {self._at[0]}:{self._at[1]}"

    def _on_connect(self, client: Client, _: Any, flags: Any, code: ReasonCode, *__: Any) -> None:
        if code.is_failure:
            self._tell(f"refuses: {code}")
        else:
            client.subscribe(self._topics)
            self.joined.set()
            self._tell("is there")
        self._answered.set()

    def _on_subscribe(
        self, _: Client, __: Any, ___: int, codes: list[ReasonCode], *____: Any
    ) -> None:
        if codes and codes[0].is_failure:
            self._tell("lets us listen to no commands")

    def _on_disconnect(self, _: Client, __: Any, flags: Any, code: ReasonCode, *___: Any) -> None:
        if code.is_failure and not self._told.startswith("refuses"):
            self._tell(f"has gone: {code}")

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        try:
            self._waiting.put_nowait((message.topic, bytes(message.payload), message.retain))
        except queue.Full:
            self._tell("sends more than can be heard: some is lost")
        except UnicodeDecodeError:  # of the topic; raised here it would end all hearing
            self._tell("sends a topic that is no text")

    def _tell(self, text: str) -> None:
        """Once, until something else is told."""
        if text != self._told:
            self._told = text
            self._say(f"{self}: {text}")
