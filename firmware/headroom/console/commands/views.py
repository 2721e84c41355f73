"""The commands that show what the meter does and what happened.

How it looks to people (screen.py) is in memory once a person has asked: tools don't need it.
"""

import json
import time

from ...settings import table

_SCREEN_MS = 1000
_PIECE = 1400  # of the 1536 that the queue of what is said holds
_CHECK_MS = 15_000
_EVENT = ("number", "boot", "s", "text")
_HOME, _CLEAR_LINE, _CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class Views:
    """status    see reporting/status.py
    unsaved   a function: True if settings were changed and not saved
    lock      console/lock.py; events  storage/events.py
    """

    COMMANDS = (
        ("status", "", "what the meter does, and why"),
        ("watch", "[MILLISECONDS]", "the status again and again, until 'stop' or Ctrl-C"),
        ("chargers", "", "each charger in detail"),
        ("why", "", "each limit of each charger, and which binds"),
        ("faults", "", "what is wrong now"),
        ("check", "", "wait until everything works, or say what is missing"),
        ("energy", "", "ampere-hours so far, and an estimate of the energy"),
        ("log", "[COUNT]", "what happened; the newest 20 unless said"),
        ("version", "", "versions of firmware and MicroPython, and the board"),
    )

    def __init__(self, status, unsaved, lock, events):
        self._status = status
        self._unsaved = unsaved
        self._lock = lock
        self._events = events

    def status(self, words):
        from .. import screen

        now = yield from self._now()
        yield from screen.status_head(now)
        nothing = screen.NO_CHARGER
        for charger in self._status.chargers():
            nothing = ""
            yield
            yield screen.charger_line(charger)
        yield nothing
        yield from screen.status_tail(now)

    def json_status(self, words):
        lead = "{"
        now = yield from self._now()
        for key in now:
            yield from _in_pieces('%s"%s": ' % (lead, key), now[key])
            lead = ", "
        yield ', "chargers": ['
        lead = ""
        for charger in self._status.chargers():
            yield
            yield from _cut(lead + json.dumps(charger))
            lead = ", "
        yield "]}\n"

    def watch(self, words):
        wait_ms = _period_ms(words)
        yield _HOME + _CLEAR_BELOW
        while True:
            yield _HOME
            for text in self.status(words):
                yield text and text.replace("\n", _CLEAR_LINE + "\n")
            yield "'stop' or Ctrl-C ends this" + _CLEAR_LINE + "\n" + _CLEAR_BELOW
            yield from _wait(wait_ms)

    def json_watch(self, words):
        wait_ms = _period_ms(words)
        while True:
            yield from self.json_status(words)
            yield from _wait(wait_ms)

    def chargers(self, words):
        from .. import screen

        nothing = screen.NO_CHARGER
        for charger in self._status.chargers():
            nothing = ""
            yield
            yield screen.charger(charger)
        yield nothing + self._status.line_dead()

    def json_chargers(self, words):
        for charger in self._status.chargers():
            yield
            yield from _cut(json.dumps(charger) + "\n")

    def why(self, words):
        from . import why

        return why.lines(self._status)

    def json_why(self, words):
        from . import why

        return why.objects(self._status)

    def faults(self, words):
        nothing = "none\n"
        for fault in self._status.faults():
            nothing = ""
            yield fault + "\n"
        yield nothing

    def json_faults(self, words):
        lead = '{"faults": ['
        for fault in self._status.faults():
            yield lead + json.dumps(fault)
            lead = ", "
        yield lead.strip(", ") + "]}\n"

    def check(self, words):
        from .. import screen

        yield "looking for a quarter of a minute at most ...\n"
        begun_ms = time.ticks_ms()
        while time.ticks_diff(time.ticks_ms(), begun_ms) < _CHECK_MS and not self._works():
            yield from _wait(500)
        if self._works():
            yield "the meter works\n"
        for fault in self._status.faults():
            yield "missing: %s\n" % fault
        if not self._status.has_chargers():
            yield "missing: " + screen.NO_CHARGER

    def _works(self):
        for _ in self._status.faults():
            return False
        return self._status.good() and self._status.has_chargers()

    def energy(self, words):
        from .. import screen

        yield from screen.energy(self._status.energy())

    def json_energy(self, words):
        return json.dumps(self._status.energy())

    def version(self, words):
        about = self._status.about()
        about["where"] = " in /" + about["folder"] if about["folder"] else ""
        return "Headroom %(version)s%(where)s on %(board)s, MicroPython %(micropython)s" % about

    def json_version(self, words):
        return json.dumps(self._status.about())

    def log(self, words):
        from .. import screen

        for record in self._newest(words):
            yield
            if record:
                number, boot, seconds, text = record
                yield "%d  start %d + %s  %s\n" % (number, boot, screen.span(seconds * 1000), text)

    def json_log(self, words):
        for record in self._newest(words):
            yield
            if record:
                yield json.dumps(dict(zip(_EVENT, record))) + "\n"

    def _newest(self, words):
        """Generates what was asked for, and None for an older record."""
        count = whole(words, 20, 1, 1000)
        for record in self._events.read():
            yield record if record and record[0] > self._events.number - count else None

    def _now(self):
        now = yield from self._status.collect()
        now["unsaved"] = self._unsaved()
        now["lock"] = (
            "no PIN" if not self._lock.has_pin else "locked" if self._lock.locked else "open"
        )
        now["boot"] = self._events.boot
        return now


def _in_pieces(lead, value):
    """`lead` and JSON, strings one by one: 25 chargers may have more faults than the queue holds.

    All else at once: each piece takes a turn of the console.
    """
    if not (isinstance(value, list) and value and isinstance(value[0], str)):
        yield lead + json.dumps(value)
        return
    lead += "["
    for item in value:
        yield lead + json.dumps(item)
        lead = ", "
    yield "]"


def _cut(text):
    """In pieces that fit."""
    for first in range(0, len(text), _PIECE):
        yield text[first : first + _PIECE]


def _period_ms(words):
    return whole(words, _SCREEN_MS, 200, 60_000)


def whole(words, default, lowest, highest):
    """The number that was typed, or the default; Refused if it is no number or out of range."""
    if not words:
        return default
    if len(words) == 1 and words[0].isdigit() and lowest <= int(words[0]) <= highest:
        return int(words[0])
    raise table.Refused("a whole number from %d to %d goes here" % (lowest, highest))


def _wait(wait_ms):
    begun_ms = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), begun_ms) < wait_ms:
        yield ""
