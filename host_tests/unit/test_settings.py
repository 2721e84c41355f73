"""The settings table: what may be set, alone and together, and what a refusal says."""

import pkgutil
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.app import building
from headroom.charging import profile, profiles
from headroom.console import shown
from headroom.settings import radio, table, together

# A house that needs every check: two chargers, each near what its neighbours allow.
HOUSE = table.defaults() | {
    "charger1.profile": "heidelberg",
    "charger2.profile": "evse_wb",
    "charger2.address": 2,
}


def with_chargers(**changes):
    return HOUSE | {name.replace("__", "."): value for name, value in changes.items()}


def refusal(action, *arguments):
    with pytest.raises(table.Refused) as caught:
        action(*arguments)
    return str(caught.value)


def test_the_defaults_are_valid_and_have_no_charger():
    values = table.defaults()
    together.check(values)
    assert list(values) == list(table.names(values))
    assert table.chargers(values) == []


def test_the_table_says_what_each_setting_means():
    for row in table.TABLE:
        if table.is_text(row):
            assert len(row.default) <= row.maximum
        elif not row.choices:
            assert row.minimum <= row.default <= row.maximum


def test_the_profiles_are_those_that_charging_has():
    names = {"custom"}
    for module in pkgutil.iter_modules(profiles.__path__):
        options = profile.load(module.name).data.get("options", ())
        names |= {module.name, *(f"{module.name}/{option}" for option in options)}
    assert names | {"relay", "polled"} == set(table.row_of("charger1.profile").choices)
    for name in names:
        together.check(table.defaults() | {"charger1.profile": name, "charger1.address": 2})


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("colour", "red", "unknown setting 'colour'; 'get' lists all"),
        ("charger26.address", "1", "unknown setting 'charger26.address'"),
        ("charger07.address", "1", "unknown setting 'charger07.address'"),
        ("group9.breaker_a", "60", "unknown setting 'group9.breaker_a'"),
        ("chargerN.address", "1", "unknown setting 'chargerN.address'"),
        ("breaker_a", "9", "breaker_a must be from 10 to 400 A, not 9"),
        ("breaker_a", "401", "breaker_a must be from 10 to 400 A, not 401"),
        ("breaker_a", "-100", "breaker_a must be from 10 to 400 A, not -100"),
        ("breaker_a", "9" * 60, "breaker_a must be from 10 to 400 A"),
        ("breaker_a", "100.0", "breaker_a takes a whole number from 10 to 400 A, not '100.0'"),
        ("breaker_a", "hundred", "breaker_a takes a whole number from 10 to 400 A, not 'hundred'"),
        ("breaker_a", "", "breaker_a takes a whole number from 10 to 400 A, not ''"),
        ("breaker_a", "1e2", "whole number"),
        ("charger1.profile", "tesla", "charger1.profile is one of: abb, cfos, "),
        ("charger1.fallback_a", "5", "charger1.fallback_a is 0 (pause) or at least 6 A, not 5"),
        ("charger1.address", "0", "charger1.address must be from 1 to 247, not 0"),
        ("charger1.address", "248", "charger1.address must be from 1 to 247, not 248"),
    ],
)
def test_a_single_value_that_cant_be(name, text, said):
    assert said in refusal(table.parse, name, text)


@pytest.mark.parametrize("text", ["none", '""'])
def test_a_charger_is_taken_away_by_its_profile(text):
    assert table.parse("charger1.profile", text) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            {"charger2__address": 1},
            "charger1 and charger2 have the same address 1; give each its own",
            id="two on one address",
        ),
        pytest.param(
            {"charger1__max_a": 10, "charger1__fallback_a": 11},
            "charger1.fallback_a 11 is above what its circuit and max_a allow: 10 A",
            id="fallback above max_a",
        ),
        pytest.param(
            {"charger1__circuit_a": 10, "charger1__fallback_a": 9},
            "charger1.fallback_a 9 is above what its circuit and max_a allow: 8 A",
            id="fallback above 80 % of the circuit",
        ),
        pytest.param(
            {"breaker_a": 20, "derate_pct": 50, "charger1__fallback_a": 6},
            "the fallbacks add up to 12 A, above the limit of 10 A (breaker_a x derate_pct)",
            id="fallbacks above the limit",
        ),
        pytest.param(
            {"charger1__fallback_a": 17},
            "charger1.fallback_a 17 is above what a heidelberg can be told: 16 A",
            id="fallback above the charger's own maximum",
        ),
        pytest.param(
            {"charger1__min_a": 17, "charger1__fallback_a": 0},
            "charger1.min_a 17 is above what a heidelberg can be told: 16 A",
            id="minimum above the charger's own maximum",
        ),
        pytest.param(
            {"charger1__address": 16},
            "charger1.address must be from 1 to 15 for a heidelberg, not 16",
            id="address that the charger can't have",
        ),
        pytest.param(
            {"breaker_a": 200, "ct": "100a50ma", "burden_mohm": 10_000},
            "ct 100a50ma is rated 100 A, below the main breaker of 200 A: choose one of 200 A",
            id="CT rated below the breaker",
        ),
        pytest.param(
            {"breaker_a": 200},  # 22 ohm: 250 A x sqrt 2 / 4000 x 22 is 1.94 V of 1.65
            "shows at most 212 A; a main breaker of 200 A needs 1.25 times that: "
            "burden_mohm 18667 or less",
            id="the commonest US panel with the wrong burden",
        ),
        pytest.param(
            {"burden_mohm": 100_000},
            "shows at most 46 A; a main breaker of 100 A needs 1.25 times that",
            id="range of the CT below the breaker",
        ),
        pytest.param(
            {"ct": "custom", "ct_ratio": 10_000, "burden_mohm": 5000},
            "shows up to 2333 A, too coarse",
            id="mains CT too coarse",
        ),
        pytest.param(
            {"ev_ct": "custom", "ev_ct_ratio": 10_000, "ev_burden_mohm": 5000},
            "shows up to 2333 A, too coarse",
            id="EV CT too coarse",
        ),
        pytest.param({"breaker_a": "100"}, "breaker_a takes a whole number", id="text"),
        pytest.param({"breaker_a": True}, "breaker_a takes a whole number", id="boolean"),
        pytest.param({"breaker_a": 100.0}, "breaker_a takes a whole number", id="float"),
        pytest.param({"breaker_a": None}, "breaker_a takes a whole number", id="null"),
        pytest.param({"charger1__profile": 7}, "charger1.profile is one of", id="number"),
        pytest.param({"colour": 1}, "unknown setting 'colour'", id="unknown"),
    ],
)
def test_a_combination_that_cant_be(changes, said):
    together.check(HOUSE)
    assert said in refusal(together.check, with_chargers(**changes))


def test_a_missing_value_is_refused():
    for name in table.defaults():
        values = dict(HOUSE)
        del values[name]
        assert refusal(together.check, values) == f"setting '{name}' is missing"


def test_only_chargers_that_exist_must_agree():
    together.check(with_chargers(charger2__profile="", charger2__address=1))


# From the makers' tables: DIP switches for 1 to 15; any Modbus address.
HIGHEST_ADDRESS = {"heidelberg": 15, "evse_wb": 247}


@given(st.data())
def test_whatever_is_accepted_can_be_run(data):
    """Every accepted house makes chargers whose start-up values their own tables allow."""
    values = table.defaults()
    for n in (1, 2):
        prefix = f"charger{n}."
        values[prefix + "profile"] = data.draw(st.sampled_from(sorted(HIGHEST_ADDRESS)))
        for key in ("address", "circuit_a", "max_a", "fallback_a", "min_a"):
            row = table.row_of(prefix + key)
            values[prefix + key] = data.draw(st.integers(row.minimum, row.maximum))
    try:
        together.check(values)
    except table.Refused:
        return
    fallbacks_ma = 0
    chargers, problems = building.chargers(values, "")
    assert problems == []
    for charger in chargers:
        state = charger.state
        assert charger.address <= HIGHEST_ADDRESS[charger.profile.name]
        assert state.fallback_ma == 0 or 6000 <= state.fallback_ma <= state.max_ma
        assert state.fallback_ma <= min(state.circuit_ma, state.setting_ma)
        assert state.min_ma <= min(state.max_ma, state.circuit_ma, state.setting_ma)
        fallbacks_ma += state.fallback_ma
    assert fallbacks_ma <= values["breaker_a"] * values["derate_pct"] * 10


def test_the_commonest_us_panel_can_be_built():
    """200 A service, 200 A : 50 mA and 18 ohm: 250 A x sqrt 2 / 4000 x 18 is 1.59 V of 1.65."""
    together.check(table.defaults() | {"breaker_a": 200, "burden_mohm": 18_000})


@pytest.mark.parametrize("ct", ["200a50ma", "200a100ma", "custom"])
def test_the_burden_that_a_refusal_names_is_accepted(ct):
    ma_a = {"200a100ma": 2000}.get(ct, 4000) / 1000  # primary A to secondary mA
    for breaker_a in range(30, 201):
        values = table.defaults() | {"ct": ct, "breaker_a": breaker_a, "burden_mohm": 200_000}
        said = refusal(together.check, values)
        most_mohm = int(said.split("burden_mohm ")[-1].split()[0])
        together.check(values | {"burden_mohm": most_mohm})
        peak_mv = 1.25 * breaker_a / ma_a * 2**0.5 * most_mohm / 1000
        assert 1650 * 0.96 < peak_mv <= 1650


@pytest.fixture
def esp32():
    table.fit(
        SimpleNamespace(
            CHANNELS=("L1", "L2", "EV"), BURDEN_OHM=10, VREF_MV=3300, ADC_RAILS_MV=(150, 2450)
        )
    )


def test_the_burdens_default_is_the_boards(esp32):
    """One built as its page says, 10 ohm, must not read 45 % of the current."""
    values = table.defaults()
    assert values["burden_mohm"] == values["ev_burden_mohm"] == 10_000
    assert table.value_of({}, "burden_mohm") == 10_000


def test_a_range_is_what_the_boards_converter_can_show(esp32):
    """2.45 V are 0.8 V above the bias: with 22 ohm 103 A, with 10 ohm 226 A."""
    together.check(table.defaults())
    said = refusal(together.check, table.defaults() | {"burden_mohm": 22_000})
    assert "shows at most 102 A; a main breaker of 100 A needs 1.25" in said
    said = refusal(together.check, table.defaults() | {"breaker_a": 200})
    assert "shows at most 226 A; a main breaker of 200 A needs 1.25" in said
    assert "burden_mohm 90" in said  # 0.8 V / 1.414 / 62.5 mA = 9.05 ohm


def test_each_setting_says_what_it_is_for():
    texts = shown.meanings()
    rows = {row.name for row in table.TABLE} | {row[0] for row in radio.ROWS}
    assert set(texts) == rows
    assert all(len(text) > 5 for text in texts.values())
    assert "headroom.console.meanings" not in sys.modules, "nobody keeps them"
