"""Finds the reply in what came over the line, whatever else came with it, and counts what did.

A reply is taken only whole: right unit, right function, the length that the request implies, right
CRC. Anything before it is noise, or our own bytes if the transceiver echoes them. Each byte is
looked at once, and few enough are put through the CRC: babble must not hold the loop.
"""

from micropython import const
from umodbus import const as modbus

_BUFFER = const(260)
_MOST_CHECKED = const(520)  # bytes put through the CRC for one reply: two of the longest
_REFUSAL = const(3)  # bytes before its CRC
_NOT_HERE = const(-1)
_SAME = (5, 6)  # functions that are answered by the request itself
_LATE_REFUSAL = const(0x08)  # some firmware sets this bit of the function instead of bit 7

# What was survived, or what a failed exchange died of. Counted per kind.
ECHO = "echo of our own bytes"
NOISE = "noise, or a late reply"
CRC = "damaged"
UNIT = "another unit's reply"
FUNCTION = "reply to another request"
SHORT = "cut short"
LONG = "too long"
KINDS = (ECHO, NOISE, CRC, UNIT, FUNCTION, SHORT, LONG)


class Receiver:
    """Collects one reply at a time; `counts` by kind over its whole life."""

    def __init__(self):
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self._got = 0
        self._at = 0  # where a reply could begin at the earliest
        self._checked = 0
        self._early = 0  # bytes that were there when the exchange began, not looked at yet
        self._tail = b""
        self._request = b""
        self._echoes = True  # until a read shows that the line doesn't
        self._echoes_late = False  # as of the last read, but for those that came in time
        self._echoed = False  # in this exchange it did
        self.counts = dict.fromkeys(KINDS, 0)
        self.refusal = 0

    def discard(self, line):
        """A request is about to go: what has come until now is a late reply, or noise."""
        if line.read_into(self._buffer):
            self.counts[NOISE] += 1

    def begin(self, line, request):
        """The last bit of `request` has gone, longer ago if another task held the loop: what has
        come since is our echo, or the reply's beginning."""
        count = line.read_into(self._buffer)
        self._got = self._at = self._checked = self._early = 0
        self._tail = b""
        self._request = bytes(request)
        self._echoed = False
        alike = count > 1 and self._buffer[:count] == request[:count]
        if alike and (self._echoes or request[1] not in _SAME):
            self.counts[ECHO] += 1
            self._echoed = True
            self._tail = bytes(request[count:])
        else:
            self._got = self._early = count

    def take(self, line):
        """Store what has arrived; how many bytes. None are taken once the buffer is full."""
        count = line.read_into(self._view[self._got :])
        self._got += count
        if self._tail and self._got >= len(self._tail):
            if self._buffer[: len(self._tail)] == self._tail:
                self._drop(len(self._tail))
            self._tail = b""
        count += self._early
        self._early = 0
        return count

    def got(self):
        return self._got

    def full(self):
        return self._got == _BUFFER

    def find(self, unit, function, length):
        """The reply of `length` bytes without its CRC, None if it isn't there (yet).

        A refusal gives an empty reply, and its code in `refusal`.
        """
        buffer = self._buffer
        while self._at + _REFUSAL + 2 <= self._got:
            if buffer[self._at] == unit:
                outcome = self._look(self._at, unit, function, length)
                if self._is_echo(outcome, function):
                    self._drop_echo(self._at)
                    continue
                if outcome != _NOT_HERE:
                    if outcome is not None:
                        self._remark(self._at, length if outcome else _REFUSAL, function)
                    return outcome
            self._at += 1
        return None

    def _look(self, at, unit, function, length):
        """What a reply that begins at `at` gives; None if more of it must come first."""
        buffer = self._buffer
        code = buffer[at + 1]
        if code == function | modbus.ERROR_BIAS or code == function | _LATE_REFUSAL:
            if self._intact(at, _REFUSAL):
                self.refusal = buffer[at + 2]
                return b""
        if code != function or (function <= 4 and buffer[at + 2] != length - 3):
            return _NOT_HERE
        if at + length + 2 > self._got:
            return None
        if not self._intact(at, length):
            return _NOT_HERE
        return bytes(self._view[at : at + length])

    def give_up(self, function):
        """The wait is over; how many bytes came that are not our own."""
        at = bytes(self._view[: self._got]).find(self._request)
        if at >= 0:
            self._drop_echo(at)
            self._echoes_late = self._echoes_late or function not in _SAME
        return self._got

    def _is_echo(self, reply, function):
        """Of two that are alike the first is ours, however late, if the line echoes."""
        late = self._echoes_late and not self._echoed
        return late and function in _SAME and reply == self._request[:-2]

    def _drop_echo(self, at):
        self.counts[ECHO] += 1
        self._echoed = True
        self._drop(at + len(self._request))

    def blame(self, unit, function, length):
        """Why what came is no reply; counted. Call once when the wait is over."""
        kind = self._why(unit, function, length)
        self.counts[kind] += 1
        return kind

    def _why(self, unit, function, length):
        got, buffer = self._got, self._buffer
        self._checked = 0
        if got >= 5 and self._intact(0, got - 2):  # a whole frame, but not ours
            if buffer[0] != unit:
                return UNIT
            return FUNCTION if buffer[1] != function else LONG if got > length + 2 else SHORT
        if got < length + 2:
            return SHORT
        return LONG if got > length + 2 else CRC

    def _remark(self, at, length, function):
        """Count what came besides the reply."""
        late_echo = bytes(self._view[:at]).find(self._request) >= 0
        if at:
            self.counts[ECHO if late_echo else NOISE] += 1
        if self._got > at + length + 2:
            self.counts[LONG] += 1
        if function not in _SAME:
            self._echoes_late = late_echo
            self._echoes = late_echo or self._echoed

    def _intact(self, at, length):
        end = at + length
        self._checked += length
        if end + 2 > self._got or self._checked > _MOST_CHECKED:
            return False
        return crc16(self._view[at:end]) == self._buffer[end] | self._buffer[end + 1] << 8

    def _drop(self, count):
        self._buffer[: self._got - count] = self._buffer[count : self._got]
        self._got -= count
        self._at = 0


def crc16(data):
    """Modbus's CRC; its low byte goes first on the wire."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ modbus.CRC16_TABLE[(crc ^ byte) & 0xFF]
    return crc
