"""A firmware's files, all in one: littlefs gives each file of its own 4 kB of the flash.

boot.py mounts it; tools/meter/pack.py has the format. Beside boot.py, for it must be there first.
"""

import binascii
import io
import os
import struct

from micropython import const

CLOSE, BUFFER_SIZE = const(4), const(11)  # requests of MicroPython's py/stream.h


class Pack:
    """A file system of MicroPython's kind, to be read only. OSError if there is no such file."""

    def __init__(self, path):
        os.stat(path)
        self._path = path

    def mount(self, readonly, mkfs):
        pass

    def stat(self, path):
        part = self.open(path, "rb")
        part.ioctl(CLOSE, 0)
        return (0x4000 if part.left < 0 else 0x8000, 0, 0, 0, 0, 0, max(0, part.left), 0, 0, 0)

    def open(self, path, mode):
        return Part(self._path, binascii.crc32(path.strip("/")))


class Part(io.IOBase):
    """One file of a pack, to be read. OSError if the pack has none of this key."""

    def __init__(self, path, key):
        self._file = open(path, "rb")
        row = bytearray(12)
        self._file.readinto(row, 4)
        low, high = 0, struct.unpack_from("<I", row)[0]
        while low < high:
            middle = (low + high) // 2
            self._file.seek(4 + 12 * middle)
            self._file.readinto(row)
            found, begin, self.left = struct.unpack("<IIi", row)
            if found == key:
                self._file.seek(begin)
                return
            if found < key:
                low = middle + 1
            else:
                high = middle
        self._file.close()
        raise OSError(2)  # no such file

    def readinto(self, buffer):
        count = self._file.readinto(buffer, min(len(buffer), self.left))
        self.left -= count
        return count

    def ioctl(self, request, argument):
        if request == CLOSE:
            self._file.close()
        return 256 if request == BUFFER_SIZE else 0
