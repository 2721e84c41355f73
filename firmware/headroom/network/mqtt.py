"""MQTT 3.1.1 in small turns: one connection, QoS 0, a last will; whatever comes, a turn is short.

A turn reads once, takes one message at most and writes once, so however fast messages come they
wait at the broker. What does not fit the buffer is passed over, 4 kB in a turn. A broker that is
silent, half gone or refuses is left, and tried again after a wait that doubles.
"""

from micropython import const

_MOST_IN = const(256)  # bytes of a message that is taken
_MOST_OUT = const(1152)
_READS = const(16)  # in a turn, of what is passed over
_PATIENCE_MS = const(10_000)  # until it stands, and until the broker has greeted
_KEEPALIVE_S = const(60)
_PING_MS = const(20_000)  # silence after which the broker is asked
_SILENT_MS = const(50_000)  # silence after which it is gone
_FIRST_WAIT_MS = const(1000)
_LONGEST_WAIT_MS = const(128_000)
_PROVEN_MS = const(60_000)  # up for so long: the wait begins anew

_CONNECT, _CONNACK, _PUBLISH = const(0x10), const(0x20), const(0x30)
_SUBSCRIBE, _SUBACK, _PINGREQ, _PINGRESP = const(0x82), const(0x90), const(0xC0), const(0xD0)
_REFUSALS = (
    "", "protocol not known", "client not wanted", "not available", "wrong user name or password",
    "not allowed",
)  # fmt: skip


class Lost(Exception):
    """The connection is of no use any more; the text says why."""


class Mqtt:
    """connect  gives a Connection, see sockets.py: a function
    login     (user, password): bytes, None without
    will      (topic, payload) that the broker says for us once we are gone
    topics    what is listened to
    hear      a function of (topic, payload as bytes, retained)

    up       greeted by the broker; `joined` counts how often
    fault    why not, "" while there is no reason
    passed_over  messages that did not fit
    """

    def __init__(self, connect, client, login, will, topics, hear):
        self._connect, self._client, self._login = connect, client, login
        self._will, self._topics, self._hear = will, topics, hear
        self.up = False
        self.joined = self.passed_over = 0
        self.fault = ""
        self._connection = None
        self._in, self._out = bytearray(_MOST_IN), bytearray(_MOST_OUT)
        self._in_view, self._out_view = memoryview(self._in), memoryview(self._out)
        self._wait_ms = 0
        self._next_wait_ms = _FIRST_WAIT_MS
        self._forget()

    def _forget(self):
        self._stands = self.up = False
        self._had = self._skip = 0  # bytes of a message; of one that is passed over
        self._sent = self._filled = 0
        self._ms = self._quiet_ms = self._asked_ms = 0

    def turn(self, elapsed_ms):
        """A little work; nothing is raised that a connection may be."""
        try:
            if not self._connection:
                self._wait_ms -= elapsed_ms
                if self._wait_ms <= 0:
                    self._connection = self._connect()
                return
            self._ms += elapsed_ms
            self._quiet_ms += elapsed_ms
            self._asked_ms += elapsed_ms
            if not self._stands:
                self._stand()
            else:
                self._receive()
                self._keep_alive()
                self._send()
        except Lost as lost:
            self.leave(str(lost))
        except OSError as error:
            self.leave("not reached" if not self._stands else "connection lost (%s)" % error)

    def leave(self, why):
        """Close, and try again later."""
        if self._connection:
            self._connection.close()
            self._connection = None
        if self._ms >= _PROVEN_MS:
            self._next_wait_ms = _FIRST_WAIT_MS
        self._forget()
        self.fault = why
        self._wait_ms = self._next_wait_ms
        self._next_wait_ms = min(2 * self._wait_ms, _LONGEST_WAIT_MS)

    def publish(self, topic, payload, retain=False):
        """Take a message; False while another one is on its way, or if it is too long."""
        if not self.up or self._filled:
            return False
        topic, payload = topic.encode(), payload.encode()
        return self._fill(_PUBLISH | retain, (topic,), payload)

    def _stand(self):
        if self._connection.stands():
            self._stands = True
            self._greet()
        elif self._ms > _PATIENCE_MS:
            raise Lost("not reached")

    def _greet(self):
        user, password = self._login
        flags = 0x26  # a clean session, a will that is retained
        parts = [self._client.encode(), self._will[0].encode(), self._will[1].encode()]
        for value, flag in ((user, 0x80), (password, 0x40)):
            if value is not None:
                flags |= flag
                parts.append(value)
        about = bytes((0, 4, 0x4D, 0x51, 0x54, 0x54, 4, flags, 0, _KEEPALIVE_S))
        self._fill(_CONNECT, parts, b"", about)

    def _fill(self, head, texts, rest, about=b""):
        """A packet: what goes before, texts with their lengths, what follows; True if it fits."""
        length = len(about) + len(rest)
        for text in texts:
            length += 2 + len(text)
        if length > _MOST_OUT - 3:
            self.passed_over += 1
            return True
        at = self._put(0, bytes((head,)))
        if length < 128:
            at = self._put(at, bytes((length,)))
        else:
            at = self._put(at, bytes((length & 127 | 128, length >> 7)))
        at = self._put(at, about)
        for text in texts:
            at = self._put(at, bytes((len(text) >> 8, len(text) & 255)))
            at = self._put(at, text)
        self._filled = self._put(at, rest)
        return True

    def _put(self, at, data):
        self._out[at : at + len(data)] = data
        return at + len(data)

    def _send(self):
        if self._filled:
            self._sent += self._connection.write(self._out_view[self._sent : self._filled])
            if self._sent == self._filled:
                self._sent = self._filled = 0

    def _keep_alive(self):
        if not self.up:
            if self._ms > 2 * _PATIENCE_MS:
                raise Lost("no greeting")
        elif self._quiet_ms > _SILENT_MS:
            raise Lost("silent")
        elif min(self._quiet_ms, self._asked_ms) > _PING_MS and not self._filled:
            self._asked_ms = 0
            self._fill(_PINGREQ, (), b"")

    def _receive(self):
        if self._skip:
            count = self._pass_over()
        else:
            count = 0
            if self._had < _MOST_IN:
                count = self._connection.read_into(self._in_view[self._had :])
            self._had += count
            self._take()
        if count:
            self._quiet_ms = 0

    def _pass_over(self):
        """What does not fit; how many bytes. Some 40 kB a second, so that a turn stays short."""
        before = self._skip
        for _ in range(_READS):
            count = self._connection.read_into(self._in_view[: min(self._skip, _MOST_IN)])
            self._skip -= count
            if not (count and self._skip):
                break
        return before - self._skip

    def _take(self):
        """The first message of the buffer, if it is there."""
        length = shift = 0
        at = 1
        while True:
            if at >= self._had:
                return
            byte = self._in[at]
            length |= (byte & 127) << shift
            at += 1
            if byte < 128:
                break
            shift += 7
            if shift > 21:
                raise Lost("speaks no MQTT")
        end = at + length
        if end > _MOST_IN:
            self._skip = end - self._had
            self._had = 0
            self.passed_over += 1
        elif end <= self._had:
            try:
                self._understand(self._in[0], at, end)
            finally:
                self._in[: self._had - end] = self._in[end : self._had]
                self._had -= end

    def _understand(self, head, at, end):
        if not self.up:
            if head != _CONNACK or end - at != 2 or self._filled:
                raise Lost("speaks no MQTT")
            code = self._in[at + 1]
            if code:
                known = code < len(_REFUSALS)
                raise Lost("refuses: %s" % (_REFUSALS[code] if known else "code %d" % code))
            self.up = True
            self.joined += 1
            self.fault = ""
            texts = [topic.encode() for topic in self._topics]
            self._subscribe(texts)
        elif head & 0xF0 == _PUBLISH:
            self._publication(head, at, end)
        elif head == _SUBACK:
            if self._in[at + 2] & 0x80:  # of the first topic: the commands
                self.fault = "lets us listen to no commands"
        elif head != _PINGRESP:
            raise Lost("speaks no MQTT")

    def _subscribe(self, texts):
        parts = [b"\0\1"]
        for text in texts:
            parts.append(bytes((len(text) >> 8, len(text) & 255)) + text + b"\0")
        self._fill(_SUBSCRIBE, (), b"".join(parts))

    def _publication(self, head, at, end):
        """A message for us. We have asked for QoS 0."""
        if head & 6 or end - at < 2:
            raise Lost("speaks no MQTT")
        begin = at + 2 + (self._in[at] << 8 | self._in[at + 1])
        if begin > end:
            raise Lost("speaks no MQTT")
        try:
            topic = bytes(self._in[at + 2 : begin]).decode()
        except ValueError:  # no text: UnicodeError is one
            return
        self._hear(topic, bytes(self._in[begin:end]), bool(head & 1))
