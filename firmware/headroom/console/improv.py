"""Improv: Wi-Fi set up over the console's line by tools that know it, in frames among the text.

    IMPROV 1 type length data ... checksum      the sum of all bytes before it, its low byte

A frame is sifted out of what is typed, wherever it begins, for one byte of it as a key is Ctrl-C.
It is answered by frames, each on a line of its own. In memory only on a board with a radio.
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
_CUT = const(21)  # Ctrl-U: what was typed of a line, the begin of the frame in it, is no command


class Improv:
    """What is typed at the board's terminal (ports/__init__.py), without the frames.

    radio  what the frames are about (app/provisioning.py): a function that gives it
    """

    def __init__(self, terminal, radio):
        self._terminal = terminal
        self._give_radio = radio
        self._radio = None  # once a frame has come
        self._matched = 0  # how much of the begin of a frame has come
        self._frame = None  # what has come of one
        self._at_ms = 0
        self._swallow = False  # the line end after a frame
        self._out = b""
        self._job = None

    def read_into(self, buffer):
        """How many bytes were typed that are no frame."""
        if self._out:  # nobody else speaks meanwhile, for nothing that was typed is answered
            self._out = self._out[self._terminal.write(self._out, len(self._out)) :]
            return 0
        if self._job:
            self._step()
        kept = 0
        for i in range(self._terminal.read_into(buffer)):
            byte = self._sift(buffer[i])
            if byte is not None:
                buffer[kept] = byte
                kept += 1
        return kept

    def _sift(self, byte):
        """What the console is to know of a byte, None for nothing."""
        if byte != _HEAD[self._matched]:
            self._matched = 0
        if byte == _HEAD[self._matched]:
            self._matched += 1
            if self._matched == len(_HEAD):
                self._matched = 0
                self._frame, self._at_ms = bytearray(_HEAD), time.ticks_ms()
                return _CUT  # also behind a piece of another, which is over
        if self._frame is not None:
            now_ms = time.ticks_ms()
            if 0 <= time.ticks_diff(now_ms, self._at_ms) <= _PATIENCE_MS:
                self._at_ms = now_ms
                self._frame.append(byte)
                if len(self._frame) > 9 and len(self._frame) == 10 + self._frame[8]:
                    self._take(self._frame)
                    self._frame = None
                    self._swallow = True
                return None
            self._frame = None  # it has stopped in its midst: this byte is typed
        if byte == 10 and self._swallow:
            self._swallow = False
            return None
        self._swallow = False
        return byte

    def _take(self, frame):
        """Begin with what it asks for, mostly that is all; a network is tried to the end."""
        if self._job:
            self._send(_STATE, _PROVISIONING)
            return
        self._job = self._answer(frame)
        self._step()

    def _step(self):
        """A little of what a frame asks for. Nothing is raised: the console goes on."""
        try:
            next(self._job)
        except StopIteration:
            self._job = None
        except Exception:  # noqa: BLE001
            self._job = None
            self._send(_ERROR, FAILED)

    def _answer(self, frame):
        """Generates steps of what it asks for."""
        self._radio = self._radio or self._give_radio()
        data = frame[9:-1]
        whole = frame[-1] == sum(frame[:-1]) & 255 and frame[7] == _RPC
        if not whole or len(data) < 2 or data[1] != len(data) - 2:
            self._send(_ERROR, INVALID)
        elif data[0] == _WIFI:
            yield from self._join(data[2:])
        elif data[0] == _ASK_STATE:
            there = self._radio.provisioned()
            self._send(_STATE, _PROVISIONED if there else _READY)
            if there:
                self._result(_ASK_STATE, ("",))
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
        yield  # told before it restarts
        yield from self._radio.keeping()

    def _result(self, command, texts):
        parts = b"".join(bytes((len(text),)) + text.encode() for text in texts)
        self._send(_RESULT, command, len(parts), parts)

    def _send(self, kind, *data):
        body = b"".join(bytes((part,)) if isinstance(part, int) else part for part in data)
        frame = _HEAD + bytes((kind, len(body))) + body
        self._out += b"\r\n" + frame + bytes((sum(frame) & 255,)) + b"\n"
