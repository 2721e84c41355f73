"""What each car took, for people and for tools: in memory only once `sessions` is typed."""

import json

from ...settings import table
from .. import screen
from .views import whole

_COUNT = 20
_MOST = 1000


def lines(planning, words):
    """A line for each session."""
    nothing = "none\n"
    for row in _rows(planning, words):
        yield ""
        if row:
            nothing = ""
            yield _line(row)
    yield nothing


def objects(planning, words):
    """An object for each."""
    for row in _rows(planning, words):
        yield ""
        if row:
            yield json.dumps(row) + "\n"


def _rows(planning, words):
    if not (planning and planning.sessions):
        raise table.Refused(
            "no session is counted: 'set keep_sessions 1' and 'save' begin with that"
        )
    return planning.sessions.rows(whole(words, _COUNT, 1, _MOST))


def _line(row):
    parts = ["%s to %s" % (row["begin"] or "time unknown", row["end"] or "time unknown")]
    if row["number"] < 0:
        parts = ["%s, goes on" % (row["begin"] or "time unknown")]
    parts.append(screen.span(row["seconds"] * 1000))
    parts.append("%s%s kWh" % ("about " * row["estimated"], _kwh(row["wh"])))
    if row["sun_wh"] is not None:
        parts.append("%s of it from the sun" % _kwh(row["sun_wh"]))
    if row["restart"]:
        parts.append(row["restart"] + " over a restart")
    return "%s  %s\n" % (row["charger"], ", ".join(parts))


def _kwh(wh):
    return "%d.%02d" % (wh // 1000, wh % 1000 // 10)
