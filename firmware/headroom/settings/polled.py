"""What the settings of a charger that polls us may be; in memory only where there is one.

`checking` is a generator of small steps whose value is a sentence, "" if all can be.
"""

from ..charging.families import POLLED
from . import table

_MEANINGLESS = (
    "address",
    "baud",
    "parity",
    "min_a",
    "priority",
    "mode",
    "schedule",
    "schedule_unknown",
    "charge_below",
    "finish",
    "finish_kwh",
)


def checking(values, numbers):
    """Every one of them."""
    for n in numbers:
        yield
        if table.of_charger(values, n, "profile") != POLLED:
            continue
        found = _of_one(values, n)
        if found:
            return found
    return ""


def _of_one(values, n):
    if values["emulate"] in ("", "headroom"):
        text = "charger%d polls this meter: set emulate to the one that it asks for, such as %s"
        return text % (n, "wall_connector (see 'help emulate')")
    for key in _MEANINGLESS:
        name = "charger%d.%s" % (n, key)
        if name in values:
            default = table.row_of(name).default
            text = "%s means nothing to a charger that takes no orders; set it to %s"
            return text % (name, default if default != "" else "none")
    may_a = min(
        table.of_charger(values, n, "max_a"), table.of_charger(values, n, "circuit_a") * 80 // 100
    )
    fallback_a = table.of_charger(values, n, "fallback_a")
    if fallback_a > may_a:
        text = (
            "charger%d.fallback_a %d, which it draws without its meter, is above what it may: %d A"
        )
        return text % (n, fallback_a, may_a)
    return ""
