"""A firmware that does not work is left for the other one, wherever the power fails meanwhile.

The board's own boot.py, main.py and trial.py run, on files that `make flash` put there.
"""

import errno
from types import SimpleNamespace

import pytest
from board_flash import (
    AGAIN,
    BOOT,
    BROKEN,
    HANGS,
    LEAVE,
    MAIN,
    PACK,
    RAISES,
    WORKS,
    Board,
    PowerCut,
)

from headroom.app import building
from meter import flash as tool

OLD, NEW = b"old app", b"new app"


@pytest.fixture
def board(tmp_path):
    """A board on which the old firmware works, and `board.flash(NEW)`, which does not start it."""
    targets = {}
    for app in (OLD, NEW):
        folder = targets[app] = tmp_path / app.decode()
        (folder / "headroom").mkdir(parents=True)
        (folder / "headroom" / "app.mpy").write_bytes(app)
        (folder / "boot.py").write_bytes(BOOT)
        (folder / "leave.py").write_bytes(LEAVE)
        (folder / "main.py").write_bytes(MAIN)
        (folder / "pack.mpy").write_bytes(PACK)
    made = Board(names=("headroom/app.mpy",))
    made.flash = lambda app: tool.install(targets[app], made, lambda count: None)
    made.flash(OLD)
    return made


class Firmware:
    """What each of the two does, by its app; `runs` is the last that was started."""

    def __init__(self, old=WORKS, new=WORKS):
        self.does = {OLD: old, NEW: new}
        self.runs = None

    def __call__(self, files):
        self.runs = files["headroom/app.mpy"]
        return self.does[self.runs]


def test_one_that_works_for_a_minute_stays(board, monkeypatch):
    board.flash(NEW)
    assert board.read("/active") == "a"
    for _ in range(3):
        firmware = Firmware()
        assert board.live(firmware, monkeypatch)
        assert firmware.runs == NEW
    assert board.read("/active") == "b"
    assert board.log == ["the firmware in /b has worked for a minute, and stays"]


@pytest.mark.parametrize("fault", [HANGS, RAISES, BROKEN])
def test_one_that_does_not_work_is_left_and_the_log_says_why(board, monkeypatch, fault):
    board.flash(NEW)
    firmware = Firmware(new=fault)
    for _ in range(3):
        assert board.live(firmware, monkeypatch)
        assert firmware.runs == OLD
    assert board.ran.count("/b") == 1
    (why,) = board.log
    assert why.startswith("left the firmware in /b: ")
    words = {HANGS: "did not work for a minute", RAISES: "MemoryError", BROKEN: "incompatible"}
    assert words[fault] in why


def test_a_restart_that_someone_wants_is_no_failure(board, monkeypatch):
    board.flash(NEW)
    assert board.live(Firmware(new=AGAIN), monkeypatch, most=3) is None
    firmware = Firmware()
    assert board.live(firmware, monkeypatch)
    assert firmware.runs == NEW
    assert board.read("/active") == "b"


@pytest.mark.parametrize("fault", [RAISES, BROKEN])
def test_one_that_worked_and_can_no_longer_start_is_left_as_well(board, monkeypatch, fault):
    board.flash(NEW)
    assert board.live(Firmware(), monkeypatch)
    firmware = Firmware(new=fault)
    assert board.live(firmware, monkeypatch)
    assert firmware.runs == OLD
    assert board.read("/active") == "a"
    stays, left, stays_instead = board.log
    assert left.startswith("left the firmware in /b: ")
    assert stays_instead == stays.replace("/b", "/a")


def test_two_that_do_not_start_take_turns_with_a_pause(board, monkeypatch):
    board.flash(NEW)
    assert board.live(Firmware(RAISES, BROKEN), monkeypatch, most=6) is None
    assert board.ran == ["/b", "/a"] * 3
    assert board.paused_s == 60
    firmware = Firmware(WORKS, BROKEN)
    assert board.live(firmware, monkeypatch)


@pytest.mark.parametrize("named", [b"", b"a\xff", b"c", b"/"])
@pytest.mark.parametrize(("old", "new"), [(WORKS, WORKS), (WORKS, BROKEN), (BROKEN, WORKS)])
def test_a_damaged_name_of_the_folder_ends_in_a_firmware_that_works(
    board, monkeypatch, named, old, new
):
    board.flash(NEW)
    assert board.live(Firmware(), monkeypatch)
    board.files["/active"] = named
    firmware = Firmware(old, new)
    assert board.live(firmware, monkeypatch)
    assert firmware.does[firmware.runs] == WORKS
    board.flash(NEW)
    assert board.live(Firmware(), monkeypatch)
    assert board.read("/active") in ("a", "b")


@pytest.mark.parametrize("named", [b"", b"\xff", b"c"])
def test_a_damaged_name_of_what_is_on_trial_leaves_the_one_that_works(board, monkeypatch, named):
    board.files["/trial"] = named
    for _ in range(2):
        firmware = Firmware()
        assert board.live(firmware, monkeypatch)
        assert firmware.runs == OLD
    assert "/tried" not in board.files
    assert len(board.log) == 1


def test_a_full_flash_does_not_keep_the_other_from_starting(board, monkeypatch):
    board.flash(NEW)
    board.no_room_for = "/failed"
    firmware = Firmware(new=BROKEN)
    assert board.live(firmware, monkeypatch)
    assert firmware.runs == OLD


def test_a_flash_that_cant_be_written_or_listed_does_not_keep_the_meter_from_starting(
    board, monkeypatch
):
    def fail(path):
        raise OSError(errno.EIO)

    board.flash(NEW)
    board.remove = fail
    firmware = Firmware(new=HANGS)
    assert board.live(firmware, monkeypatch)
    assert firmware.runs == OLD
    with monkeypatch.context() as patch:
        patch.setattr(building, "os", SimpleNamespace(listdir=fail))
        assert building.trial(None, "a") is None


@pytest.mark.parametrize("fault", [RAISES, BROKEN])
def test_the_only_one_leaves_the_prompt_and_a_fed_watchdog(board, monkeypatch, fault):
    board.reachable = 0
    assert board.live(Firmware(fault), monkeypatch) is False
    assert board.ran == ["/a"]
    assert (board.reachable > 0) is (fault == RAISES), "the port is part of what can't be imported"


@pytest.mark.parametrize("fault", [WORKS, HANGS, RAISES, BROKEN])
def test_wherever_the_power_fails_a_firmware_works(board, monkeypatch, fault):
    """Before each step of the update and of the starts after it; then flashed once more."""
    flashed = dict(board.files), set(board.folders)
    for cut_at in range(200):
        board.files, board.folders = dict(flashed[0]), set(flashed[1])
        board.left = cut_at
        try:
            board.flash(NEW)
            assert board.live(Firmware(new=fault), monkeypatch)
            break
        except PowerCut:
            pass
        board.left = 1 << 30
        firmware = Firmware(new=fault)
        assert board.live(firmware, monkeypatch), cut_at
        assert fault == WORKS or firmware.runs == OLD
        board.flash(NEW)
        firmware = Firmware()
        assert board.live(firmware, monkeypatch)
        assert firmware.runs == NEW
    else:
        pytest.fail("no update ever ended")
