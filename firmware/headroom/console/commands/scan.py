"""`scan`: who answers on the line. In memory only once it was asked for, see installer.py."""

from ...charging import scan
from ...settings import table

_TELL_EVERY = 10  # percent


def run(bus, words):
    """The job: a scan as a guest of the bus, told as it goes on."""
    if words not in ([], ["all"]):
        raise table.Refused("'scan' takes nothing, or: all")
    if bus.guest:
        raise table.Refused("the line is being scanned already")
    work = scan.Scan(scan.EVERY if words else scan.USUAL)
    shown = found = 0
    bus.guest = work
    try:
        while not work.done or work.found:
            yield ""
            percent = work.asked * 100 // work.total
            while work.found:
                found += 1
                yield work.found.pop(0) + "\n"
            if percent >= shown + _TELL_EVERY:
                shown = percent
                yield "%d %%\n" % percent
    finally:
        bus.guest = None
    hint = "" if found else "; is A on A, is the charger set to Modbus?"
    yield "%d found%s\n" % (found, hint)
