"""What the page knows of the meter's sentences, against the firmware's own tables."""

import re

import pytest

from headroom import records
from headroom.console.meanings import MEANINGS
from headroom.metering import chip_meter, voltage  # noqa: F401  chip_meter adds its faults
from headroom.settings import radio, table
from meter.paths import ROOT

SOURCES = ROOT / "tools" / "page" / "src"
RULES = re.findall(r"\[/(.*)/(i?), \"(\w+)\"\]", (SOURCES / "look" / "advice.ts").read_text())
GERMAN = (SOURCES / "texts" / "de" / "said.ts").read_text()

FAULTS = [
    *(f"L1 {text}" for bit, text in records.FAULT_NAMES.items()),
    *(f"voltage {text}" for text in voltage.FAULT_NAMES.values()),
    "stale: no good measurement for 550 ms",
    "the CT of L1 is on backwards: turn it round",
    "the settings are lost, the factory's are in force: slot a is damaged",
    "12.0 A kept for charger1 (heidelberg at address 1), which does not answer",
    "charger1 (heidelberg at address 1) does not answer",
    "charger1 draws 16.0 A though told 6.0 A",
    "the EV CT shows 3.0 A more than the chargers were told",
    "supervisor: overload without a lower limit",
    "charger1 is not driven: custom.json: there is no such file; see 'help profile'",
    "the time is unknown: 'time' sets it; until then what was chosen for that holds",
    "thermometer chip: broken, shorted, or too cold to tell; no more than the minimum",
]


def advice_of(fault):
    return next((key for rule, _, key in RULES if re.search(rule, fault)), "other")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_advice(fault):
    assert advice_of(fault) != "other"


def test_one_fault_is_not_taken_for_another():
    assert advice_of("voltage stuck: the converter gives the same count all the time") == "voltage"
    assert advice_of("thermometer chip: broken") == "thermometer"
    assert advice_of("charger2 (relay on GPIO 10) does not answer") == "silent"


def keys_of(part):
    """The keys of one object of the German words."""
    body = GERMAN[GERMAN.index(f"  {part}: {{") :]
    body = body[: body.index("\n  },")]
    return set(re.findall(r'^    "?([^":]+?(?:: [^":]+)?)"?:(?: |$)', body, re.MULTILINE))


def test_what_is_said_in_german_is_what_the_meter_says():
    """A sentence that the firmware has changed would silently stay English."""
    assert keys_of("reasons") == set(records.REASON_NAMES)
    numbered = re.compile(r"(L|group )\d")
    limits = {name for name in records.LIMIT_NAMES if not numbered.fullmatch(name)}
    assert keys_of("limits") == limits
    assert keys_of("meanings") <= set(MEANINGS)
    radio_rows = {row[0] for row in radio.ROWS}
    assert set(MEANINGS) == {row.name for row in table.TABLE} | radio_rows
