"""Each limit of each charger, and which binds: in memory only once `why` is typed."""

import json

from .. import screen

_KEYS = ("name", "ma", "why", "binds")


def lines(status):
    """For people."""
    nothing = screen.NO_CHARGER
    for charger, limits in status.why():
        nothing = ""
        yield screen.charger_line(charger)
        for name, ma, sentence, binds in limits:
            mark = ">" if binds else " "
            yield " %s %-44s %9s  %s\n" % (mark, name, screen.amperes(ma), sentence)
    yield nothing


def objects(status):
    """For tools: one object a charger."""
    for charger, limits in status.why():
        lead = '{"name": %s, "limits": [' % json.dumps(charger["name"])
        for limit in limits:
            yield lead + json.dumps(dict(zip(_KEYS, limit)))
            lead = ", "
        yield "]}\n"
