"""What the settings of a relay may be; in memory only where there is one, or a pin is set.

`checking` is a generator of small steps whose value is a sentence, "" if all can be.
"""

from ..charging.families import RELAY
from . import table

_OF_RELAYS = ("pin", "readback_pin", "rest_s")
_OF_THE_LINE = ("address", "baud", "parity", "min_a")


def checking(values, numbers):
    """Every relay, and what is set for one though there is none."""
    for name in sorted(values):
        yield
        which, _, key = name.partition(".")
        if key in _OF_RELAYS and values.get(which + ".profile") != RELAY:
            default = table.row_of(name).default
            return "%s is for a relay, and %s.profile is %s; set it to %d" % (
                name,
                which,
                values.get(which + ".profile") or "none",
                default,
            )
    for n in numbers:
        yield
        if table.of_charger(values, n, "profile") == RELAY:
            found = _pin(values, n) or _current(values, n)
            if found:
                return found
    return ""


def _pin(values, n):
    free = ", ".join([str(pin) for pin in table.free_pins])
    if not free:
        return "charger%d: no pin of this board is free for a relay" % n
    if not table.of_charger(values, n, "pin"):
        text = (
            "charger%d is a relay: set charger%d.pin (free on this board: %s), charger%d.max_a to "
            "what it draws and charger%d.fallback_a 0, all in one line"
        )
        return text % (n, n, free, n, n)
    for key in _OF_THE_LINE:
        name = "charger%d.%s" % (n, key)
        if name in values:
            default = table.row_of(name).default
            text = "%s means nothing to a relay, which has no bus and one current; set it to %s"
            return text % (name, default if default != "" else "none")
    return ""


def _current(values, n):
    """It is on with all of its current, or off: that must fit everywhere, or it never starts."""
    current_a = table.of_charger(values, n, "max_a")
    fallback_a = table.of_charger(values, n, "fallback_a")
    group = table.of_charger(values, n, "group")
    group_a = values.get("group%d.breaker_a" % group, 0) * 80 // 100 if group else current_a
    limit_a = values["breaker_a"] * values["derate_pct"] // 100 if values["legs"] else current_a
    for what, allowed_a in (
        ("80 % of its circuit_a", table.of_charger(values, n, "circuit_a") * 80 // 100),
        ("80 %% of group%d.breaker_a" % group, group_a),
        ("the limit of the panel (breaker_a x derate_pct)", limit_a),
    ):
        if current_a > allowed_a:
            text = "charger%d is a relay that draws %d A when it is on (max_a), but %s is %d A"
            return text % (n, current_a, what, allowed_a)
    if fallback_a not in (0, current_a):
        text = (
            "charger%d.fallback_a of a relay is 0 (off when blind), or %d if all of its current "
            "may always flow; not %d"
        )
        return text % (n, current_a, fallback_a)
    return ""
