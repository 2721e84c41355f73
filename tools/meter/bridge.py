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
from meter.clock import set_clock
from meter.errors import MeterError, UsageError
from meter.firmware_files import load
from meter.link import Link, Refused

EVERY_S = 5.0
AGAIN_S = 5.0
LOOK_S = 0.5
CLOCK_S = 3600.0
NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
IDENTITY = re.compile(r"[0-9a-f]{12,32}")
SHOWN, SHOWN_TOPIC = 40, 80  # of what is no command

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
        about = link.one("version", "board", "version") | {"name": name}
        own = link.status().get("network")
    if not about.get("id"):
        raise MeterError(f"the meter at {port} is too old to be told from others: update it")
    if not IDENTITY.fullmatch(str(about["id"])):
        raise MeterError(f"the meter at {port} has no chip's number for its id: {about['id']!r}")
    if isinstance(own, dict):
        say(f"{port} is on MQTT itself, at {own.get('broker')}: a broker keeps one of both only")
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
        self._entities: set[str] = set()  # topics of those that Home Assistant was told of
        self._settings = ""  # hash of those for which chargers were last taken away
        self._next_s = 0.0
        self._boot = 0  # of the meter whose clock was looked at, and when that is due again
        self._clock_s = 0.0

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
        told, entities = described(self._about, status)
        self._look_at_clock(link, status["boot"])
        joined = self._broker.joined.is_set()
        self._broker.joined.clear()  # whoever joins from here on is told all of it
        changed = status["settings_hash"] != self._settings
        if joined or changed:
            self._settings = status["settings_hash"]
            kept = undriven(status)
            others = (n for n in range(1, discovery.MOST_CHARGERS + 1) if n not in kept)
            for topic in discovery.gone(self._about, others):
                if topic not in entities:
                    self._broker.publish(topic, "", retain=True)
        if joined or changed or entities.keys() - self._entities:
            self._entities = set(entities)
            for topic, payload in entities.items():
                self._broker.publish(topic, payload, retain=True)
            self._broker.online(True)
        for name, state in told.items():
            self._broker.publish(f"{self._base}/{name}", state)

    def _look_at_clock(self, link: Link, boot: int) -> None:
        """One that restarts behind an adapter leaves its port open, and may not know the time."""
        if boot != self._boot or time.monotonic() > self._clock_s:
            set_clock(link)
            self._boot = boot
            self._clock_s = time.monotonic() + CLOCK_S

    def _take(self, link: Link, topic: str, payload: bytes, retained: bool) -> None:
        """One message: Home Assistant has started, or a command."""
        if topic == discovery.BIRTH:
            if payload == b"online":
                self._broker.joined.set()
            return
        words = commands.words_of(topic.removeprefix(f"{self._base}/set/"), payload)
        if retained:
            say(f"{topic[:SHOWN_TOPIC]!r}: retained, so nobody knows how old it is: not heard")
        elif not words:
            say(f"{topic[:SHOWN_TOPIC]!r}: {payload[:SHOWN]!r} is no command")
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


def undriven(status: dict[str, Any]) -> set[int]:
    """Numbers of the chargers that the settings have and the meter can't drive.

    Where the settings are lost nobody knows which there are: it may be any.
    """
    if status.get("settings") == "defaults" and status.get("settings_note"):
        return set(range(1, discovery.MOST_CHARGERS + 1))
    found = (re.match(r"charger(\d+) is not driven: ", str(fault)) for fault in status["faults"])
    return {int(match[1]) for match in found if match}


def described(
    about: dict[str, Any], status: dict[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """{"meter" or a charger's name: its state}, {topic: payload of an entity}; MeterError."""
    try:
        found = {"meter": states.meter(status)}
        entities = dict(discovery.of_meter(about, found["meter"]))
        for charger in status["chargers"]:
            name = charger["name"]
            found[name] = state = states.charger(charger)
            number = int(name.removeprefix("charger"))
            more = states.beside(charger)
            entities |= discovery.of_charger(about, number, state, more)
        texts = {name: states.text(state) for name, state in found.items()}
        return texts, {topic: json.dumps(payload) for topic, payload in entities.items()}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise MeterError(
            f"what the meter tells is damaged, or its firmware is of another time: {error!r}"
        ) from None
