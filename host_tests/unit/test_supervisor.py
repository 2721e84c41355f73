"""The second observer: it feeds the watchdog only while all is well, and can overrule."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.supervisor import Supervisor

TASKS = ("measure", "bus", "console")
DEADLINES_MS = (1000, 5000, 5000)
BREAKER_MA = 100_000
WINDOW_MS = 200


class Watchdog:
    def __init__(self):
        self.fed = 0

    def feed(self):
        self.fed += 1


@pytest.fixture
def watchdog():
    return Watchdog()


@pytest.fixture
def supervisor(watchdog):
    return Supervisor(TASKS, DEADLINES_MS, 2, BREAKER_MA, watchdog)


def beat_all(supervisor, but=None):
    for task in range(len(TASKS)):
        if task != but:
            supervisor.beat(task)


def watch(supervisor, leg_ma, seconds):
    """Windows of these currents for so long, or until it trips; the seconds that passed."""
    for window in range(round(seconds * 1000 / WINDOW_MS)):
        if supervisor.tripped:
            return window * WINDOW_MS / 1000
        supervisor.watch(leg_ma, WINDOW_MS)
    return seconds


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


@pytest.mark.parametrize("leg", [0, 1])
@pytest.mark.parametrize("times_rated", [1.13, 1.2, 1.4, 2.0, 3.0])
def test_overload_trips_at_twice_the_controllers_budget(supervisor, watchdog, leg, times_rated):
    """The budget's integral of ((I / In)^2 - 1.05^2) dt is used up at 9 s."""
    currents = [BREAKER_MA // 2, BREAKER_MA // 2]
    currents[leg] = round(BREAKER_MA * times_rated)
    expected_s = 2 * 9 / (times_rated**2 - 1.05**2)
    tripped_s = watch(supervisor, currents, 10 * expected_s)
    assert tripped_s == pytest.approx(expected_s, rel=0.01, abs=2 * WINDOW_MS / 1000)
    assert supervisor.tripped == f"L{leg + 1} is above the breaker's rating and nothing helps"
    beat_all(supervisor)
    supervisor.check(100)
    assert watchdog.fed == 1, "an overload is no reason to reset"


def test_what_a_breaker_carries_for_ever_trips_nothing(supervisor):
    watch(supervisor, [104_900, 104_900], 3600)
    assert supervisor.tripped == ""


def test_a_trip_by_overload_clears_after_a_minute_of_calm(supervisor):
    watch(supervisor, [200_000, 0], 60)
    assert supervisor.tripped
    windows = 0
    while supervisor.tripped:
        supervisor.watch([50_000, 0], WINDOW_MS)
        windows += 1
    # 18 s of budget run off at (0.5^2 - 1.05^2) a second, then the minute.
    expected_s = 18 / (1.05**2 - 0.5**2) + 60
    assert windows * WINDOW_MS / 1000 == pytest.approx(expected_s, rel=0.01)


def test_calm_that_is_interrupted_begins_anew(supervisor):
    watch(supervisor, [200_000, 0], 60)
    for _ in range(20):
        for _ in range(240):
            supervisor.watch([0, 0], WINDOW_MS)
        supervisor.watch([200_000, 0], WINDOW_MS)
    assert supervisor.tripped


@pytest.mark.parametrize("task", range(len(TASKS)))
def test_an_exception_in_a_task_trips(supervisor, watchdog, task):
    async def work():
        raise ZeroDivisionError("divide by zero")

    from headroom.app import App

    app = App.__new__(App)
    app._supervisor = supervisor
    app.failure = None
    asyncio.run(app._guarded(task, work()))
    assert supervisor.tripped.startswith(f"task '{TASKS[task]}' failed: ZeroDivisionError")
    assert supervisor.dead
    assert isinstance(app.failure, ZeroDivisionError)
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
    supervisor = Supervisor(TASKS, DEADLINES_MS, 2, BREAKER_MA, Watchdog())
    for l1_ma, l2_ma, elapsed_ms in windows:
        supervisor.watch([l1_ma, l2_ma], elapsed_ms)
        supervisor.check(elapsed_ms)
