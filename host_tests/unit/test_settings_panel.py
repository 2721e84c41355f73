"""Groups, leg maps and minimums: what can't be together, and what a refusal says."""

import pytest

from headroom import records
from headroom.settings import panel, table, together

THREE = table.defaults() | {
    "charger1.profile": "heidelberg",
    "charger2.profile": "heidelberg",
    "charger2.address": 2,
    "charger25.profile": "evse_wb",
    "charger25.address": 3,
    "group2.breaker_a": 40,
    "charger1.group": 2,
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"charger2.group": 3}, "charger2.group 3 doesn't exist; set group3.breaker_a"),
        ({"charger7.group": 2}, "charger7.group is set, but charger7 has no profile"),
        ({"charger2.legs": "L3"}, "charger2.legs L3 doesn't fit the panel: it has 2 (legs)"),
        ({"legs": 1, "charger2.legs": "L1L2"}, "charger2.legs L1L2 doesn't fit the panel"),
        ({"charger2.legs": "L1L1"}, "charger2.legs is one of: L1, L2, L3, L1L2"),
        ({"charger2.priority": 10}, "charger2.priority must be from 1 to 9, not 10"),
        ({"charger2.priority": 0}, "charger2.priority must be from 1 to 9, not 0"),
        (
            {"charger2.circuit_a": 10, "charger2.min_a": 9, "charger2.fallback_a": 0},
            "needs at least 9 A (min_a), but 80 %",
        ),
        ({"charger2.min_a": 10}, "charger2.fallback_a 6 is below its min_a 10; 0 pauses"),
        (
            {"charger2.min_a": 10, "charger2.max_a": 9, "charger2.fallback_a": 0},
            "(min_a), but its max_a is 9 A",
        ),
        (
            {"charger1.min_a": 9, "charger1.fallback_a": 0, "group2.breaker_a": 11},
            "80 % of group2.breaker_a is 8 A",
        ),
        (
            {
                "charger2.group": 2,
                "charger2.fallback_a": 16,
                "charger1.fallback_a": 16,
                "group2.breaker_a": 38,
            },
            "the fallbacks in group 2 add up to 32 A, above 80 % of its breaker: 30 A",
        ),
        ({"legs": 0, "ev_source": "register"}, "charger2 needs a group: without CTs"),
        ({"legs": 3}, "one EV CT can't tell the legs of this panel apart"),
        ({"charger2.legs": "L1"}, "chargers on different legs apart (charger1 and charger2)"),
        ({"ev_source": ""}, "ev_source is one of: ct, register, estimate; not ''"),
    ],
)
def test_refused_as_a_whole_with_the_reason(changes, said):
    together.check(THREE)
    with pytest.raises(table.Refused) as refused:
        together.check(THREE | changes)
    assert said in str(refused.value)


def test_the_order_of_the_phases_is_kept():
    values = THREE | {"legs": 3, "ev_source": "register", "charger25.legs": "L2L3L1"}
    together.check(values)
    assert panel.legs_of(values, table.of_charger, 25) == (1, 2, 0)
    assert panel.legs_of(values, table.of_charger, 1) == (0, 1, 2)


def test_a_set_holds_only_what_differs_from_the_default():
    values = table.defaults()
    table.put(values, "charger9.max_a", 32)
    assert table.of_charger(values, 9, "max_a") == 32
    table.put(values, "charger9.max_a", 80)
    assert values == table.defaults()
    assert table.value_of(values, "charger9.max_a") == 80


def test_asking_for_one_charger_shows_all_of_it_and_no_other():
    found = list(table.names(THREE, "charger2"))
    rows = [row.name for row in table.TABLE if row.name.startswith("chargerN.")]
    assert found == [name.replace("N", "2") for name in rows]
    assert list(table.names(THREE, "charger25.pro")) == ["charger25.profile"]
    assert list(table.names(THREE, "charger26")) == []
    listed = [name for name in table.names(THREE) if "." in name]
    assert listed == [
        "charger1.profile",
        "charger1.group",
        "charger2.profile",
        "charger2.address",
        "charger25.profile",
        "charger25.address",
        "group2.breaker_a",
    ]


def test_as_many_chargers_as_the_records_say():
    assert table.row_of(f"charger{records.MAX_CHARGERS}.max_a")
    assert table.row_of(f"charger{records.MAX_CHARGERS + 1}.max_a") is None
