"""Text that survives a power failure at any byte of a save: two files that take turns.

Each file holds one line of text and one line with a running number and the CRC-32 of both. A save
writes the older file from scratch and never touches the newer good one; a file cut off anywhere
fails its CRC and is passed over at the next start.
"""

import binascii
import errno
import os


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
        text  a str, or what gives its pieces each time that it is iterated: a running meter's
              memory may have no room for some kB in one piece
        """
        number = self._number + 1
        which = 1 - self.which if self.which >= 0 else 0
        try:
            seal = _write(self._paths[which], number, text)
            if not _same(self._paths[which], text, seal):
                raise OSError("what was saved reads back differently")
        except (OSError, MemoryError):
            try:
                open(self._paths[which], "w").close()
            except (OSError, MemoryError):
                pass
            raise
        self._number = number
        self.which = which


def make_folder(path):
    """Create the folder unless it is there."""
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)


def _write(path, number, text):
    """The end of what is now in the file."""
    with open(path, "wb") as file:  # before all else: it takes 1.1 kB in one piece
        crc = _begun(number)
        for piece in _pieces(text):
            crc = binascii.crc32(piece, crc)
            file.write(piece)
        seal = _seal(number, crc)
        file.write(seal)
    return seal


def _begun(number):
    """The CRC-32 of a file's text begins with that of its number."""
    return binascii.crc32(b"%d " % number)


def _seal(number, crc):
    """What follows the text: its number, and the CRC-32 of both."""
    return b"\n%d %08x\n" % (number, crc & 0xFFFFFFFF)


def _pieces(text):
    """Its bytes, piece by piece."""
    for piece in (text,) if isinstance(text, str) else text:
        yield piece.encode()


def _same(path, text, seal):
    with open(path, "rb") as file:
        for piece in _pieces(text):
            if file.read(len(piece)) != piece:
                return False
        return file.read() == seal


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
    if _seal(number, binascii.crc32(line[:-1], _begun(number)))[1:] != seal:
        raise ValueError("damaged")
    return number, text
