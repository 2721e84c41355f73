"""A network that does everything wrong, in place of headroom/network/sockets.py.

HEADROOM_NETWORK is "lies SEED", "commands SEED" or "away". Each connection is of another kind, for
some seconds; with "commands" it sends what may be sent as well, most of it right; one that is away
refuses each. Its own chance makes it the same each time, and each kind is printed. For the first
half a minute it is well, so that a meter is set up alike.
"""

import uos
import world

_BASE = b"headroom/meter-000000/set/"
_COMMANDS = "commands"
_kind, _, _seed = uos.getenv("HEADROOM_NETWORK").partition(" ")
_chance = int(_seed or 1) * 2654435761 & 0xFFFFFFFF
_CALM_US = 30_000_000
_CONNACK = b"\x20\x02\x00\x00"


def _draw(count):
    """Less than `count`, by Marsaglia's xorshift of 32 bits."""
    global _chance
    _chance ^= _chance << 13 & 0xFFFFFFFF
    _chance ^= _chance >> 17
    _chance ^= _chance << 5 & 0xFFFFFFFF
    return _chance % count


def _publish(topic, payload, head=0x30):
    length = 2 + len(topic) + len(payload)
    packet = bytearray((head,))
    while True:
        packet.append(length & 127 | 128 * (length > 127))
        length >>= 7
        if not length:
            break
    return bytes(packet) + bytes((len(topic) >> 8, len(topic) & 255)) + topic + payload


_TOPICS = (
    b"limit/1", b"limit/2", b"pause/1", b"mode/1", b"price", b"grid", b"time", b"breaker_a",
    b"save", b"set", b"limit/99", b"",
)  # fmt: skip
_NONSENSE = (
    b"", b"none of it", b"\xff\xfe", b"9" * 200, b"10; save", b"1e9", b"-1", b"0 0", b"nan",
    b"breaker_a 400", b"on\r\nsave",
)  # fmt: skip
_RIGHT = (
    (b"limit/1", b"%d"), (b"limit/2", b"%d 1"), (b"pause/1", b"on 1"), (b"pause/2", b"off"),
    (b"mode/1", b"off"), (b"mode/1", b"fast"), (b"limit/1", b"none"), (b"limit/2", b"80"),
)  # fmt: skip


def _lie():
    """A message that nobody may follow."""
    kind = _draw(6)
    if kind == 0:  # retained, and right
        return _publish(_BASE + b"limit/1", b"6", 0x31)
    if kind == 1:
        return _publish(b"x" * _draw(90), b"y" * _draw(3000))
    if kind == 2:
        return _publish(b"homeassistant/status", b"online")
    return _publish(_BASE + _TOPICS[3 + _draw(9)], _NONSENSE[_draw(11)])


def _command():
    topic, payload = _RIGHT[_draw(8)]
    return _publish(_BASE + topic, payload % _draw(40) if b"%" in payload else payload)


# What a connection is: those of the second row one after the other while it lasts.
_DEAD = ("refused", "never stands", "says nothing", "talks nonsense", "refuses us", "half open",
         "lets go at once", "raises")  # fmt: skip
_ALIVE = ("floods", "floods with great ones", "falls apart", "is well")


class Connection:
    def __init__(self, host, port):
        self._coming = bytearray()
        self._greeted = False
        self._end_us = world.now_us + (20 + _draw(70)) * 1_000_000
        self._next_us = self._end_us
        self._greets_us = world.now_us + 3_000_000  # it has read all of our greeting by then
        if world.now_us < _CALM_US:
            self._is("quiet")
            self._end_us = _CALM_US
        elif _kind == "away":
            self._is("refused")
        elif _draw(2):
            self._is(_DEAD[_draw(len(_DEAD))])
        else:
            self._next_us = world.now_us + 8_000_000
            self._is("is well")
        if self._kind == "refused":
            raise OSError(111)

    def _is(self, kind):
        self._kind = kind
        print("network: %s" % kind)

    def stands(self):
        return self._kind != "never stands"

    def read_into(self, buffer):
        self._fill()
        count = min(len(buffer), len(self._coming))
        buffer[:count] = self._coming[:count]
        self._coming = self._coming[count:]
        return count

    def _fill(self):
        if world.now_us > self._end_us or self._kind == "lets go at once":
            raise OSError(104)
        if world.now_us > self._next_us:
            self._next_us = world.now_us + (2 + _draw(8)) * 1_000_000
            self._is(_ALIVE[_draw(len(_ALIVE))])
        kind = self._kind
        if kind == "says nothing" or len(self._coming) > 256:
            return
        if kind == "talks nonsense":
            self._coming.extend(bytes(_draw(256) for _ in range(300)))
        elif not self._greeted:
            self._greet(1 + _draw(6) if kind == "refuses us" else 0)
        else:
            self._speak(kind)

    def _greet(self, code):
        if world.now_us >= self._greets_us:
            self._greeted = True
            self._coming.extend(_CONNACK[:3] + bytes((code,)))

    def _speak(self, kind):
        if kind == "raises" and not _draw(20):
            raise (KeyError, MemoryError, ValueError)[_draw(3)]
        elif kind == "falls apart" and not _draw(100):
            self._coming.extend(bytes((0x30 | _draw(16), _draw(256), _draw(256), _draw(256))))
        elif kind == "floods":
            self._coming.extend(_lie() * 3)
        elif kind == "floods with great ones":
            self._coming.extend(_publish(b"x", b"y" * 20_000))
        elif kind not in ("half open", "quiet") and not _draw(10):
            self._coming.extend(_lie())
        if _kind == _COMMANDS and kind in _ALIVE and not _draw(30):
            self._coming.extend(_command())

    def write(self, buffer):
        return (
            0 if self._kind == "half open" and self._greeted else min(len(buffer), 1 + _draw(300))
        )

    def close(self):
        pass


def install():
    """Before anybody takes it from there."""
    from headroom.network import sockets

    sockets.Connection = Connection
