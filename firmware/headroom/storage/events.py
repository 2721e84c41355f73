"""The log of what happened: in flash, bounded, and whole after a power failure at any byte.

Two files take turns: records are appended to one until it has 8 kB, then the other is begun anew,
so between 8 and 16 kB are kept, 100 to 200 events. Each line has a CRC-32, a running number, the
number of the start (boot), the seconds since then, and the text. A line that was cut off fails its
CRC and is passed over; one that lacks but its end is whole, and the next begins a new line.

Wear: what happens waits in memory for up to a minute (a power failure loses that much), then is
written at once. Each such append costs the file system one erased block of 4 kB; a Pico's has
some 340 of them, good for 100,000 times each, used in turn: even an event every minute, day and
night, would take 60 years.
"""

import binascii
import os

from micropython import const

_FILE_SIZE = const(8192)
_WAIT_MS = const(60_000)
_MOST_WAITING = const(16)
_LONGEST = const(160)


class Events:
    """Reads what is in `folder` at the start, then appends to it. `name`: of its two files.

    number  of the newest event
    boot    counts the starts
    last    text of the newest event before this start, "" if there is none
    """

    def __init__(self, folder, name="events"):
        self._paths = (folder + "/" + name + ".0", folder + "/" + name + ".1")
        self._current = 0
        self.number = 0
        self._cut_off = [False, False]  # perhaps a power failure left a line without its end
        self._waiting = []
        self._unwritten_ms = 0
        self._uptime_ms = 0
        self.lost = 0
        self.boot = 1
        self.last = ""
        for i in range(2):
            self._scan(i)

    def _scan(self, i):
        """Find the newest record; file `i` is the current one if it has that."""
        for record in _records(self._paths[i]):
            self._cut_off[i] = True
            if record and record[0] > self.number:
                self.number, boot, _, self.last = record
                self.boot = boot + 1
                self._current = i

    def note(self, text):
        """Something happened; `text` says what, in plain words, on one line."""
        if len(self._waiting) == _MOST_WAITING:
            self.lost += 1
            return
        self.number += 1
        text = "%d %d %d %s" % (self.number, self.boot, self._uptime_ms // 1000, text[:_LONGEST])
        self._waiting.append("%08x %s\n" % (_crc(text.encode()), text))

    def pass_time(self, elapsed_ms):
        self._uptime_ms += elapsed_ms
        self._unwritten_ms += elapsed_ms

    def due(self):
        """Time to call `write`? Its caller knows when the flash may be written."""
        return self._unwritten_ms >= _WAIT_MS

    def write(self):
        """Append what waits to the file. A full or broken flash loses events, nothing else."""
        self._unwritten_ms = 0
        if not self._waiting:
            return
        mode = "ab"
        if _size(self._paths[self._current]) >= _FILE_SIZE:
            self._current = 1 - self._current
            self._cut_off[self._current] = False
            mode = "wb"
        cut_off = False
        try:
            with open(self._paths[self._current], mode) as file:
                file.write(("\n" * self._cut_off[self._current] + "".join(self._waiting)).encode())
        except OSError:
            self.lost += len(self._waiting)
            cut_off = True  # as much as there was room for is there, perhaps
        self._cut_off[self._current] = cut_off
        self._waiting = []

    def read(self):
        """Every event, oldest first, as (number, boot, seconds since that start, text).

        A line that isn't whole gives None. `lost` counts what never reached the flash.
        """
        for i in (1 - self._current, self._current):
            yield from _records(self._paths[i])
        for line in self._waiting:
            yield _parse(line.encode())


def _records(path):
    """The records of a file as far as it can be read: a meter must start without its log too."""
    try:
        with open(path, "rb") as file:
            line = file.readline()
            while line:
                if line != b"\n":
                    yield _parse(line)
                line = file.readline()
    except OSError:
        pass


def _parse(line):
    """(number, boot, seconds, text) of a line, or None if it isn't whole."""
    if len(line) < 10:
        return None
    body = line[9:-1] if line[-1:] == b"\n" else line[9:]
    if line[:9] != b"%08x " % _crc(body):
        return None
    number, boot, seconds, text = body.decode().split(" ", 3)
    return int(number), int(boot), int(seconds), text


def _crc(data):
    return binascii.crc32(data) & 0xFFFFFFFF


def _size(path):
    try:
        return os.stat(path)[6]
    except OSError:
        return 0
