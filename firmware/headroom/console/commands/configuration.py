"""What the commands for the settings do: what is asked for waits until `save` puts it in force.

In memory once one of them is typed, see settings.py.
"""

import json

from ...charging.families import UNLINED
from ...settings import table
from ...settings.hash import hashing
from .. import shown

_CHANGES_AN_EVENT = 3
_CUSTOM = "# the profile 'custom' is not in these lines: 'profile' gives the lines that make it\n"
_SECRET = "# %s is set, and not in these lines: where they are typed in it stays what it is\n"
# What anyone may change: it can't raise a current above what the other settings allow.
_OPEN = (
    "dead_time_s",
    "rise_window_s",
    "start_delay_s",
    "conservative",
    "nominal_v",
    "chargerN.max_a",
    "chargerN.priority",
    "zone",
    "import_w",
    "sun_hold_min",
    "tariff",
    "tariff_otherwise",
    "cap_w",
    "cap_window_min",
    "keep_sessions",
    "commands",
    "chargerN.mode",
    "chargerN.schedule",
    "chargerN.schedule_unknown",
    "chargerN.charge_below",
    "chargerN.finish",
    "chargerN.finish_kwh",
)


class Configuration:
    """values   the settings in force: what the meter was built from at its start
    store      where they are kept (settings/store.py)
    lock       asked before a setting that protects the panel changes (console/lock.py)
    meter      is calibrated by what a clamp meter reads
    events     hears of every change that is saved (storage/events.py)
    stop       see app/ending.py
    fits       would the board find so many more bytes? see memory.py
    seen       its idle_w is what the house draws at least, see reporting/
    """

    def __init__(self, values, store, lock, meter, events, stop, fits, seen):
        self._in_force = self._saved = self._wanted = values  # each is replaced, never changed
        self._batch = None  # what `begin` has begun
        self._refusals = 0
        self._store = store
        self._lock = lock
        self._meter = meter
        self._events = events
        self._stop = stop
        self._fits = fits
        self._seen = seen

    def unsaved(self):
        """True if settings were changed since the last save."""
        return self._wanted != self._saved

    def wanted(self):
        """A copy of the settings that `save` would put in force."""
        return self._wanted.copy()

    def take(self, wanted):
        """Let `wanted` be what `save` puts in force; Refused if it can't be or is locked.

        A generator of small steps, as all that goes through the settings.
        """
        yield from self._store.checking(wanted)
        missing = yield from self._store.missing(self._saved, wanted, self._fits)
        if missing:
            raise table.Refused(
                "no memory for %s: freeze the firmware into this board's image, or take a board "
                "with more memory" % missing
            )
        if wanted["cap_w"] != self._wanted["cap_w"] and 0 < wanted["cap_w"] <= self._seen.idle_w:
            raise table.Refused(
                "cap_w %d: the house alone has drawn %d W at least in each minute since the "
                "start; more than that, or 0 for no cap" % (wanted["cap_w"], self._seen.idle_w)
            )
        if self._lock.locked:
            for name in _changes(self._wanted, wanted):
                yield
                if name and not self._open(name):
                    raise table.Refused("%s protects the panel: 'unlock PIN' first" % name)
        self._wanted = wanted

    def _open(self, name):
        """Needs it no PIN? The volts scale what chargers get that poll us as their meter."""
        if name == "nominal_v" and self._wanted["emulate"]:
            return False
        if name.endswith(".max_a") and self._wanted.get(name[:-5] + "profile") in UNLINED:
            return False  # that is no wish, but what may flow
        return table.row_of(name).name in _OPEN

    def get(self, words):
        for name in self._matching(words):
            yield "%s = %s\n" % (name, shown.value(self._wanted, name))

    def json_get(self, words):
        texts = shown.meanings()
        yield ""
        for name in self._matching(words):
            row = table.row_of(name)
            found = {
                "name": name,
                "value": table.value_of(self._wanted, name),
                "default": table.default_of(row),
                "range": row.choices if row.choices else [row.minimum, row.maximum],
                "unit": row.unit,
                "meaning": texts[row.name],
            }
            if table.is_secret(name):
                found["set"] = bool(found["value"])
                found["value"] = ""
            yield json.dumps(found) + "\n"

    def explain(self, prefix):
        """For `help`: the settings whose names begin so."""
        texts = None
        for name in self._matching([prefix]):
            if not texts:
                texts = shown.meanings()
                yield ""
            yield shown.describe(name, self._wanted, texts) + "\n"

    def words_get(self, words):
        """Names; of the numbered ones only what goes before their dot, until that is typed."""
        if "." in words[-1]:
            return list(table.names(self._wanted, words[-1]))
        numbers = table.chargers(self._wanted) or [1]
        found = [row.name for row in table.TABLE if "." not in row.name]
        return found + ["charger%d." % n for n in numbers] + ["group1."]

    def words_set(self, words):
        if len(words) % 2:
            return self.words_get(words)
        row = table.row_of(words[-2])
        return (row and row.choices) or ()

    def set(self, words):
        if '"' in "".join(words):
            from ..quoted import unquoted  # in memory once a text is typed

            words = unquoted(words)
        if not words or len(words) % 2:
            raise table.Refused("'set' takes pairs: set NAME VALUE [NAME VALUE ...]")
        wanted = (self._wanted if self._batch is None else self._batch).copy()
        for name, text in zip(words[::2], words[1::2]):
            table.put(wanted, name, table.parse(name, text))
        said = ", ".join("%s = %s" % (name, shown.value(wanted, name)) for name in words[::2])
        if self._batch is not None:
            self._batch = wanted
            return said
        return self._taking(wanted, said)

    def defaults(self, words):
        if self._batch is not None:  # the lines of a dump, which has no secrets: they stay
            secrets = [name for name in self._batch if table.is_secret(name)]
            kept = {name: self._batch[name] for name in secrets}
            self._batch = table.defaults()
            self._batch.update(kept)
            return ""
        return self._taking(table.defaults(), "factory settings")

    def _taking(self, wanted, said):
        yield from self.take(wanted)
        yield said + "; in force after 'save'\n"

    def begin(self, words):
        self._batch = self._wanted.copy()
        self._refusals = 0
        return ""

    def line_failed(self):
        """A line was refused, or is no command: `end` takes nothing then."""
        self._refusals += 1

    def end(self, words):
        batch, self._batch = self._batch, None
        if batch is None:
            raise table.Refused("'end' needs a 'begin' before it")
        if self._refusals:
            raise table.Refused("%d lines were refused" % self._refusals)
        if words and (yield from hashing(batch)) != words[0]:
            raise table.Refused("the hash is another: lines were lost or changed on the way")
        yield from self._taking(batch, "taken")

    def dump(self, words):
        return self._lines(table.names(self._wanted))

    def diff(self, words):
        return self._lines(self._changed())

    def _changed(self):
        for name in table.names(self._wanted):
            changed = self._wanted[name] != table.default_of(table.row_of(name))
            yield name if changed else None

    def hash(self, words):
        yield (yield from hashing(self._wanted)) + "\n"

    def json_hash(self, words):
        yield json.dumps({"hash": (yield from hashing(self._wanted))}) + "\n"

    def save(self, words, why="save"):
        if self._batch is not None:
            raise table.Refused("'end' comes first: 'begin' waits for it")
        try:
            self._store.save(self._wanted)
        except OSError as error:
            yield "error: could not save (%s); the last good settings stay\n" % error
            return
        yield from self._note_changes()
        self._saved = self._wanted
        self._stop(False, why)
        yield "saved; restarting\n"

    def calibrate(self, words):
        if len(words) != 2:
            raise table.Refused(
                "'calibrate' takes: CHANNEL AMPERES, CHANNEL zero, V VOLTS, or phase CHANNEL"
            )
        from .calibrate import Calibrate  # in memory once it is used

        calibrate = Calibrate(self._meter, self._in_force)
        name, value = calibrate.run(words[0].upper(), words[1])
        return self.set([name, str(value)])

    def _matching(self, words):
        prefix = words[0] if words else ""
        name = None
        for name in table.names(self._wanted, prefix):
            yield name
        if not name and prefix:
            raise table.Refused("unknown setting '%s'; 'get' lists all" % prefix)

    def _lines(self, names):
        from ..quoted import quoted

        yield "begin\ndefaults\n"
        custom = ""
        for name in names:
            value = name and self._wanted[name]
            if value and table.is_secret(name):
                yield _SECRET % name
                continue
            yield name and "set %s %s\n" % (name, quoted(value))
            if value == "custom" and name.endswith(".profile"):
                custom = _CUSTOM
        yield custom
        yield "end %s\n" % (yield from hashing(self._wanted))

    def _note_changes(self):
        told = []
        for name in _changes(self._saved, self._wanted):
            yield
            if not name:
                continue
            before, after = (shown.value(v, name) for v in (self._saved, self._wanted))
            told.append("%s %s -> %s" % (name, before, after))
            if len(told) == _CHANGES_AN_EVENT:
                self._events.note("settings: " + ", ".join(told))
                told = []
        if told:
            self._events.note("settings: " + ", ".join(told))


def _changes(before, after):
    """Generates the names whose values differ, and None for the others."""
    for values in (after, before):
        for name in table.names(values):
            new = values is after or name not in after
            differ = table.value_of(before, name) != table.value_of(after, name)
            yield name if new and differ else None
