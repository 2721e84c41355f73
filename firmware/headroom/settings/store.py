"""Settings that survive a power failure at any byte of a save (see storage/pair.py)."""

import json
import sys

from .. import memory
from ..storage.pair import Pair
from . import table

_ROOM = "headroom.settings."
# All else of this room is in memory only while it is used.
_STAY = tuple(_ROOM + name for name in ("panel", "store", "table"))
_PLANNING = "headroom.planning."  # what checks wishes; the samples need their ring in one piece


class Store:
    """Loads and saves the settings under `folder`.

    source  where the values of the last load came from: "slot a", "slot b" or "defaults"
    note    what was passed over on the way, "" if nothing
    """

    def __init__(self, folder):
        self._pair = Pair(folder, "settings")
        self.source = "defaults"
        self.note = ""

    def load(self):
        """The newest good set of values, or the defaults."""
        values = self._pair.load(_parse)
        _forget_checks()
        _forget(_PLANNING, ())
        self.note = "; ".join(self._pair.notes)
        if values is None:
            return table.defaults()
        self.source = "slot " + "ab"[self._pair.which]
        return values

    def save(self, values):
        """Keep `values`, which have passed checking(); OSError if they can't be read back."""
        text = _Text(values)
        memory.room_for_a_file()
        self._pair.save(text)

    def checking(self, values):
        """Refused unless they can be: a generator of small steps."""
        in_use = [name for name in sys.modules if name.startswith(_PLANNING)]
        try:
            yield from _checking(values)
        finally:
            _forget_checks()
            _forget(_PLANNING, in_use)

    def missing(self, before, wanted, fits):
        """The value of this generator: see memory.py of this room."""
        try:
            for name in ("asked", "sampled", "memory"):  # a module a step: each holds the loop
                __import__(_ROOM + name)
                yield
            return _missing(before, wanted, fits)
        finally:
            _forget_checks()


class _Text:
    """The JSON of a set of values, a value at a time."""

    def __init__(self, values):
        self._values = values

    def __iter__(self):
        before = "{"
        for name in self._values:
            yield '%s"%s": %s' % (before, name, json.dumps(self._values[name]))
            before = ", "
        yield "}"


def _checking(values):
    """A function of its own, as the next: what it imports is named no more once it ends."""
    from . import together

    yield
    yield from together.checking(values)


def _missing(before, wanted, fits):
    from .memory import missing

    return missing(before, wanted, fits)


def _forget_checks():
    _forget(_ROOM, _STAY)


def _forget(room, stay):
    names = [name for name in sys.modules if name.startswith(room)]
    memory.forget([name for name in names if name not in stay])


def _parse(text):
    from . import together

    values = table.defaults()
    saved = json.loads(text)
    if not isinstance(saved, dict):
        raise ValueError("not a set of settings")
    values.update(saved)
    together.check(values)  # written by another version, perhaps: Refused is a ValueError
    return values
