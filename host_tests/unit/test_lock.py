"""The installer's lock: a hash of many small steps, waits that no restart shortens, and a PIN that
is the old or the new one whatever is cut off.
"""

import hashlib
import io
import itertools
from types import SimpleNamespace

import pytest

from headroom.console import lock as module
from headroom.console.lock import Lock
from headroom.storage import pair
from headroom.storage.pair import Pair


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
    return lambda: Lock(Pair(str(tmp_path), "lock"))


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
    for _ in Lock(Pair(str(tmp_path), "lock")).set_pin("1234"):
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


def test_the_right_pin_opens_though_the_flash_fails_just_then(lock, monkeypatch):
    done(lock().set_pin("1234"))
    door = lock()
    save, saves = door._pair.save, []

    def second_fails(text):
        saves.append(text)
        if len(saves) == 2:
            raise OSError(28)
        save(text)

    monkeypatch.setattr(door._pair, "save", second_fails)
    assert done(door.try_pin("1234"))
    assert not door.locked
    assert done(lock().try_pin("1234")), "and it is the PIN of the next start too"


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


def accepts(door, pin):
    """Whether that PIN, or none for "", is the one."""
    return done(door.try_pin(pin)) if pin else not door.has_pin


@pytest.mark.parametrize(("old", "new"), [("1234", "56789"), ("", "56789"), ("1234", "")])
@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_change_that_ends_at_any_step_leaves_the_old_pin_or_the_new(lock, old, new, tries):
    """Ended by an exception, by Ctrl-C, or with the power: here, and after a restart."""
    for steps in itertools.count():
        done(lock().set_pin(old))
        for _ in range(tries if old else 0):
            done(lock().try_pin("0000"))  # the newest record is in this file or that
        door = lock()
        change = door.set_pin(new)
        if len(list(itertools.islice(change, steps))) < steps:
            break
        change.close()
        now = old if accepts(lock(), old) else new
        assert accepts(lock(), now), steps
        assert accepts(door, now), steps
    assert accepts(door, new)
    assert accepts(lock(), new)


class FailingFile(io.StringIO):
    """A file of which the first `length` bytes reach the flash; then it fails or all is dark."""

    def __init__(self, path, length):
        super().__init__()
        self._path = path
        self._length = length

    def __exit__(self, *_):
        with open(self._path, "w") as file:
            file.write(self.getvalue()[: self._length])
        raise OSError(28)


@pytest.mark.long
@pytest.mark.parametrize(("old", "new"), [("1234", "56789"), ("1234", ""), ("", "1234")])
@pytest.mark.parametrize("first", [0, 1])
def test_a_write_that_is_cut_off_at_any_byte_leaves_the_old_pin_or_the_new(
    tmp_path, lock, monkeypatch, old, new, first
):
    """The record is written to one file, then to the other; the first PIN ever finds neither."""
    for length in range(120):
        for path in tmp_path.iterdir():
            path.unlink()
        if old:
            done(lock().set_pin(old))
        writes = itertools.count()

        def failing(path, mode="r", length=length, writes=writes):
            fails = "w" in mode and next(writes) == first
            return FailingFile(path, length) if fails else open(path, mode)

        door = lock()
        with monkeypatch.context() as patch:
            patch.setattr(pair, "open", failing, raising=False)
            if first == 0:
                with pytest.raises(OSError, match="28"):
                    done(door.set_pin(new))
            else:
                done(door.set_pin(new))
        assert next(writes) > first
        assert accepts(lock(), old) or accepts(lock(), new), length
        assert accepts(door, old if first == 0 else new), "what it was told"


@pytest.mark.parametrize("damage", [b"", b"?", b"\xff" * 90, "cut"], ids=repr)
def test_damaged_is_locked_and_stays_so(lock, tmp_path, damage):
    done(lock().set_pin("1234"))
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-1] if damage == "cut" else damage)
    for _ in range(3):
        door = lock()
        assert door.damaged
        assert door.has_pin
        assert door.locked
        for pin in ("1234", ""):
            assert done(door.try_pin(pin)) is False
        assert door.locked
    for path in tmp_path.iterdir():
        path.unlink()
    assert not lock().has_pin, "the way back of whoever has the board in hand"


def test_one_damaged_file_leaves_the_pin_of_the_other(lock, tmp_path):
    done(lock().set_pin("1234"))
    for path in list(tmp_path.iterdir()):
        path.write_bytes(path.read_bytes()[:-1])
        assert accepts(lock(), "1234")
        done(lock().set_pin("1234"))
