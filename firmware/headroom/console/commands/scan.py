"""`scan`: who answers on the line. In memory only once it was asked for, see installer.py."""

import json

from ...charging import scan
from ...settings import table

_TELL_EVERY = 10  # percent
_GARBLED = "garbled; two devices with one address, or another baud"
_UNKNOWN = "something, but no known charger"
_KEYS = ("address", "baud", "parity", "stop", "families")


def lines(bus, words):
    """The job for people."""
    found = 0
    for event in _scanning(bus, words):
        if isinstance(event, int):
            yield "%d %%\n" % event
        elif event:
            found += 1
            address, line, fitting = event
            what = _GARBLED if fitting is None else " or ".join(fitting) or _UNKNOWN
            yield "address %d at %s: %s\n" % (address, "%d 8%s%d" % line, what)
        else:
            yield event
    hint = "" if found else "; is A on A, is the charger set to Modbus?"
    yield "%d found%s\n" % (found, hint)


def objects(bus, words):
    """The job for tools: an object a device, and how far it is; families null: garbled."""
    for event in _scanning(bus, words):
        if isinstance(event, int):
            yield '{"percent": %d}\n' % event
        elif event:
            address, line, fitting = event
            yield json.dumps(dict(zip(_KEYS, (address,) + line + (fitting,)))) + "\n"
        else:
            yield event


def _scanning(bus, words):
    """A scan as a guest of the bus: each device, and the percents on the way."""
    if words not in ([], ["all"]):
        raise table.Refused("'scan' takes nothing, or: all")
    if bus.guest:
        raise table.Refused("the line is being scanned already")
    work = scan.Scan(scan.EVERY if words else scan.USUAL)
    shown = 0
    bus.guest = work
    try:
        while not work.done or work.found:
            yield ""
            percent = work.asked * 100 // work.total
            while work.found:
                yield work.found.pop(0)
            if percent >= shown + _TELL_EVERY:
                shown = percent
                yield percent
    finally:
        bus.guest = None
