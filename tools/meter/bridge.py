"""`meter bridge`: a meter on a serial port becomes a meter on the network, for Home Assistant.

What it publishes and listens to is what a meter with a radio does itself: the firmware's own files
say so, those of network/. What is sent is typed at the console, and refused as if typed.
"""

import json
import re
import signal
import time
from pathlib import Path
from typing import Any

from meter.broker import Broker, address, password_of
from meter.errors import MeterError, UsageError
from meter.firmware_files import load
from meter.link import Link, Refused

EVERY_S = 5.0
AGAIN_S = 5.0
LOOK_S = 0.5
NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
SHOWN = 40  # bytes of what is no command

commands = load("network/commands")
discovery = load("network/discovery")
states = load("network/states")


def bridge(port: str, broker: str, user: str, password_file: Path | None, name: str) -> None:
    """Until Ctrl-C or SIGTERM."""
    at = address(broker)
    password = password_of(password_file)
    if password is not None and not user:
        raise UsageError("--password-file needs --user")
    if not NAME.fullmatch(name):
        raise UsageError(f"--name has 1 to 20 letters, digits, - and _, not {name!r}")
    with Link(port) as link:
        about = link.one("version", "id") | {"name": name}
    if not about.get("id"):
        raise MeterError(f"the meter at {port} is too old to be told from others: update it")
    base = discovery.base_topic(name, about["id"])
    topics = (discovery.BIRTH,)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    there = Broker(at, (user, password), about["id"], base, topics, say)
    there.open()
    try:
        say(f"{port} is at {base}; Ctrl-C ends")
        Bridge(there, about, base).run(port)
    except KeyboardInterrupt:
        pass
    finally:
        there.close()


class Another(MeterError):
    """Its figures would go on in those of the one before."""


def say(line: str) -> None:
    """Whatever a log shall have."""
    print(line, flush=True)


class Bridge:
    """Carries one meter's figures to `broker`, and commands back."""

    def __init__(self, broker: Broker, about: dict[str, Any], base: str) -> None:
        self._broker = broker
        self._about = about
        self._base = base
        self._keys: set[str] = set()  # those that Home Assistant was told of
        self._next_s = 0.0

    def run(self, port: str) -> None:
        """For ever, over unplugged cables and restarts of the meter."""
        told = ""
        while True:
            try:
                with Link(port) as link:
                    if link.one("version", "id")["id"] != self._about["id"]:
                        raise Another(f"another meter is at {port}: start the bridge anew")
                    if told:
                        say(f"{port}: the meter is back")
                    told = ""
                    self._serve(link)
            except Another:
                raise
            except MeterError as error:
                if str(error) != told:
                    told = str(error)
                    say(told)
            self._broker.online(False)
            self._hear_nothing()
            time.sleep(AGAIN_S)

    def _serve(self, link: Link) -> None:
        """As long as the meter answers."""
        self._broker.joined.set()
        while True:
            wait_s = self._next_s - time.monotonic()
            if wait_s <= 0 or self._broker.joined.is_set():
                self._tell(link)
                self._next_s = time.monotonic() + EVERY_S
            elif message := self._broker.next(min(wait_s, LOOK_S)):
                self._take(link, *message)

    def _tell(self, link: Link) -> None:
        """The state, and before it what there is, where that was not told yet."""
        status = link.status()
        messages = {"meter": states.meter(status)}
        chargers = {charger["name"]: charger for charger in status["chargers"]}
        messages |= {name: states.charger(charger) for name, charger in chargers.items()}
        keys = {f"{name}/{key}" for name, state in messages.items() for key in state}
        if self._broker.joined.is_set() or keys - self._keys:
            self._broker.joined.clear()
            self._keys = keys
            for topic, payload in entities(self._about, messages, chargers):
                self._broker.publish(topic, json.dumps(payload), retain=True)
            self._broker.online(True)
        for name, state in messages.items():
            self._broker.publish(f"{self._base}/{name}", states.text(state))

    def _take(self, link: Link, topic: str, payload: bytes, retained: bool) -> None:
        """One message: Home Assistant has started, or a command."""
        if topic == discovery.BIRTH:
            if payload == b"online":
                self._broker.joined.set()
            return
        words = commands.words_of(topic.removeprefix(f"{self._base}/set/"), payload)
        if retained:
            say(f"{topic}: retained, so nobody knows how old it is: not heard")
        elif not words:
            say(f"{topic}: {payload[:SHOWN]!r} is no command")
        else:
            line = " ".join(words)
            try:
                answer = link.ask(line)
            except Refused as refusal:
                answer = str(refusal)
            say(f"{line}: {answer}")
            self._next_s = 0.0

    def _hear_nothing(self) -> None:
        """What was sent while the meter was away is old by the time it is back."""
        while self._broker.next(0):
            pass


def entities(
    about: dict[str, Any],
    messages: dict[str, dict[str, Any]],
    chargers: dict[str, dict[str, Any]],
) -> Any:
    """(topic, payload) of each entity of the meter and its chargers."""
    yield from discovery.of_meter(about, messages["meter"])
    for name, charger in chargers.items():
        number = int(name.removeprefix("charger"))
        yield from discovery.of_charger(about, number, messages[name], states.beside(charger))
