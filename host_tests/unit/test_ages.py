"""Stamps of any age: `ticks_diff` turns negative half way to the wrap of `ticks_ms`."""

import ast
import random

import pytest
from charging_bench import Bench
from micropython import TICKS_PERIOD

from headroom.charging.ages import DAY_MS, Ages
from lab.sim import chargers as sim
from meter.paths import FIRMWARE

HOUR_S = 3600
WRAP_DAYS = TICKS_PERIOD / DAY_MS  # 12.4
LONG = [6.3, 7, 13, 26, 60]  # half the wrap is 6.2 days

# Stamps that live in an object and are still always young, and why.
YOUNG = {
    ("app/control.py", "self._waited_ms"): "set anew in each turn of the task that reads it",
    ("app/planning.py", "self._before_ms"): "each turn of control sets it",
    ("app/control.py", "self._decided_ms"): "every window or, without any, 300 ms sets it",
    ("app/control.py", "self._meter.due_ms"): "each poll sets it",
    ("app/control.py", "reading.at_ms"): "read when the window has just ended",
    ("metering/meter.py", "self._counted_from_ms"): "set anew every few seconds of samples",
    ("metering/chip_meter.py", "self._polled_ms"): "each poll that works sets it, every 25 ms",
    ("metering/chip_meter.py", "self._window_ms"): "each window sets it",
    ("console/shell.py", "self._begun_ms"): "each poll sets it",
    ("console/improv.py", "self._at_ms"): "older than 6.2 days it seems to come yet: over as well",
    ("answering/readings.py", "window.at_ms"): "where it is older, the health is stale",
    ("ports/rp2.py", "self._at_ms"): "each call sets it, and the watchdog bites within 8 s",
    (
        "ports/esp32_sampler.py",
        "self._last_us",
    ): "the timer sets it, and the watchdog bites within 8 s",
}


def test_no_stamp_that_may_be_old_meets_a_bare_ticks_diff():
    """A local name is the stamp of this very call; anything else must be an Ages, or be above."""
    used = set()
    for path in sorted(FIRMWARE.rglob("*.py")):
        name = (
            path.relative_to(FIRMWARE / "headroom").as_posix() if "headroom" in path.parts else ""
        )
        if name == "charging/ages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ticks_diff"):
                for argument in node.args:
                    if isinstance(argument, ast.Name | ast.Call):
                        continue
                    place = (name or path.name, ast.unparse(argument))
                    assert place in YOUNG, f"{place}: may that be older than 6.2 days?"
                    used.add(place)
    assert used == set(YOUNG), "the table names what is there"


@pytest.mark.parametrize("seed", range(5))
def test_an_age_is_the_truth_up_to_a_day_and_a_day_from_then_on(seed):
    chance = random.Random(seed)
    true_ms = chance.randrange(TICKS_PERIOD)
    ages = Ages(3, true_ms % TICKS_PERIOD)
    begun_ms = [true_ms] * 3
    for _ in range(4000):
        true_ms += chance.choice((1, 200, HOUR_S * 1000, 6 * HOUR_S * 1000))
        ages.look(true_ms % TICKS_PERIOD)
        which = chance.randrange(3)
        if chance.random() < 0.02:
            ages.begin(which, true_ms % TICKS_PERIOD)
            begun_ms[which] = true_ms
        expected_ms = min(true_ms - begun_ms[which], DAY_MS)
        assert ages.of(which, true_ms % TICKS_PERIOD) == expected_ms
    assert true_ms > 10 * WRAP_DAYS * DAY_MS


def days_pass(bench, days):
    """The bus has its turns all the time; one an hour is enough to show what it does with age."""
    for _ in range(round(days * 24)):
        bench.pass_time(HOUR_S)
        bench.clock.run(bench.bus.turn(bench.clock.us // 1000 % TICKS_PERIOD))


@pytest.fixture
def bench():
    """A charger that takes raises 5 s apart and needs a token, and one that pauses by 0 A."""
    with Bench(sim.Mennekes, sim.Heidelberg) as made:
        made.allocate(6, 6)
        made.run(20)
        assert [model.pilot_a for model in made.models] == [6, 6]
        yield made


@pytest.mark.parametrize("days", LONG)
def test_a_raise_is_written_within_seconds_however_long_the_car_was_away(bench, days):
    days_pass(bench, days)
    bench.run(12)
    bench.allocate(16, 16)
    bench.run(6)
    assert [model.pilot_a for model in bench.models] == [16, 16]


@pytest.mark.parametrize("days", LONG)
def test_tokens_and_polls_go_on(bench, days):
    days_pass(bench, days)
    bench.run(12)
    before = len(bench.line.sent)
    bench.run(60)
    frames = [frame for _, frame in bench.line.sent[before:]]
    tokens = [frame for frame in frames if frame[0] == 50 and frame[2:4] == b"\x0d\x00"]
    assert 12 <= len(tokens) <= 16, "every 4 s"
    for unit in (50, 1):
        polls = [frame for frame in frames if frame[0] == unit and frame[1] in (3, 4)]
        assert 50 <= len(polls) <= 125, "each block every second"
    assert [model.pilot_a for model in bench.models] == [6, 6]


@pytest.mark.parametrize("days", LONG)
def test_after_days_without_a_measurement_frames_go_out_at_once(bench, days):
    bench.blind()
    bench.run(5)
    before = len(bench.line.sent)
    days_pass(bench, days)
    assert len(bench.line.sent) == before
    bench.allocate(10, 10)
    bench.run(1)
    assert {frame[0] for _, frame in bench.line.sent[before:]} == {50, 1}
    bench.run(12)
    assert [model.pilot_a for model in bench.models] == [10, 10]


@pytest.mark.parametrize("days", LONG)
def test_a_charger_that_was_switched_off_for_days_is_driven_when_it_is_back(bench, days):
    bench.models[0].power_off()
    bench.run(10)
    assert not bench.chargers[0].state.online
    days_pass(bench, days)
    bench.models[0].power_on()
    bench.allocate(16, 16)
    bench.run(40)
    assert [model.pilot_a for model in bench.models] == [16, 16]
