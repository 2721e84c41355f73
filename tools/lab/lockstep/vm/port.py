"""What headroom/ports/unix.py is in real time: the same board, joined to the world by world.py.

Its page is headroom/ports/__init__.py.
"""

from array import array

import world

from headroom.ports.unix import Line as PtyLine
from headroom.ports.unix import (  # noqa: F401
    data_folder,
    identity,
    reset,
    reset_cause,
    stay_reachable,
)

_RING_MS = 300


class Sampler:
    """The world's samples go into the ring in whole blocks; each has arrived when it is taken."""

    def __init__(self, board):
        self.channels = len(board.CHANNELS)
        self.rate_hz = board.RATE_HZ
        self.frames = board.RATE_HZ * _RING_MS // 1000
        self.samples = array("H", [0] * (self.frames * self.channels))
        self.lost_frames = 0
        self.jitter_us = 0
        self.spacing_ppm = 1_000_000 // self.channels
        self._ring = memoryview(self.samples)
        self._next = 0  # where the next sample goes
        self._first_us = 0  # when the first frame of the last block is taken
        self._block = 0  # how many frames it has
        self._told = 0  # how many of them advance() has told; what was before it is negative
        world.sampler = self

    def take(self, file, size, first_us):
        left = size // 2
        self._told -= self._block
        self._block = left // self.channels
        self._first_us = first_us
        while left:
            part = min(left, len(self._ring) - self._next)
            file.readinto(self._ring[self._next : self._next + part])
            self._next = (self._next + part) % len(self._ring)
            left -= part

    def advance(self):
        since_us = world.now_us - self._first_us
        there = min(self._block, since_us * self.rate_hz // 1_000_000)
        arrived = there - self._told
        self._told = there
        if arrived > self.frames:
            self.lost_frames += arrived - self.frames
        return arrived


class Line(PtyLine):
    """The RS-485 line; the world gives each byte its time on it."""

    def __init__(self, board, name="LINE"):
        self._channel = world.LINE if name == "LINE" else world.METER
        self._char_us = 0
        self._sending = False
        self._form = None

    def open(self, baud, parity, stop):
        super().open(baud, parity, stop)
        form = b"%d %d %s %d" % (self._channel, baud, parity, stop)
        if form != self._form:
            self._form = form
            world.send(world.FORM, form)

    def _start(self, frame):
        world.send(self._channel, frame)

    def read_into(self, buffer):
        return world.read(self._channel, buffer)


class Terminal:
    """The console; whoever is at the other end reads at once."""

    def __init__(self, board):
        pass

    def read_into(self, buffer):
        return world.read(world.CONSOLE, buffer)

    def write(self, buffer, count):
        world.send(world.CONSOLE, memoryview(buffer)[:count])
        return count


class Watchdog:
    """From here on the world resets whoever does not feed it in time."""

    def __init__(self, board):
        self.feed()

    def feed(self):
        world.send(world.FED, b"")
