"""What several tests stand on: chargers on a line in virtual time, a console on a desk."""

import pytest
from desk import Desk
from installation import Installation, heidelberg
from supervised_plant import BREAKER_MA, DEADLINES_MS, TASKS, Watchdog, charger
from virtual_time import Clock

from headroom.console import lock
from headroom.settings import table
from headroom.supervisor import Supervisor


@pytest.fixture(autouse=True)
def the_table_of_each_test(monkeypatch):
    """One may fit it to a board; the next has another."""
    monkeypatch.setattr(table, "_of_board", {})
    for name in ("TABLE", "_span_mv", "voltage_place", "free_pins", "board"):
        monkeypatch.setattr(table, name, getattr(table, name))


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(ticks_ms=(1 << 30) - 4000)  # it wraps in the midst of every test
    clock.install(monkeypatch)
    return clock


@pytest.fixture
def one(clock):
    return Installation(clock, ("heidelberg", heidelberg()))


@pytest.fixture
def two(clock):
    return Installation(clock, ("heidelberg", heidelberg(1)), ("heidelberg", heidelberg(2)))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "ROUNDS", 50)
    return Desk(tmp_path)


@pytest.fixture
def watchdog():
    return Watchdog()


@pytest.fixture
def supervisor(watchdog):
    return Supervisor(TASKS, DEADLINES_MS, 2, BREAKER_MA, (), [charger()], watchdog)
