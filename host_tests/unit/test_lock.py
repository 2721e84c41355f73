"""The installer's lock: a hash of many small steps, and waits that no restart shortens."""

import hashlib
from types import SimpleNamespace

import pytest

from headroom import lock as module
from headroom.lock import Lock
from headroom.slots import Slots


def done(steps):
    """The value of a generator of steps."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value


@pytest.fixture
def lock(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROUNDS", 45)
    return lambda: Lock(Slots(str(tmp_path), "lock"))


def test_the_pin_is_kept_as_a_salted_hash_of_many_rounds(lock, tmp_path):
    done(lock().set_pin("1234"))
    kept = (tmp_path / "lock.a").read_text()
    salt, digest, _ = kept.splitlines()[0].split(" ")
    assert digest == hashlib.sha256(45 * (salt + "1234").encode()).hexdigest()
    assert "1234" not in kept.replace(salt, "").replace(digest, "")
    again = lock()
    done(again.set_pin("1234"))
    assert (tmp_path / "lock.b").read_text().splitlines()[0] != kept.splitlines()[0]


def test_no_step_has_more_than_20_rounds_and_there_are_4000(tmp_path, monkeypatch):
    assert module.ROUNDS >= 4000
    rounds = []
    digest = SimpleNamespace(update=rounds.append, digest=lambda: b"")
    monkeypatch.setattr(module.hashlib, "sha256", lambda: digest)
    longest = 0
    for _ in Lock(Slots(str(tmp_path), "lock")).set_pin("1234"):
        longest = max(longest, len(rounds))
        rounds.clear()
    assert longest <= 20


def test_it_opens_for_a_quarter_of_an_hour(lock):
    door = lock()
    assert not door.has_pin
    assert not door.locked
    done(door.set_pin("1234"))
    assert lock().locked
    door = lock()
    assert done(door.try_pin("1234")) is True
    door.pass_time(899_000)
    assert not door.locked
    door.pass_time(1_000)
    assert door.locked


def test_wrong_pins_cost_a_wait_that_doubles_and_survives_a_restart(lock):
    done(lock().set_pin("1234"))
    door = lock()
    waits_s = []
    for _ in range(12):
        door.pass_time(door.wait_ms)
        assert done(door.try_pin("0000")) is False
        waits_s.append(door.wait_ms // 1000)
        door.pass_time(1_000)
        door = lock()
        assert door.wait_ms == waits_s[-1] * 1000, "a restart shortened the wait"
    assert waits_s == [0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_power_failure_while_a_pin_is_tried_counts_as_a_wrong_one(lock):
    done(lock().set_pin("1234"))
    for _ in range(3):
        next(lock().try_pin("0000"))  # the try has begun; then the power goes
    assert lock().wait_ms == 30_000


def test_the_right_pin_ends_the_waits_and_none_removes_it(lock):
    done(lock().set_pin("1234"))
    for _ in range(4):
        done(lock().try_pin("0000"))
    door = lock()
    door.pass_time(door.wait_ms)
    assert done(door.try_pin("1234")) is True
    assert lock().wait_ms == 0
    done(door.set_pin(""))
    assert not lock().has_pin
