"""The second observer: beats, the watchdog, and what it says of a failure."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supervised_plant import (
    BREAKER_MA,
    DEADLINES_MS,
    TASKS,
    Watchdog,
    beat_all,
    charger,
)

from headroom.app.guard import Guard
from headroom.supervisor import Supervisor


def test_while_all_beat_the_watchdog_is_fed_with_each_check(supervisor, watchdog):
    for _ in range(1000):
        beat_all(supervisor)
        supervisor.check(100)
    assert watchdog.fed == 1000
    assert supervisor.tripped == ""
    assert not supervisor.dead


@pytest.mark.parametrize("late", range(len(TASKS)))
def test_a_late_beat_ends_the_feeding_for_good(supervisor, watchdog, late):
    for _ in range(DEADLINES_MS[late] // 100):
        beat_all(supervisor, but=late)
        supervisor.check(100)
    assert watchdog.fed == DEADLINES_MS[late] // 100, "not before its deadline"
    supervisor.check(100)
    assert supervisor.tripped == f"task '{TASKS[late]}' has hung"
    assert supervisor.dead
    fed = watchdog.fed
    for _ in range(10_000):
        beat_all(supervisor)
        supervisor.check(100)
        supervisor.watch([0, 0], 100)
    assert watchdog.fed == fed
    assert supervisor.tripped == f"task '{TASKS[late]}' has hung"


def test_one_very_late_check_is_seen(supervisor, watchdog):
    supervisor.check(1 << 40)
    assert supervisor.dead
    assert watchdog.fed == 0


@pytest.mark.parametrize("task", range(len(TASKS)))
def test_an_exception_in_a_task_trips(supervisor, watchdog, task):
    async def work():
        raise ZeroDivisionError("divide by zero")

    guard = Guard(supervisor, None, None)
    asyncio.run(guard.run(TASKS[task], work()))
    assert supervisor.tripped.startswith(f"task '{TASKS[task]}' failed: ZeroDivisionError")
    assert supervisor.dead
    assert isinstance(guard.failure, ZeroDivisionError)
    beat_all(supervisor)
    supervisor.check(100)
    assert watchdog.fed == 0


def test_the_first_failure_is_the_one_that_is_told(supervisor):
    supervisor.trip("task 'bus' failed: first")
    supervisor.trip("task 'bus' failed: second")
    assert supervisor.tripped == "task 'bus' failed: first"


@given(
    st.lists(
        st.tuples(st.integers(0, 1 << 28), st.integers(0, 1 << 28), st.integers(0, 1 << 28)),
        max_size=50,
    )
)
def test_any_currents_for_any_time_raise_nothing(windows):
    states = [charger(group=1), charger(group=1)]
    supervisor = Supervisor(TASKS, DEADLINES_MS, 2, BREAKER_MA, (40_000,), states, Watchdog())
    for l1_ma, l2_ma, elapsed_ms in windows:
        supervisor.watch([l1_ma, l2_ma], elapsed_ms)
        supervisor.check(elapsed_ms)
