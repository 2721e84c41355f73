"""The single pins that the settings name: free on this board, and each for one thing only.

A setting whose name ends in "pin" is a GPIO, 0 none. In memory only where one is named.
"""

from . import table


def checking(values):
    """Why they can't be, as a sentence; "" if they can. A generator of small steps."""
    owners = {}
    if values["thermometer"] == "pin":
        owners[getattr(table.board, "NTC_PIN", 0)] = "thermometer"
    for name in sorted(values):
        yield
        pin = values[name]
        if not (name.endswith("pin") and pin):
            continue
        if pin not in table.free_pins:
            text = "%s %d is not free on this board; these are: %s"
            return text % (name, pin, _listed(table.free_pins) or "none")
        if pin in owners:
            left = [free for free in table.free_pins if free not in values.values()]
            text = "%s and %s are both %d; give each a pin of its own, such as %s"
            return text % (owners[pin], name, pin, _listed(left) or "none: all are taken")
        owners[pin] = name
    if bool(values["clock_sda_pin"]) != bool(values["clock_scl_pin"]):
        return "a DS3231 has two wires: clock_sda_pin and clock_scl_pin, or none of them"
    return ""


def _listed(pins):
    return ", ".join([str(pin) for pin in pins])
