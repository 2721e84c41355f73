"""The firmware's MQTT at the end of a scripted connection: a turn is short, whatever comes.

Packets are written here by hand from the standard (MQTT 3.1.1, OASIS 2014), section 3. Work is
counted, not timed.
"""

import itertools
import random

import pytest

from headroom.network.mqtt import Mqtt

CONNACK = bytes.fromhex("20 02 00 00")
SUBACK = bytes.fromhex("90 04 00 01 00 00")
PINGREQ, PINGRESP = bytes.fromhex("c0 00"), bytes.fromhex("d0 00")
TURN_MS = 100


def publish(topic, payload, head=0x30):
    topic = topic.encode()
    rest = bytes((len(topic) >> 8, len(topic) & 255)) + topic + payload
    length = b""
    left = len(rest)
    while True:
        left, digit = divmod(left, 128)
        length += bytes((digit | 128 * bool(left),))
        if not left:
            return bytes((head,)) + length + rest


class Wire:
    """A connection whose other end a test writes. It counts what is done in a turn."""

    def __init__(self):
        self.coming = bytearray()
        self.gone = bytearray()
        self.up = True
        self.error = None
        self.room = 1 << 20  # bytes a write takes
        self.piece = 1 << 20  # and a read gives
        self.reads = self.writes = self.most_read = 0
        self.closed = False

    def stands(self):
        self._fail()
        return self.up

    def read_into(self, buffer):
        self._fail()
        self.reads += 1
        count = min(len(buffer), len(self.coming), self.piece)
        self.most_read = max(self.most_read, len(buffer))
        buffer[:count] = self.coming[:count]
        del self.coming[:count]
        return count

    def write(self, buffer):
        self._fail()
        self.writes += 1
        count = min(len(buffer), self.room)
        self.gone += buffer[:count]
        return count

    def close(self):
        self.closed = True

    def _fail(self):
        if self.error:
            raise self.error


class Client:
    def __init__(self, login=(None, None)):
        self.wires = []
        self.heard = []
        will = "headroom/m-1/status", "offline"
        self.mqtt = Mqtt(
            self._connect, "headroom-1", login, will, ("headroom/m-1/set/#", "x"), self._hear
        )
        self.make = Wire

    def _connect(self):
        self.wires.append(self.make())
        return self.wires[-1]

    def _hear(self, *message):
        self.heard.append(message)

    @property
    def wire(self):
        return self.wires[-1]

    def run(self, turns=1):
        for _ in range(turns):
            self.mqtt.turn(TURN_MS)
        return self

    def greeted(self):
        self.run(3)
        self.wire.coming += CONNACK + SUBACK
        self.run(4)
        assert self.mqtt.up
        self.wire.gone.clear()
        return self


def test_connect_is_as_the_standard_has_it():
    client = Client((b"me", b"a\xffb")).run(4)
    assert bytes(client.wire.gone) == (
        bytes.fromhex("10 3d 00 04") + b"MQTT" + bytes.fromhex("04 e6 00 3c")
        + b"\0\x0aheadroom-1" + b"\0\x13headroom/m-1/status" + b"\0\7offline"
        + b"\0\2me" + b"\0\3a\xffb"
    )  # fmt: skip
    client.wire.gone.clear()
    client.wire.coming += CONNACK
    client.run(2)
    assert bytes(client.wire.gone) == (
        bytes.fromhex("82 1b 00 01") + b"\0\x12headroom/m-1/set/#\0" + b"\0\1x\0"
    )


def test_what_is_published_leaves_whole_however_little_is_taken_at_once():
    client = Client().greeted()
    client.wire.room = 7
    assert client.mqtt.publish("a/b", "x" * 300, True)
    assert not client.mqtt.publish("a/b", "y"), "one at a time"
    client.run(100)
    assert bytes(client.wire.gone) == publish("a/b", b"x" * 300, 0x31)
    assert client.mqtt.publish("a/b", "y" * 5000), "taken, and passed over: it never fits"
    client.run(3)
    assert client.mqtt.passed_over == 1
    assert bytes(client.wire.gone) == publish("a/b", b"x" * 300, 0x31)


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_what_comes_is_heard_however_it_is_cut(piece):
    client = Client().greeted()
    client.wire.piece = piece
    client.wire.coming += (
        publish("t/1", b"one") + PINGRESP + publish("t/2", b"", 0x31) + publish("t/3", b"x" * 200)
        + publish("long", b"z" * 20_000) + publish("t/4", b"four")
    )  # fmt: skip
    client.run(30_000 // min(piece, 100))
    assert client.heard == [
        ("t/1", b"one", False), ("t/2", b"", True), ("t/3", b"x" * 200, False),
        ("t/4", b"four", False),
    ]  # fmt: skip
    assert client.mqtt.passed_over == 1


def test_a_flood_costs_a_turn_no_more_than_one_read_one_message_one_write():
    client = Client().greeted()
    wire = client.wire
    wire.coming += publish("headroom/m-1/set/limit/1", b"10") * 10_000
    for turn in range(600):
        wire.reads = wire.writes = 0
        heard = len(client.heard)
        client.mqtt.publish("a", "b")
        client.run()
        assert wire.reads <= 1
        assert wire.writes <= 1
        assert len(client.heard) - heard <= 1
        if turn % 10 == 0:
            assert client.mqtt.up, "and it stays connected"
    assert wire.most_read <= 256
    assert len(client.heard) == 600, "the rest waits at the broker"


def test_a_command_behind_a_megabyte_is_heard_within_half_a_minute():
    client = Client().greeted()
    client.wire.coming += publish("junk", bytes(1 << 20)) + publish("t/1", b"one")
    for _ in range(300):
        client.wire.reads = 0
        client.run()
        assert client.wire.reads <= 16
        assert client.wire.most_read <= 256
    assert client.heard == [("t/1", b"one", False)]


@pytest.mark.parametrize(
    ("code", "says"),
    [(1, "protocol"), (2, "client"), (3, "available"), (4, "wrong user name or password"),
     (5, "not allowed"), (99, "code 99")],
)  # fmt: skip
def test_a_refusal_is_named_and_tried_again_later(code, says):
    client = Client().run(3)
    client.wire.coming += bytes((0x20, 2, 0, code))
    client.run(2)
    assert says in client.mqtt.fault
    assert client.wire.closed
    assert not client.mqtt.up
    client.run(5)
    assert len(client.wires) == 1
    client.run(20)
    assert len(client.wires) == 2


@pytest.mark.parametrize(
    ("codes", "says"), [("80 00", "no commands"), ("00 80", ""), ("80 80", "no commands")]
)
def test_a_broker_that_lets_us_hear_no_commands_is_named(codes, says):
    client = Client().run(3)
    client.wire.coming += CONNACK + bytes.fromhex("90 04 00 01" + codes)
    client.run(3)
    assert client.mqtt.up
    assert bool(client.mqtt.fault) == bool(says)
    assert says in client.mqtt.fault


def test_tries_come_ever_less_often():
    client = Client()

    def refused():
        raise OSError(111)

    tries = []
    turn = [0]
    client.mqtt._connect = lambda: tries.append(turn[0]) or refused()
    for turn[0] in range(20_000):
        client.run()
    gaps = [b - a for a, b in itertools.pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[0] <= 11
    assert set(gaps[8:]) == {1280}
    assert client.mqtt.fault == "not reached"


def test_one_that_lets_us_in_and_out_again_is_not_hammered():
    client = Client()
    for _ in range(6000):  # ten minutes
        client.run()
        if client.wires and not client.wire.closed:
            client.wire.coming += CONNACK
            if client.mqtt.up:
                client.wire.error = OSError(104)
    assert len(client.wires) <= 12


@pytest.mark.parametrize("state", ["does not stand", "does not greet", "falls silent"])
def test_who_says_nothing_is_left(state):
    client = Client()
    if state == "falls silent":
        client.greeted()
        client.run(250)
        assert bytes(client.wire.gone) == PINGREQ, "asked once, after 20 s"
        client.wire.coming += PINGRESP
        client.run(450)
        assert client.mqtt.up, "an answer is a sign of life"
    else:
        client.run()
        client.wire.up = state != "does not stand"
    client.run(600)
    assert client.wires[0].closed
    assert client.mqtt.fault in ("not reached", "no greeting", "silent")


def test_half_a_connection_that_takes_nothing_is_left():
    client = Client().greeted()
    client.wire.room = 0
    client.mqtt.publish("a", "b")
    client.run(520)
    assert client.wires[0].closed


def test_nonsense_never_raises_and_a_turn_stays_short():
    chance = random.Random(3)
    for _ in range(400):
        client = Client()
        if chance.random() < 0.8:
            client.greeted()
        else:
            client.run(2)
        wire = client.wire
        if chance.random() < 0.5:
            wire.coming += chance.randbytes(chance.randint(1, 600))
        else:
            packet = bytearray(publish("t/ä", b"10") * 3)
            packet[chance.randrange(len(packet))] = chance.randrange(256)
            wire.coming += packet
        wire.piece = chance.choice((1, 5, 100))
        for _ in range(100):
            wire.reads = 0
            client.run()
            assert wire.reads <= 16
        for topic, payload, _ in client.heard:
            assert len(topic.encode()) + len(payload) < 256


def test_what_raises_while_a_message_is_heard_leaves_the_next_whole():
    client = Client().greeted()
    client.wire.coming += publish("t", b"1") + publish("t", b"2")

    def hear(topic, payload, retained):
        client.heard.append(payload)
        if payload == b"1":
            raise RuntimeError("a fault of ours")

    client.mqtt._hear = hear
    with pytest.raises(RuntimeError):
        client.run()
    client.run()
    assert client.heard == [b"1", b"2"]
