"""`selftest`, for people and for tools. In memory only while one runs, see installer.py."""

import json

from ...settings import table
from ...wiring_test.selftest import SelfTest


def events(bus, allocations, meter, words):
    """Those of wiring_test/selftest.py, then what the cars and the watts have shown of the CTs."""
    numbers = _numbers([charger.name for charger in bus.chargers], words)
    yield from SelfTest(bus, allocations, meter).run(numbers)
    for test in meter.ct_tests:
        for note in test.notes():
            yield {"code": "ct", "text": note}


def lines(job):
    """For people."""
    for event in job:
        if not event:
            yield event
        elif "charger" in event:
            yield "%s: failsafe %s\n" % (event["where"], event["failsafe"])
        elif "step" in event:
            amperes = event["told_ma"] // 1000
            yield "  step %d of %d: %d A\n" % (event["step"], event["of"], amperes)
        elif "code" in event:
            yield "%s%s\n" % ("" if event["code"] == "ct" else "  ", event["text"])
        else:
            yield None


def objects(job):
    """For tools: one object an event."""
    for event in job:
        yield event and json.dumps(event) + "\n"


def _numbers(names, words):
    """Which chargers are to be tested."""
    if not names:
        raise table.Refused("there is no charger; see 'help charger1'")
    if not words:
        return range(len(names))
    name = "charger" + words[0]
    if len(words) > 1 or name not in names:
        raise table.Refused("'selftest' takes nothing, or the number of: " + ", ".join(names))
    return [names.index(name)]
