"""A firmware's files, all in one: littlefs gives each file of its own 4 kB of the flash.

boot.py mounts it; tools/meter/pack.py has the format. Beside boot.py, for it must be there first.
"""

import binascii
import io
import struct

from micropython import const

_BUFFER_SIZE = const(11)  # a request of MicroPython's py/stream.h
_SOUND = const(0x2144DF1C)  # the CRC-32 of anything with its own CRC-32 behind it


class Pack:
    """A file system of MicroPython's kind, to be read only. OSError unless that file is whole.

    Of a damaged module MicroPython may wait for the end for ever, before there is a watchdog.
    The file stays open: opening takes 1.1 kB in one piece and some ms, and MicroPython looks for
    each module several times.
    """

    def __init__(self, path):
        self._file = open(path, "rb")
        crc, some = 0, b" "
        while some:
            some = self._file.read(4096)
            crc = binascii.crc32(some, crc)
        if crc != _SOUND:
            self._file.close()
            raise OSError(5)  # what is read is not what was written
        self._row = bytearray(12)

    def mount(self, readonly, mkfs):
        pass

    def stat(self, path):
        _, left = self._find(path)
        return (0x4000 if left < 0 else 0x8000, 0, 0, 0, 0, 0, max(0, left), 0, 0, 0)

    statvfs = stat  # for `mpremote df`: a folder's has no size

    def ilistdir(self, path):
        return iter(())  # for mpremote, when it copies or lists all that is on the board

    def open(self, path, mode):
        return Part(self._file, *self._find(path))

    def _find(self, path):
        """(where its content begins, bytes of it); -1 bytes are a folder's."""
        key = binascii.crc32(path.strip("/"))
        self._file.seek(0)
        self._file.readinto(self._row, 4)
        low, high = 0, struct.unpack_from("<I", self._row)[0]
        while low < high:
            middle = (low + high) // 2
            self._file.seek(4 + 12 * middle)
            self._file.readinto(self._row)
            found, begin, length = struct.unpack("<IIi", self._row)
            if found == key:
                return begin, length
            if found < key:
                low = middle + 1
            else:
                high = middle
        raise OSError(2)  # no such file


class Part(io.IOBase):
    """One file of a pack, to be read."""

    def __init__(self, file, begin, left):
        self._file = file
        self._next = begin
        self._left = left

    def readinto(self, buffer):
        self._file.seek(self._next)  # another part may have been read meanwhile
        count = self._file.readinto(buffer, min(len(buffer), self._left))
        self._next += count
        self._left -= count
        return count

    def ioctl(self, request, argument):
        return 256 if request == _BUFFER_SIZE else 0
