"""What is said when, and who hears what comes: ten short turns a second, each a step of work.

Nothing here can end the meter, nor delay it by more than a turn: what raises ends in a pause of
the network, a fault that is named, and a new connection.
"""

import asyncio
import json
import time

from micropython import const

from . import commands, discovery, states

_TURN_MS = const(100)
_STATES_MS = const(5000)
_REST_MS = const(10_000)  # after a fault of our own
_LONGEST_MS = const(1000)
_GONE_AT_ONCE = const(24)  # messages, those of two chargers


class Publishing:
    """about   `id`, `name`, `board`, `version` of the meter; `chargers`, the numbers of its own
    status  see reporting/status.py: what it collects, its chargers, idle again after each step
    wifi    see wifi.py; broker: its address as text
    door    takes a command: a function of (source, name, words), ValueError if it is refused;
            None where nothing may be sent
    note    hears of what was sent and not done: a function of a text
    """

    def __init__(self, about, status, wifi, broker, door, note):
        self._about = {key: about[key] for key in ("id", "name", "board", "version")}
        self._chargers = about["chargers"]
        self._status, self.wifi, self._broker = status, wifi, broker
        self._door, self._note = door, note
        self._base = discovery.base_topic(about["name"], about["id"])
        self.mqtt = None
        self._error = None  # the exception, after a fault of our own
        self._rest_ms = 0
        self._joined = self._entities = 0
        self._again = False
        self._due_ms = 0
        self._work = self._message = None
        self._gone = iter(())  # what takes away what is no more
        self._gone_due = False  # from the first to the last, once the running round is over
        self._told = ""

    def topics(self):
        """Where to listen, and the last will."""
        return (self._base + "/set/#", discovery.BIRTH), (self._base + "/status", "offline")

    async def run(self):
        """For ever."""
        before_ms = time.ticks_ms()
        while True:
            await asyncio.sleep_ms(_TURN_MS)
            now_ms = time.ticks_ms()
            self.turn(min(time.ticks_diff(now_ms, before_ms), _LONGEST_MS))
            before_ms = now_ms

    def turn(self, elapsed_ms):
        """Nothing is raised."""
        self._rest_ms -= elapsed_ms
        if self._rest_ms > 0:
            return
        try:
            self._turn(elapsed_ms)
        except Exception as error:  # noqa: BLE001  of the network nothing may reach the meter
            self._error = error
            self._rest_ms = _REST_MS
            self._work = self._message = None
            self.mqtt.leave("a fault of our own")

    def faults(self):
        """Generates what is wrong: sentences."""
        if self._error and self._rest_ms > 0:
            yield "network: a fault of the firmware, please report it: %r" % self._error
        elif not self.wifi.up:
            yield "Wi-Fi %s" % self.wifi.fault
        elif self.mqtt.fault:
            yield "broker %s: %s" % (self._broker, self.mqtt.fault)

    def now(self):
        """For the status."""
        return {
            "up": self.mqtt.up,
            "broker": self._broker,
            "topic": self._base,
            "signal_dbm": self.wifi.signal() if self.wifi.up else None,
        }

    def hear(self, topic, payload, retained):
        """A message that came."""
        if topic == discovery.BIRTH:
            if payload == b"online":
                self._again = self._gone_due = True
            return
        before = self._base + "/set/"
        if not topic.startswith(before):
            return  # we have not asked for it
        words = commands.words_of(topic[len(before) :], payload)
        if retained:
            self._complain("%r is retained, so nobody knows how old it is" % topic[:80])
        elif not words:
            self._complain("%r is no command" % topic[:80])
        elif not self._door:
            self._complain("there is no charger to command")
        else:
            try:
                self._door("mqtt", words[0], words[1:])
            except ValueError as refusal:
                self._complain("%s: %s" % (" ".join(words), refusal))

    def _complain(self, text):
        if text != self._told:
            self._told = text
            self._note("mqtt: %s; nothing was changed" % text)

    def _turn(self, elapsed_ms):
        self.wifi.turn(elapsed_ms)
        if not self.wifi.up:
            if self.mqtt.up:
                self.mqtt.leave("")
            return
        self.mqtt.turn(elapsed_ms)
        if not self.mqtt.up:
            self._work = self._message = None
            return
        self._due_ms -= elapsed_ms
        if self.mqtt.joined != self._joined:
            self._joined = self.mqtt.joined
            self._again = self._gone_due = True
            self._work = self._message = None
        if self._work and not self._message:
            self._step()
        elif not self._message and (self._again or self._due_ms <= 0):
            self._due_ms = _STATES_MS
            self._work = self._all(self._again)
            self._again = False
        if self._message and self.mqtt.publish(*self._message):
            self._message = None

    def _step(self):
        try:
            self._message = next(self._work)
        except StopIteration:
            self._work = None

    def _all(self, entities):
        """Generates (topic, payload, retained) of what is to be said, and None after other work.

        entities  Home Assistant is told of them, too
        """
        now = yield from self._nothing_but(self._status.collect())
        state = states.meter(now)
        now = None
        signal = self.wifi.signal()
        if signal is not None:
            state["signal"] = signal
        yield None
        count = len(state)
        if entities:
            yield self._base + "/status", "online", True
            for topic, payload in discovery.of_meter(self._about, state):
                yield topic, json.dumps(payload), True
        yield self._base + "/meter", states.text(state), False
        for charger in self._status.chargers():
            yield None
            state = states.charger(charger)
            name = charger["name"]
            count += len(state)
            if entities:
                number = int(name[len("charger") :])
                more = states.beside(charger)
                charger = None
                for topic, payload in discovery.of_charger(self._about, number, state, more):
                    yield topic, json.dumps(payload), True
            yield "%s/%s" % (self._base, name), states.text(state), False
        if entities:
            self._entities = count
        yield from self._take_away()
        self._again = self._again or count != self._entities

    def _take_away(self):
        """A part of what is to go: the figures come between."""
        for _ in range(_GONE_AT_ONCE):
            message = next(self._gone, None)
            if not message:
                self._gone = self._not_of_ours() if self._gone_due else iter(())
                self._gone_due = False
                return
            yield message

    def _not_of_ours(self):
        """What takes away the entities of chargers that the settings have no more."""
        others = (n for n in range(1, discovery.MOST_CHARGERS + 1) if n not in self._chargers)
        for topic in discovery.gone(self._about, others):
            yield topic, "", True

    def _nothing_but(self, work):
        """Its value, with a None after each of its steps."""
        try:
            while True:
                next(work)
                yield None
        except StopIteration as end:
            return end.value
