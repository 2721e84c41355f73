"""The cars' sessions kept over a power failure: in memory only where they are counted.

While a car takes something, what runs is saved every five minutes in a pair of files: so much of a
session is the most that a power failure costs. What has ended is appended to a log of two files
that take turns, as the events are: 8 to 16 kB, about the last 100 to 200 sessions.

A session is in the log before it is gone from the pair. If the power fails between the two, the
pair still has it as running, with the number that the log had then: a charger with a later record
in the log has no session.

Wear: 288 saves on a day on which cars charge all the time, of two blocks each at the most; the 340
blocks of a Pico's file system, good for 100,000 erasures each, would last for 160 years.
"""

import json

from micropython import const

from ..planning import utc
from ..planning.sessions import Sessions
from ..storage.events import Events
from ..storage.pair import Pair

_SAVE_MS = const(300_000)
_AT_ONCE = const(16)  # as many as the log takes
_SUN = const(5)  # of a row
_OVER = ("", "went on", "ended")


class Kept:
    """names  of the chargers, in order
    signed  whether import is told from export; else what is from the sun is unknown
    notes   what could not be read, for the events
    """

    def __init__(self, folder, names, signed):
        self._log = Events(folder, "sessions")
        self._pair = Pair(folder, "sessions")
        self._names = names
        self._signed = signed
        self._counted = Sessions(len(names))
        self._clock = None
        self._saved_wh = self._unsaved_ms = 0
        kept = self._pair.load(_parse)
        self.notes = self._pair.notes
        if kept:
            self._go_on(*kept)

    def _go_on(self, number, stored, running):
        for record in self._log.read():
            row = record and record[0] > number and _read(record[3])
            if row:
                running.pop(row[0], None)  # it ended before the power failed
        self._log.number = max(self._log.number, number)
        for i in range(len(self._names)):
            if self._names[i] in running:
                self._counted.running[i].go_on(running[self._names[i]], stored)

    def step(self, plugs, elapsed_ms, grid_w, clock):
        """See planning/sessions.py."""
        self._clock = clock
        self._unsaved_ms += elapsed_ms
        self._counted.step(plugs, elapsed_ms, grid_w, clock)

    def due(self):
        """Time to call `write`? Its caller knows when the flash may be written."""
        if self._counted.ended:
            return True
        return self._unsaved_ms >= _SAVE_MS and self._wh() != self._saved_wh

    def write(self):
        """What has ended to the log, then what runs to the pair; OSError if that fails."""
        self._unsaved_ms = 0
        ended = self._counted.ended
        for i, kept in ended[:_AT_ONCE]:
            self._log.note(json.dumps(self._row(i, kept)))
        self._log.write()
        del ended[:_AT_ONCE]
        if not ended:
            self._saved_wh = self._wh()
            self._pair.save(self._dump())

    def rows(self, count):
        """Generates the newest so many that have ended, oldest first, then what runs.

        Each a dict, its number that of the log, 0 on its way there, -1 while it runs; None for
        what is not among them.
        """
        for record in self._log.read():
            row = record and record[0] > self._log.number - count and _read(record[3])
            yield self._told(record[0], *row) if row else None
        for i, kept in self._counted.ended:
            yield self._told(0, *self._row(i, kept))
        for name, session in zip(self._names, self._counted.running):
            if session.open:
                begin, seconds, wh, sun_wh, estimated = session.dump()
                over = 1 if session.restarted else 0
                sun_wh = sun_wh if self._signed else None
                yield self._told(-1, name, begin, None, seconds, wh, sun_wh, estimated, over)

    def _row(self, i, kept):
        """What the log has of a session of charger i: its name, then as Session.end gives it."""
        row = [self._names[i]] + kept
        if not self._signed:
            row[_SUN] = None
        return row

    def _told(self, number, name, begin, end, seconds, wh, sun_wh, estimated, over):
        return {
            "number": number,
            "charger": name,
            "begin": begin and utc.written(*begin),
            "end": end and utc.written(*end),
            "seconds": seconds,
            "wh": wh,
            "sun_wh": sun_wh,
            "estimated": bool(estimated),
            "restart": _OVER[over],
        }

    def _wh(self):
        """All that runs has so far."""
        total_wh = 0
        for session in self._counted.running:
            total_wh += session.wh if session.open else 0
        return total_wh

    def _dump(self):
        running = {}
        for name, session in zip(self._names, self._counted.running):
            if session.open:
                running[name] = session.dump()
        clock = self._clock
        stored = [clock.day, clock.second] if clock and clock.known else None
        return json.dumps([self._log.number, stored, running])


def _parse(text):
    """(number, when, {name: what runs}) that `_dump` gave; ValueError if it isn't that."""
    found = json.loads(text)
    try:
        number, stored, running = found
        for row in running.values():
            begin, seconds, wh, sun_wh, _ = row
            if not (seconds >= 0 and 0 <= sun_wh <= wh):
                raise ValueError
            _moment(begin)
        _moment(stored)
        number += 0
    except (TypeError, AttributeError, ValueError):
        raise ValueError("not the sessions of some chargers")
    return number, stored, running


def _moment(moment):
    if moment is not None:
        day, second = moment
        if not (day >= 0 and 0 <= second < 86_400):
            raise ValueError


def _read(text):
    """The row of a record, None if it is of another version."""
    try:
        row = json.loads(text)
    except ValueError:
        return None
    return row if isinstance(row, list) and len(row) == 8 else None
