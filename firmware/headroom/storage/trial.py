"""A new firmware is tried once, and stays if it works for a minute. Its steps, each of one file:

    /active  names the folder of the firmware that starts, "a" or "b"
    /trial   names the one that the next start tries; that start renames it
    /tried   names the one that this start tries; after a minute of work it becomes /active
    /failed  why main.py left a firmware, for the log

So whatever else ends that minute, a hang, a crash or the power, the start after it is of /active.
"""

import os

from micropython import const

_PROVEN_MS = const(60_000)
_root = "/"


class Trial:
    """This start: of a firmware on trial, or of one that has proven itself."""

    def __init__(self, events, folder):
        """Notes in `events` which firmware was left before this start, and why.

        folder  the one that we run from, "a" or "b"
        """
        self._folder = folder
        self._events = events
        tried, why = _read("tried"), _read("failed")
        self._runs = bool(tried) and tried == folder
        if tried and not self._runs:
            why = why or tried + ": it did not work for a minute"
            _remove("tried")
        if why:
            events.note("left the firmware in /" + why)
            _remove("failed")

    def look(self, uptime_ms):
        """All works, this long after the start."""
        if self._runs and uptime_ms >= _PROVEN_MS:
            self._end("active", "the firmware in /%s has worked for a minute, and stays")

    def again(self):
        """Someone wants a restart before the minute is over: it tries this firmware once more."""
        if self._runs:
            self._end("trial", "the firmware in /%s is tried once more")

    def _end(self, name, text):
        self._runs = False
        try:
            os.rename(_root + "tried", _root + name)
            self._events.note(text % self._folder)
        except OSError as error:
            self._events.note("the firmware in /%s can't stay: %r" % (self._folder, error))


def _read(name):
    """What is in a file; "?" if that is nothing or no text, "" if there is no file."""
    try:
        with open(_root + name) as file:
            return file.read() or "?"
    except OSError:
        return ""
    except ValueError:
        return "?"


def _remove(name):
    try:
        os.remove(_root + name)
    except OSError:
        pass  # it isn't there, or the flash takes nothing: the meter starts all the same
