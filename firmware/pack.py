"""A firmware's files, all in one: littlefs gives each file of its own 4 kB of the flash.

boot.py mounts it; tools/meter/pack.py has the format. Beside boot.py, for it must be there first.
"""

import binascii
import io
import struct

from micropython import const

_CLOSE = const(4)  # two requests of MicroPython's py/stream.h
_BUFFER_SIZE = const(11)
_SOUND = const(0x2144DF1C)  # the CRC-32 of anything with its own CRC-32 behind it


class Pack:
    """A file system of MicroPython's kind, to be read only. OSError unless that file is whole.

    Of a damaged module MicroPython may wait for the end for ever, before there is a watchdog.
    """

    def __init__(self, path):
        crc, some = 0, b" "
        with open(path, "rb") as file:
            while some:
                some = file.read(4096)
                crc = binascii.crc32(some, crc)
        if crc != _SOUND:
            raise OSError(5)  # what is read is not what was written
        self._path = path

    def mount(self, readonly, mkfs):
        pass

    def stat(self, path):
        part = self.open(path, "rb")
        part.ioctl(_CLOSE, 0)
        return (0x4000 if part.left < 0 else 0x8000, 0, 0, 0, 0, 0, max(0, part.left), 0, 0, 0)

    statvfs = stat  # for `mpremote df`: a folder's has no size

    def ilistdir(self, path):
        return iter(())  # for mpremote, when it copies or lists all that is on the board

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
        if request == _CLOSE:
            self._file.close()
        return 256 if request == _BUFFER_SIZE else 0
