"""What can be typed: one method a command, all of them in `help`."""

import json

from .. import settings
from . import screen


class Commands:
    """Carries out one line and returns the answer: a text, or a job (see shell.py).

    values   the settings in force: what the meter was built from at its start
    store    where they are kept (store.py)
    status   a function that gives the whole state as a dict (status.py)
    restart  a function that ends in a restart
    calibrate  gives the setting and its value that a clamp meter's reading asks for
    """

    def __init__(self, values, store, status, restart, calibrate):
        self._wanted = dict(values)
        self._saved = dict(values)
        self._store = store
        self._status = status
        self._restart = restart
        self._calibrate = calibrate

    def run(self, line):
        """The answer to one line; a refusal begins with "error: " and has changed nothing."""
        words = line.split()
        if words[0] not in _NAMES:
            return "error: unknown command '%s'; try 'help'" % words[0]
        try:
            answer = getattr(self, words[0])(words[1:])
        except settings.Refused as refusal:
            return _refused(refusal)
        return answer if isinstance(answer, str) else _refusable(answer)

    def unsaved(self):
        """True if settings were changed since the last save."""
        return self._wanted != self._saved

    def help(self, words):
        if words:
            return "\n".join(screen.describe(name, self._wanted) for name in self._matching(words[0]))
        return "\n".join(text for _, text in _HELP)

    def status(self, words):
        return screen.status(self._full_status())

    def json(self, words):
        if words != ["status"]:
            raise settings.Refused("'json' takes: status")
        return json.dumps(self._full_status())

    def chargers(self, words):
        return screen.chargers(self._full_status())

    def get(self, words):
        names = self._matching(words[0] if words else "")
        return "\n".join("%s = %s" % (name, screen.value(self._wanted, name)) for name in names)

    def set(self, words):
        if not words or len(words) % 2:
            raise settings.Refused("'set' takes pairs: set NAME VALUE [NAME VALUE ...]")
        wanted = dict(self._wanted)
        for name, text in zip(words[::2], words[1::2]):
            settings.put(wanted, name, settings.parse(name, text))
        settings.check(wanted)
        self._wanted = wanted
        lines = ["%s = %s" % (name, screen.value(wanted, name)) for name in words[::2]]
        return "\n".join(lines + ["in force after 'save'"])

    def save(self, words):
        try:
            self._store.save(self._wanted)
        except OSError as error:
            return "error: could not save (%s); the last good settings stay" % error
        self._saved = self._wanted
        self._restart()
        return "saved; restarting"

    def defaults(self, words):
        self._wanted = settings.defaults()
        return "factory settings; in force after 'save'"

    def calibrate(self, words):
        if len(words) != 2:
            raise settings.Refused("'calibrate' takes: CHANNEL AMPERES, or CHANNEL zero")
        name, value = self._calibrate(words[0].upper(), words[1])
        return self.set([name, str(value)])

    def energy(self, words):
        return screen.energy(self._full_status())

    def reboot(self, words):
        self._restart()
        return "restarting"

    def _matching(self, prefix):
        names = settings.names(self._wanted, prefix)
        if not names:
            raise settings.Refused("unknown setting '%s'; 'get' lists all" % prefix)
        return names

    def _full_status(self):
        status = self._status()
        status["unsaved"] = self.unsaved()
        return status


def _refusable(job):
    """A job (see shell.py) whose refusal ends in one line, like that of any command."""
    try:
        yield from job
    except settings.Refused as refusal:
        yield _refused(refusal) + "\n"


def _refused(refusal):
    return "error: %s; nothing was changed" % refusal


_HELP = (
    ("help", "help [SETTING]          this list, or what a setting means"),
    ("status", "status                  what the meter does, and why"),
    ("json", "json status             the same as one line of JSON"),
    ("chargers", "chargers                each charger in detail"),
    ("get", "get [NAME]              settings, or those whose names begin so"),
    ("set", "set NAME VALUE ...      change settings; 'save' puts them in force"),
    ("save", "save                    keep the settings and restart with them"),
    ("defaults", "defaults                factory settings; 'save' puts them in force"),
    ("calibrate", "calibrate L1 AMPERES    match a clamp meter's reading; 'zero': measure the noise"),
    ("energy", "energy                  ampere-hours so far, and an estimate of the energy"),
    ("reboot", "reboot                  restart; the chargers get their fallback"),
)
_NAMES = tuple(name for name, _ in _HELP)
