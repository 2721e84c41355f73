"""A PC: samples come through a FIFO, the RS-485 line and the console are ptys.

HEADROOM_SAMPLES, HEADROOM_LINE, HEADROOM_CONSOLE and HEADROOM_DATA name them; HEADROOM_METER is a
second RS-485 line, HEADROOM_ID its identity. A PC has no
hardware watchdog: Watchdog only remembers that it was fed.
"""

import asyncio
import os
import select
import sys
import termios
import time
from array import array

_RING_MS = 300
_MOST_FRAMES = 256
_REBOOT_WANTED = 75
_VTIME = 5  # places in termios' control characters, on Linux
_VMIN = 6


class Sampler:
    """Reads interleaved little-endian uint16 counts from the FIFO HEADROOM_SAMPLES.

    The writer writes whole frames. They are read one by one, for MicroPython's readinto waits
    until it has all that it was asked for.
    """

    def __init__(self, board):
        self.channels = len(board.CHANNELS)
        self.rate_hz = board.RATE_HZ
        self.frames = board.RATE_HZ * _RING_MS // 1000
        self.samples = array("H", [0] * (self.frames * self.channels))
        self.spacing_ppm = 1_000_000 // self.channels
        self.lost_frames = 0
        self.jitter_us = 0
        self._frame = array("H", [0] * self.channels)
        self._next = 0
        self._file = open(_path("HEADROOM_SAMPLES"), "rb")
        self._poll = _poller(self._file, select.POLLIN)

    def advance(self):
        arrived = 0
        while arrived < _MOST_FRAMES and _ready(self._poll, select.POLLIN):
            if self._file.readinto(self._frame) != 2 * self.channels:
                break  # the writer has gone
            for c in range(self.channels):
                self.samples[self._next + c] = self._frame[c]
            self._next = (self._next + self.channels) % len(self.samples)
            arrived += 1
        return arrived


class Line:
    """The pty HEADROOM_LINE, or HEADROOM_METER for the METER_LINE.

    The baud rate is kept by waiting: a pty takes bytes at once.
    """

    def __init__(self, board, name="LINE"):
        path = _path("HEADROOM_LINE" if name == "LINE" else "HEADROOM_METER")
        self._file = open(path, "r+b", buffering=0)
        _raw(self._file)
        self._poll = _poller(self._file, select.POLLIN)
        self._char_us = 0
        self._sending = False

    def open(self, baud, parity, stop):
        bits = 9 + stop + (parity != "N")
        self._char_us = bits * 1_000_000 // baud

    async def send(self, frame):
        self._sending = True
        self._start(frame)
        await asyncio.sleep_ms(len(frame) * self._char_us // 1000 + 1)
        self._sending = False

    def sending(self):
        return self._sending

    def send_now(self, frame):
        self._start(frame)
        time.sleep_us(len(frame) * self._char_us)

    def _start(self, frame):
        self._file.write(frame)

    def read_into(self, buffer):
        if not _ready(self._poll, select.POLLIN):
            return 0
        return self._file.readinto(buffer) or 0


class Terminal:
    """The pty HEADROOM_CONSOLE, or standard input and output."""

    def __init__(self, board):
        path = os.getenv("HEADROOM_CONSOLE")
        if path:
            self._in = self._out = open(path, "r+b", buffering=0)
            _raw(self._in)
        else:
            self._in, self._out = sys.stdin.buffer, sys.stdout.buffer
        self._readable = _poller(self._in, select.POLLIN)
        self._writable = _poller(self._out, select.POLLOUT)

    def read_into(self, buffer):
        if not _ready(self._readable, select.POLLIN):
            return 0
        return self._in.readinto(buffer) or 0

    def write(self, buffer, count):
        if not _ready(self._writable, select.POLLOUT):
            return 0
        return self._out.write(memoryview(buffer)[:count]) or 0


class Watchdog:
    """No hardware stands behind it; `fed` counts."""

    def __init__(self, board):
        self.fed = 0

    def feed(self):
        self.fed += 1


def reset():
    """End with the exit status that asks the launcher to start us again."""
    sys.exit(_REBOOT_WANTED)


def reset_cause():
    return "start"


def identity():
    return os.getenv("HEADROOM_ID") or "000000000000"


def data_folder(board):
    return os.getenv("HEADROOM_DATA") or "."


def stay_reachable(board):
    """Nothing to do: no watchdog runs here."""


def _path(variable):
    path = os.getenv(variable)
    if not path:
        print("headroom: set %s (see firmware/headroom/ports/unix.py)" % variable)
        sys.exit(2)
    return path


def _poller(file, events):
    poll = select.poll()
    poll.register(file, events)
    return poll


def _ready(poll, event):
    for _, events in poll.ipoll(0):
        return bool(events & event)
    return False


def _raw(file):
    """No line processing, and reads that return what there is."""
    attributes = termios.tcgetattr(file.fileno())
    attributes[0] = attributes[1] = attributes[3] = 0  # input, output, local flags
    attributes[6][_VMIN] = attributes[6][_VTIME] = 0
    termios.tcsetattr(file.fileno(), termios.TCSANOW, attributes)
