"""A charger that its settings ask for and that cannot be driven: its group keeps its current."""

import pytest

from headroom import records
from headroom.app import building, undriven
from headroom.settings import table
from headroom.settings.together import check


@pytest.mark.parametrize(("breaker_a", "most_ma"), [(60, 32_000), (40, 16_000), (20, 0)])
def test_the_others_of_its_group_leave_a_charger_its_current_that_is_not_driven(
    tmp_path, breaker_a, most_ma
):
    """Its circuit of 20 A lets it draw 16, whatever its profile was to tell it."""
    values = table.defaults() | {
        "ev_source": "estimate",
        "group1.breaker_a": breaker_a,
        "charger1.profile": "custom",
        "charger1.circuit_a": 20,
        "charger1.group": 1,
        "charger2.profile": "evse_wb",
        "charger2.address": 2,
        "charger2.group": 1,
    }
    check(values)
    chargers, problems = building.chargers(values, str(tmp_path))
    limits = undriven.beside(values, chargers, problems)
    assert problems[1:] == ["group 1 keeps 16 A for charger1"]
    states = [charger.state for charger in chargers]
    controller = building.controller(limits, states, False)
    states[0].online = states[0].car = states[0].charging = True
    reading = records.Reading(2)
    reading.good = True
    for _ in range(20 * 60 * 5):  # held at its minimum at first
        controller.step(reading, 200, 50)
        states[0].offer_ma = states[0].ceiling_ma = controller.allocations[0].allowed_ma
        reading.leg_ma[0] = reading.leg_ma[1] = states[0].offer_ma
    assert controller.allocations[0].allowed_ma == most_ma


def test_where_all_are_driven_every_breaker_is_whole(tmp_path):
    values = table.defaults() | {"group1.breaker_a": 40, "charger1.profile": "evse_wb"}
    chargers, problems = building.chargers(values, str(tmp_path))
    assert not problems
    assert undriven.beside(values, chargers, problems) is values
    assert not problems
