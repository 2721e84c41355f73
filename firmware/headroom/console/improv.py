"""Improv: Wi-Fi set up over the console's line by tools that know it, in frames among the text.

    IMPROV 1 type length data ... checksum      the sum of all bytes before it, its low byte

A line that begins so is no command. A frame is answered by frames, each on a line of its own.
In memory once one has come, on a board with a radio.
Source: www.improv-wifi.com/serial and improv-wifi/sdk-serial-js, src/serial.ts.
"""

import time

from micropython import const

_HEAD = b"IMPROV\1"
_STATE, _ERROR, _RPC, _RESULT = const(1), const(2), const(3), const(4)
_READY, _PROVISIONING, _PROVISIONED = const(2), const(3), const(4)
_WIFI, _ASK_STATE, _INFO, _SCAN = const(1), const(2), const(3), const(4)
INVALID, UNKNOWN, NOT_JOINED, FAILED = const(1), const(2), const(3), const(0xFF)
_PATIENCE_MS = const(1000)


class Improv:
    """put    sends bytes as they are: a function
    radio  what the frames are about, see app/provisioning.py
    """

    def __init__(self, put, radio):
        self._put = put
        self._radio = radio
        self._frame = bytearray()
        self._at_ms = 0

    def begin(self):
        """A line begins as a frame does."""
        self._frame = bytearray(_HEAD)
        self._at_ms = time.ticks_ms()

    def take(self, byte):
        """True once the frame is whole, False while not; None if this byte is none of it."""
        now_ms = time.ticks_ms()
        if time.ticks_diff(now_ms, self._at_ms) > _PATIENCE_MS:
            return None
        self._at_ms = now_ms
        self._frame.append(byte)
        return len(self._frame) > 9 and len(self._frame) == 10 + self._frame[8]

    def answer(self):
        """A job for the shell: what the frame asks for."""
        frame = self._frame
        data = frame[9:-1]
        whole = frame[-1] == sum(frame[:-1]) & 255 and frame[7] == _RPC
        if not whole or len(data) < 2 or data[1] != len(data) - 2:
            self._send(_ERROR, INVALID)
        elif data[0] == _WIFI:
            yield from self._join(data[2:])
        elif data[0] == _ASK_STATE:
            self._tell_state()
        elif data[0] == _INFO:
            self._result(_INFO, self._radio.about())
        elif data[0] == _SCAN:
            self._result(_SCAN, ())  # none: to look for networks would hold the meter up
        else:
            self._send(_ERROR, UNKNOWN)

    def _join(self, data):
        """Name and password, each with its length before it: tried, and kept if it works."""
        count = data[0] if data else 0
        rest = data[1 + count :]
        if not rest or not count or len(rest) != 1 + rest[0]:
            self._send(_ERROR, INVALID)
            return
        self._send(_STATE, _PROVISIONING)
        ssid, password = bytes(data[1 : 1 + count]), bytes(rest[1:])
        error = yield from self._radio.joining(ssid, password)
        if error:
            self._send(_ERROR, error)
            self._send(_STATE, _READY)
            return
        self._send(_STATE, _PROVISIONED)
        self._result(_WIFI, ("",))
        yield from self._radio.keeping(ssid, password)

    def _tell_state(self):
        there = self._radio.provisioned()
        self._send(_STATE, _PROVISIONED if there else _READY)
        if there:
            self._result(_ASK_STATE, ("",))

    def _result(self, command, texts):
        parts = b"".join(bytes((len(text),)) + text.encode() for text in texts)
        self._send(_RESULT, command, len(parts), parts)

    def _send(self, kind, *data):
        body = b"".join(bytes((part,)) if isinstance(part, int) else part for part in data)
        frame = _HEAD + bytes((kind, len(body))) + body
        self._put(b"\r\n" + frame + bytes((sum(frame) & 255,)) + b"\n")
