"""Settings that survive a power failure at any byte of a save (see storage/pair.py)."""

import json

from ..storage.pair import Pair
from . import table


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
        self.note = "; ".join(self._pair.notes)
        if values is None:
            return table.defaults()
        self.source = "slot " + "ab"[self._pair.which]
        return values

    def save(self, values):
        """Keep `values`; Refused, with nothing written, if they can't be."""
        for _ in self.saving(values):
            pass

    def saving(self, values):
        """The same in small steps, the last of which writes: a generator."""
        from . import together  # this and the next: in memory while it is used, see memory.py

        yield from together.checking(values)
        text = json.dumps(values)
        yield
        self._pair.save(text)


def _parse(text):
    from . import together

    values = table.defaults()
    saved = json.loads(text)
    if not isinstance(saved, dict):
        raise ValueError("not a set of settings")
    values.update(saved)
    together.check(values)  # written by another version, perhaps: Refused is a ValueError
    return values
