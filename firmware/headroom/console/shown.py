"""How the settings look on the console: with their units, and what they are for."""

import sys

from ..settings import table


def meanings():
    """What each setting is for: a dict, from flash each time so that nobody else keeps it."""
    from .meanings import MEANINGS

    del sys.modules["headroom.console"].meanings
    del sys.modules["headroom.console.meanings"]
    return MEANINGS


def describe(name, values, texts):
    """A setting with its value, range, default and what `texts` (see meanings) says of it."""
    row = table.row_of(name)
    if row.choices:
        allowed = ", ".join(sorted(row.choices))
    elif table.is_text(row):
        allowed = "%d characters" % row.maximum
    else:
        allowed = "%d to %d" % (row.minimum, row.maximum)
    unit = " " + row.unit if row.unit else ""
    default = table.default_of(row)
    default = default if default != "" else "none"
    return "%s = %s\n  %s\n  allowed: %s%s; default %s" % (
        name,
        value(values, name),
        texts[row.name],
        allowed,
        unit,
        default,
    )


def value(values, name):
    """A setting's value with its unit, "none" if it is empty, "set" if nobody may see it."""
    row = table.row_of(name)
    text = str(table.value_of(values, name))
    if text and table.is_secret(name):
        return "set"
    if text == "":
        text = "none"
    return text + " " + row.unit if row.unit else text
