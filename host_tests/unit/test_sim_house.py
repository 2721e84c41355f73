"""The simulated house and recorded traces: what is drawn, when, and what is no trace."""

import gzip

import pytest

from lab.sim.evening import DURATION_S, Evening
from lab.sim.house import House
from lab.sim.trace import Trace
from meter.errors import UsageError

LIMIT_A = 80.0
MINIMUM_A = 6.0
INRUSH_S = 0.5
TICK_S = 0.1


def minute(seed, first_s=0.0):
    house = House(seed)
    return [house.at(first_s + tick * TICK_S) for tick in range(600)]


@pytest.mark.parametrize("seed", range(20))
def test_house_alone_exceeds_the_limit_only_by_an_inrush(seed):
    over_ticks = 0
    for legs in minute(seed) + minute(seed, first_s=60.0):
        over_ticks = over_ticks + 1 if max(legs) > LIMIT_A else 0
        assert over_ticks * TICK_S <= INRUSH_S


@pytest.mark.parametrize("seed", range(20))
def test_house_leaves_less_than_the_minimum_for_seconds_on_either_leg(seed):
    legs = minute(seed)
    for leg in (0, 1):
        assert sum(amps[leg] + MINIMUM_A > LIMIT_A for amps in legs) * TICK_S > 1.0


def test_house_is_the_same_for_the_same_seed_only():
    assert minute(3) == minute(3)
    assert minute(3) != minute(4)
    assert minute(3) != minute(3, first_s=60.0)


def test_motor_starts_with_five_times_its_current_for_under_half_a_second():
    leg1 = [amps[0] for amps in minute(1)]
    surge = [amps for amps in leg1 if amps > LIMIT_A + MINIMUM_A + 20]
    assert 0.3 <= len(surge) * TICK_S <= 0.5
    assert max(surge) > 5 * 23


def evening(seed):
    house = Evening(seed)
    return [house.at(step * STEP_S) for step in range(round(DURATION_S / STEP_S))]


STEP_S = 0.05


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_evening_alone_exceeds_the_limit_only_by_an_inrush_and_leaves_too_little_for_once(
    seed,
):
    legs = evening(seed)
    over_s = longest_s = 0.0
    for amps in legs:
        over_s = over_s + STEP_S if max(amps) > LIMIT_A else 0.0
        longest_s = max(longest_s, over_s)
    assert 0 < longest_s <= INRUSH_S
    assert sum(max(amps) + MINIMUM_A > LIMIT_A for amps in legs) * STEP_S > 2.0
    assert max(max(amps) for amps in legs) > 5 * 20.0, "the air conditioner's start"


def test_the_evening_is_the_same_for_the_same_seed_only_and_stays_as_it_ended():
    assert evening(3) == evening(3)
    assert evening(3) != evening(4)
    assert Evening(3).at(-1.0) == Evening(3).at(0.0)
    assert Evening(3).at(2 * DURATION_S) == Evening(3).at(DURATION_S - 0.1)


def test_the_evening_uses_what_its_appliances_do():
    """The water heater: 4.5 kW at 240 V, twice."""
    house = Evening()
    steps_a = [
        (minute, round(after[0] - before[0], 0), round(after[1] - before[1], 0))
        for minute in (30, 56, 94, 106)
        for before, after in [(house.at(60 * minute - 0.01), house.at(60 * minute + 0.01))]
    ]
    assert [step[1:] for step in steps_a] == [(19, 19), (-19, -19), (19, 19), (-19, -19)]


@pytest.fixture
def csv_file(tmp_path):
    def write(text, name="house.csv"):
        path = tmp_path / name
        data = text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


def test_split_phase_va_become_amperes_at_120_v_and_hold_until_the_next_sample(csv_file):
    path = csv_file("t_s,l1_va,l2_va\n0,120,240\n3,1200,600\n9,0,0\n", "house.csv.gz")
    trace = Trace(path, scale=2.0, start_s=0.0, window_s=9)
    assert trace.at(2.99) == (2.0, 4.0)
    assert trace.at(3.0) == (20.0, 10.0)
    assert trace.at(8.99) == (20.0, 10.0)


def test_event_trace_holds_blanks_and_adds_active_and_reactive_power(csv_file):
    path = csv_file("t_s,active_w,reactive_var\n10,690,920\n11,,0\n12,460,\n60,0,0\n")
    trace = Trace(path, start_s=10.0, window_s=20)
    assert trace.at(0.0) == (5.0, 5.0)
    assert trace.at(1.0) == (3.0, 3.0)
    assert trace.at(2.0) == (2.0, 2.0)


def test_ampere_trace_counts_seconds_from_its_first_row(csv_file):
    rows = "2006-12-17T00:00:00,4.4,242\n2006-12-17T00:01:00,7.4,241\n2006-12-17T00:05:00,1,240\n"
    trace = Trace(csv_file("local_time,current_a,voltage_v\n" + rows), start_s=0, window_s=60)
    assert trace.at(59.0) == (4.4, 4.4)
    assert trace.at(60.0) == (7.4, 7.4)


def test_default_start_is_where_the_largest_steps_lead_highest(csv_file):
    levels_va = [120] * 20 + [6000] * 5 + [120] * 20 + [1200] * 10
    rows = "".join(f"{3 * i},{va},{va}\n" for i, va in enumerate(levels_va))
    trace = Trace(csv_file("t_s,l1_va,l2_va\n" + rows), window_s=30)
    assert trace.start_s < 60 < trace.start_s + 0.8 * 30


GOOD = "t_s,l1_va,l2_va\n0,1,1\n3,1,1\n600,1,1\n"
LATE = "t_s,l1_va,l2_va\n1000,1,1\n1003,1,1\n1600,1,1\n"


@pytest.mark.parametrize(
    ("text", "name", "options", "said"),
    [
        ("a,b\n1,2\n", "house.csv", {}, "unknown columns"),
        ("", "house.csv", {}, "unknown columns"),
        ("t_s,l1_va,l2_va\n", "house.csv", {}, "no samples"),
        ("t_s,l1_va,l2_va\n0,x,1\n", "house.csv", {}, "line 2"),
        ("t_s,l1_va,l2_va\n0,1\n", "house.csv", {}, "line 2"),
        ("t_s,l1_va,l2_va\n0,1,1\n3,-1,1\n", "house.csv", {}, "line 3"),
        ("t_s,l1_va,l2_va\n0,nan,1\n", "house.csv", {}, "line 2"),
        ("t_s,l1_va,l2_va\n3,1,1\n3,1,1\n", "house.csv", {}, "back in time"),
        ("t_s,l1_va,l2_va\n0,1,1\n3,1,1e300\n", "house.csv", {}, "line 3: a leg draws 0..10000 A"),
        (GOOD, "house.csv", {"scale": 1e308}, "line 2: a leg draws 0..10000 A"),
        (GOOD, "house.csv", {"scale": 0.0}, "scale"),
        (GOOD, "house.csv", {"scale": float("nan")}, "scale"),
        (GOOD, "house.csv", {"start_s": 500.0}, "start must be 0..480 s, not 500"),
        (LATE, "house.csv", {"start_s": 0.0}, "start must be 1000..1480 s, not 0"),
        (GOOD, "house.csv", {"window_s": 700.0}, "lasts 600 s, shorter than the run of 700 s"),
        (LATE, "house.csv", {"window_s": 700.0}, "lasts 600 s, shorter than the run of 700 s"),
    ],
)
def test_bad_trace_is_refused_in_one_line(csv_file, text, name, options, said):
    with pytest.raises(UsageError) as refusal:
        Trace(csv_file(text, name), **({"window_s": 120.0} | options))
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_is_no_file_or_no_gzip_is_refused(tmp_path):
    false_gzip = tmp_path / "house.csv.gz"
    false_gzip.write_text(GOOD)
    cut_off = tmp_path / "cut.csv.gz"
    whole = gzip.compress(GOOD.encode() * 100)
    cut_off.write_bytes(whole[:-20])
    spoiled = tmp_path / "spoiled.csv.gz"
    spoiled.write_bytes(whole[:10] + bytes(byte ^ 0x55 for byte in whole[10:-8]) + whole[-8:])
    for path in (tmp_path / "none.csv", tmp_path, false_gzip, cut_off, spoiled):
        with pytest.raises(UsageError):
            Trace(path)


def test_a_byte_order_mark_is_no_part_of_the_first_column(csv_file):
    assert Trace(csv_file("\ufeff" + GOOD), start_s=0.0).at(0.0) == Trace(
        csv_file(GOOD), start_s=0.0
    ).at(0.0)
