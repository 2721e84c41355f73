"""A profile that a user writes: what is refused, how it is told, and that it works."""

import copy
import json

import pytest
from charging_bench import Bench
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom.app import building
from headroom.charging import custom, families, profile, schema, soundness
from headroom.settings import table
from headroom.settings.together import check
from lab.sim import chargers as sim

# A charger by its vendor's sheet: 0.1 A in holding 3, state in input 16, currents in mA from 20.
GOOD = {
    "title": "Box 16",
    "baud": 9600,
    "parity": "E",
    "stop": 1,
    "addresses": [1, 247],
    "min_ma": 6000,
    "max_ma": 16000,
    "quiet_ms": 50,
    "reply_ms": 200,
    "refresh_ms": 5000,
    "limit": {"register": 3, "ma_per_count": 1000},
    "reads": [[4, 16, 7]],
    "state": {"register": 16, "idle": [0, 1, 3], "car": [4], "charging": [5]},
    "current": [{"register": 20, "ma_per_count": 1}],
    "failsafe": {
        "watchdog_ms": 15000,
        "loss": "fallback",
        "registers": [{"register": 30, "value": "fallback", "ma_per_count": 1000}],
    },
}


def refusal(data):
    with pytest.raises(schema.ProfileError) as caught:
        custom.build(data)
    return str(caught.value)


def changed(path, value):
    """A copy of GOOD with the value at "a.b.0.c" put in place; None takes it away."""
    data = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    place = data
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    last = int(last) if last.isdigit() else last
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("colour", 1, "unknown key 'colour'; allowed: addresses, baud"),
        ("limit", None, "'limit' is missing"),
        ("limit.register", None, "'limit' lacks 'register'"),
        (
            "limit.register",
            70000,
            "'limit.register' is a whole number from 0 to 65535",
        ),
        ("limit.ma_per_count", 0, "'limit.ma_per_count' is a whole number from 1 to 1000000"),
        ("limit.ma_per_count", None, "'limit' lacks a scale: 'ma_per_count' or 'counts_per_a'"),
        ("limit.type", "u8", "'limit.type' is one of: u16, i16, u32, i32, f32, coil; not 'u8'"),
        ("limit.colour", 1, "'limit': unknown key 'colour'; allowed: register"),
        ("baud", 9601, "'baud' is one of: 1200, 2400"),
        ("parity", "M", "'parity' is one of: N, E, O; not 'M'"),
        ("stop", 3, "'stop' is a whole number from 1 to 2"),
        ("min_ma", 17000, "'min_ma' 17000 is above 'max_ma' 16000"),
        ("max_ma", 90000, "'max_ma' is a whole number from 1000 to 80000"),
        ("addresses", [0, 300], "'addresses' is the lowest and the highest, from 1 to 255"),
        ("reads", [], "'reads' needs one block at least"),
        ("reads", [[4, 16]], "'reads' is a list of 3 numbers"),
        ("reads.0.0", 6, "'reads, function' is one of: 3, 4; not '6'"),
        ("reads.0.2", 126, "'reads, count' is a whole number from 1 to 125"),
        ("state.register", 40, "'state': register 40 is in no block of 'reads'"),
        ("state.car", "B", "'state.car' is a list"),
        ("current.0.register", 22, ""),
        ("current.0.register", 23, "'current': register 23 is in no block of 'reads'"),
        ("failsafe.loss", "explode", "'failsafe.loss' is one of: fallback, stop"),
        (
            "failsafe.watchdog_ms",
            8000,
            "'refresh_ms' must be at most half of",
        ),
        ("failsafe.registers.0.value", None, "'failsafe.registers' of register 30 lacks 'value'"),
        ("base", "tesla", "'base': there is no charger profile 'tesla'"),
        ("base", "__init__", "'base': there is no charger profile '__init__'"),
        ("base", ["heidelberg"], "'base': there is no charger profile"),
        ("options", {}, "'options' are for built-in profiles"),
        ("limit.type", "coil", "'limit.type' is one of: u16, i16, u32, i32, f32 here"),
        ("limit.ma_per_count", 4000, "'min_ma' 6000 would be told as 4000 mA"),
        ("limit", {"register": 3, "counts_per_a": 10000}, "'limit': 160000 does not fit its type"),
        ("limit.flash", True, "'limit' is written all the time: it can't be kept in flash"),
        ("state.type", "f32", "'state.type' is one of: u16, i16, u32, i32 here"),
        ("fine", {"register": 9, "mask": 1, "ma_per_count": 100}, ""),
        ("fine", {"register": 9, "mask": 1, "ma_per_count": 100, "type": "f32"}, "'fine.type' is"),
        ("pause", {"register": 4, "stop": 1, "run": 1}, "'stop' and 'run' are the same"),
        ("token", {"register": 4, "value": 1, "every_ms": 1}, "'token.every_ms' is from 500 to"),
        ("reads", [[4, 65530, 10]], "'state': register 16 is in no block"),
        ("reads", [[4, 16, 7], [4, 65530, 10]], "'reads': register 65530 and 10 more do not"),
        ("reads", [[4, 16, 7]] * 9, "'reads' has 8 blocks at most"),
        (
            "handshake",
            {"register": 1, "answers": [[4, 70000]]},
            "'handshake.answers': 70000 does not fit",
        ),
        (
            "current",
            [{"register": 20, "type": "f32", "counts_per_a": 1}],
            "'current': a float's scale is 'ma_per_count'",
        ),
        (
            "slots",
            {"unit": 9, "count": 8, "first_address": 1},
            "'slots': nobody acknowledges a broadcast",
        ),
        (
            "failsafe.registers.0",
            {"register": 30, "value": 70000},
            "'failsafe.registers.value': 70000 does not fit",
        ),
    ],
)
def test_what_cant_be_is_refused_with_file_key_and_what_is_allowed(path, value, said):
    if not said:
        custom.build(changed(path, value))
        return
    text = refusal(changed(path, value))
    assert text.startswith("custom.json: ")
    assert said in text


@pytest.mark.parametrize(
    ("keys", "settings_of_1", "said"),
    [
        ({"min_ma": 10_000}, {}, "its fallback_a is 6 A, below the profile's 'min_ma' 10000"),
        ({"max_ma": 16_000}, {"fallback_a": 32}, "its fallback_a is 32 A, above what profile"),
        ({"max_ma": 16_000}, {"min_a": 20, "fallback_a": 0}, "it needs 20000 mA at least"),
        (
            {"addresses": [10, 20]},
            {},
            "its address is 3, but the profile's 'addresses' are 10 to 20",
        ),
        (
            {"reads": [[4, 16, 125]], "reply_ms": 1900},
            {"baud": 1200},
            "an exchange may take 4360 ms at 1200 baud; 4000 ms is the most",
        ),
        ({"min_ma": 10_000}, {"fallback_a": 10}, ""),
        ({"min_ma": 10_000}, {"fallback_a": 0}, ""),
    ],
)
def test_a_profile_that_its_chargers_settings_do_not_keep_is_refused_whole(
    tmp_path, keys, settings_of_1, said
):
    (tmp_path / "custom.json").write_text(json.dumps(GOOD | keys))
    values = table.defaults() | {"charger1.profile": "custom", "charger1.address": 3}
    values |= {f"charger1.{key}": value for key, value in settings_of_1.items()}
    chargers, problems = building.chargers(values, str(tmp_path))
    if said:
        assert chargers == []
        assert problems[0].startswith("charger1 is not driven: custom.json: ")
        assert said in problems[0]
    else:
        assert problems == []


@pytest.mark.parametrize(
    ("path", "value", "parts"),
    [
        ("setup", [{"register": 3, "value": 16}], "'limit' and 'setup'"),
        ("setup", [{"register": 2, "type": "u32", "value": 16}], "'limit' and 'setup'"),
        ("pause", {"register": 3, "stop": 0, "run": 16}, "'limit' and 'pause'"),
        ("token", {"register": 3, "value": 16, "every_ms": 1000}, "'limit' and 'token'"),
        ("handshake", {"register": 3, "answers": [[4, 16]]}, "'limit' and 'handshake'"),
        ("setup", [{"register": 30, "value": 16}], "'setup' and 'failsafe.registers'"),
    ],
)
def test_no_register_is_written_for_two_purposes(path, value, parts):
    """A set-up of 16 in the limit's register would be 16 A, whatever is allowed."""
    assert parts in refusal(changed(path, value))


def test_a_coil_is_no_register():
    custom.build(changed("pause", {"register": 3, "type": "coil", "stop": 0, "run": 1}))


def test_the_built_in_profiles_keep_the_same_rules():
    for name in families.PROFILES:
        if name == "custom":
            continue
        built_in = profile.load(name)
        schema.check(built_in.data, name)
        soundness.check(built_in.data)
        row = families.FAMILIES[name.partition("/")[0]]
        data = built_in.data
        assert (*data["addresses"], data["max_ma"] // 1000) == row[:3]
        assert tuple(data.get("bauds", ())) == row[3]
        assert data.get("parities", "") == row[4]
        assert tuple(sorted(data.get("options", ()))) == row[5]
        broadcast = data.get("slots", {}).get("unit")
        assert families.BROADCAST.get(name) == broadcast


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
TABLES = [key for key in GOOD if isinstance(GOOD[key], dict)]
PATHS = [*GOOD, *(f"{key}.{part}" for key in TABLES for part in GOOD[key])]
PATHS += ["failsafe.registers.0", "failsafe.registers.0.value", "current.0", "reads.0"]
PATHS += ["state.plug", "pause", "token", "slots", "handshake", "fine", "setup", "readback", "cap"]
PATHS += ["note", "bauds"]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PATHS), JSON)
def test_any_damage_is_one_kind_of_error(path, value):
    try:
        data = changed(path, value)
    except KeyError:
        return  # None takes away, and it was not there
    said = "custom.json: "
    try:
        custom.build(data)
    except schema.ProfileError as error:
        said = str(error)
    assert said.startswith("custom.json: ")


def test_from_a_file_to_a_charger_that_obeys(tmp_path):
    (tmp_path / "custom.json").write_text(json.dumps({"base": "heidelberg", "title": "Clone"}))
    values = table.defaults() | {"charger1.profile": "custom", "charger1.address": 3}
    check(values)
    chargers, problems = building.chargers(values, str(tmp_path))
    assert problems == []
    assert chargers[0].profile.title == "Clone"
    with Bench(sim.Heidelberg) as bench:
        bench.chargers[0].profile = chargers[0].profile
        bench.allocate(10)
        bench.run(10)
        assert bench.models[0].pilot_a == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "custom.json: there is no such file"),
        ("{", "custom.json: it is not JSON"),
        ("[]", "custom.json: a profile is a table"),
        ("{}", "custom.json: 'baud' is missing"),
    ],
)
def test_a_bad_file_leaves_the_other_chargers_alone(tmp_path, text, said):
    if text is not None:
        (tmp_path / "custom.json").write_text(text)
    values = table.defaults() | {
        "charger1.profile": "custom",
        "charger2.profile": "heidelberg",
        "charger2.address": 2,
    }
    chargers, problems = building.chargers(values, str(tmp_path))
    assert [charger.name for charger in chargers] == ["charger2"]
    assert len(problems) == 1
    assert problems[0].startswith("charger1 is not driven: ")
    assert said in problems[0]
