"""What a family allows of its line: addresses, baud, parity."""

import pytest

from headroom.app import building
from headroom.settings import table
from headroom.settings.together import check

SMARTEVSE_AND_9 = {
    "charger1.profile": "smartevse",
    "charger1.address": 2,
    "charger2.profile": "abb",
    "charger2.address": 9,
}


@pytest.mark.parametrize(
    ("family", "changes", "said"),
    [
        ("heidelberg", {"charger1.baud": 9600}, "charger1.baud is 0 (as delivered)"),
        ("phoenix", {"charger1.baud": 9601}, "or 9600 or 19200 for a phoenix, not 9601"),
        ("evse_wb", {"charger1.parity": "E"}, "charger1.parity can't be chosen"),
        ("smartevse", {"charger1.address": 9}, "must be from 2 to 8"),
        ("smartevse", SMARTEVSE_AND_9, "charger2.address 9 is the broadcast address of charger1"),
    ],
)
def test_a_line_that_cant_be_is_refused(family, changes, said):
    with pytest.raises(table.Refused) as caught:
        check(table.defaults() | {"charger1.profile": family} | changes)
    assert said in str(caught.value)


def test_baud_and_parity_of_the_installer_reach_the_line():
    values = table.defaults() | {
        "charger1.profile": "cfos",
        "charger1.baud": 38400,
        "charger1.parity": "E",
    }
    chargers, _ = building.chargers(values, "")
    assert chargers[0].line == (38400, "E", 1)
