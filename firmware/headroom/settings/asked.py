"""Do these settings ask anything of planning/? In memory while they are checked and built."""

from . import table

_OF_A_CHARGER = ("mode", "schedule", "charge_below", "finish")
_BESIDE = ("zone", "import_w", "tariff", "tariff_otherwise", "cap_window_min", "inverter_legs")


def plans(values):
    """Is there anything for it to do?"""
    for name in ("cap_w", "contact_pin", "thermometer", "keep_sessions"):
        if values[name]:
            return True
    if commands(values):
        return True
    for n in table.chargers(values):
        for key in _OF_A_CHARGER:
            default = table.row_of("charger1." + key).default
            if table.of_charger(values, n, key) != default:
                return True
    return False


def commands(values):
    """May somebody type or send numbers: limits, pauses, a price?"""
    return bool(values["commands"] or values.get("broker"))


def wishes(values):
    """The same, or a setting that says what it would work by."""
    for name in _BESIDE:
        if values[name] != table.row_of(name).default:
            return True
    return plans(values)
