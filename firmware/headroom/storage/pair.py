"""Text that survives a power failure at any byte of a save: two files that take turns.

Each file holds one line of text and one line with a running number and the CRC-32 of both. A save
writes the older file from scratch and never touches the newer good one; a file cut off anywhere
fails its CRC and is passed over at the next start.
"""

import binascii
import errno
import os

from micropython import const

_PIECE = const(128)  # characters


class Pair:
    """The pair of files `<folder>/<name>.a` and `.b`.

    which  0 or 1, where the last load or save was; -1 before
    notes  which files the last load passed over, and why: a list of sentences
    """

    def __init__(self, folder, name):
        self._paths = (folder + "/" + name + ".a", folder + "/" + name + ".b")
        self._number = 0
        self.which = -1
        self.notes = []

    def load(self, parse):
        """`parse(text)` of the newest file that is whole; None if there is none.

        parse may raise ValueError: then that file is passed over as well.
        """
        best = None
        self.notes = []
        for which in range(2):
            try:
                number, text = _read(self._paths[which])
                parsed = parse(text)
            except (OSError, ValueError) as error:
                if isinstance(error, OSError) and error.errno == errno.ENOENT:
                    continue  # never written
                name = self._paths[which].split("/")[-1]
                self.notes.append("%s passed over: %s" % (name, error))
                continue
            if self.which < 0 or number > self._number:
                best = parsed
                self._number = number
                self.which = which
        return best

    def save(self, text):
        """Write one line of text to the older file; OSError if it can't be read back.

        The next start passes over that file then: what was refused is never in force.
        """
        number = self._number + 1
        which = 1 - self.which if self.which >= 0 else 0
        try:
            self._write(which, number, text)
        except OSError:
            try:
                open(self._paths[which], "w").close()
            except OSError:
                pass
            raise
        self._number = number
        self.which = which

    def _write(self, which, number, text):
        seal = "\n%s\n" % _seal(number, text)
        with open(self._paths[which], "w") as file:
            file.write(text)
            file.write(seal)
        if not _same(self._paths[which], text, seal):
            raise OSError("what was saved reads back differently")


def make_folder(path):
    """Create the folder unless it is there."""
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)


def _seal(number, text):
    """The last line of a file: its number, and the CRC-32 of number and text."""
    crc = binascii.crc32(("%d " % number).encode())
    for piece in _pieces(text):
        crc = binascii.crc32(piece, crc)
    return "%d %08x" % (number, crc & 0xFFFFFFFF)


def _pieces(text):
    """Its bytes: a running meter's memory has no room for a second copy of some kB."""
    for at in range(0, len(text), _PIECE):
        yield text[at : at + _PIECE].encode()


def _same(path, text, seal):
    with open(path, "rb") as file:
        for piece in _pieces(text):
            if file.read(len(piece)) != piece:
                return False
        return file.read() == seal.encode()


def _read(path):
    with open(path, "rb") as file:
        line = file.readline()  # some kB with many chargers: few copies of it
        seal = file.readline()
        rest = file.read(1)
    if line[-1:] != b"\n" or seal[-1:] != b"\n" or rest:
        raise ValueError("cut off")
    try:
        number = int(seal.split(b" ")[0])
        text = line[:-1].decode()
    except ValueError:
        raise ValueError("damaged")
    if _seal(number, text).encode() != seal[:-1]:
        raise ValueError("damaged")
    return number, text
