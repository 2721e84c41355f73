"""Settings that survive a power failure at any byte of a save.

Two files take turns. Each holds one line of JSON and one line with its number and CRC-32. A save
writes the older one from scratch, so the newer good one is never touched; a file cut off anywhere
fails its CRC and is passed over at the next start.
"""

import binascii
import json
import os

from . import settings

_FILES = ("settings.a", "settings.b")


class Store:
    """Loads and saves the settings under `folder`.

    source  where the values of the last load came from: "slot a", "slot b" or "defaults"
    note    what was passed over on the way, "" if nothing
    """

    def __init__(self, folder):
        self._folder = folder
        self._number = 0
        self._next = 0
        self.source = "defaults"
        self.note = ""

    def load(self):
        """The newest good set of values, or the defaults."""
        best = None
        notes = []
        for slot in range(2):
            try:
                number, values = _read(self._path(slot))
            except OSError:
                continue  # never written
            except ValueError as error:
                notes.append("%s passed over: %s" % (_FILES[slot], error))
                continue
            if best is None or number > self._number:
                best = values
                self._number = number
                self._next = 1 - slot
                self.source = "slot " + "ab"[slot]
        self.note = "; ".join(notes)
        return settings.defaults() if best is None else best

    def save(self, values):
        """Write `values` to the older file; Refused, with nothing written, if they can't be."""
        settings.check(values)
        body = json.dumps(values)
        number = self._number + 1
        path = self._path(self._next)
        with open(path, "w") as file:
            file.write(body)
            file.write("\n%d %08x\n" % (number, _crc(number, body)))
        if _read(path)[0] != number:
            raise OSError("the save could not be read back")
        self._number = number
        self._next = 1 - self._next

    def _path(self, slot):
        return self._folder + "/" + _FILES[slot]


def make_folder(path):
    """Create the folder of the store unless it is there."""
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)


def _crc(number, body):
    return binascii.crc32(("%d %s" % (number, body)).encode()) & 0xFFFFFFFF


def _read(path):
    with open(path, "rb") as file:
        content = file.read()
    lines = content.split(b"\n")
    if len(lines) != 3 or lines[2]:
        raise ValueError("cut off")
    try:
        number, crc = lines[1].split(b" ")
        number, crc = int(number), int(crc, 16)
        body = lines[0].decode()
    except (ValueError, UnicodeError):
        raise ValueError("damaged")
    if _crc(number, body) != crc:
        raise ValueError("damaged")
    values = settings.defaults()
    values.update(json.loads(body))
    settings.check(values)  # written by another version, perhaps: Refused is a ValueError
    return number, values
