"""`meter flash`: refusals in one line; and whatever is cut off, one whole firmware is left."""

import os
import pty

import pytest
from board_flash import BOOT, LEAVE, MAIN, PACK, WORKS, Board, PowerCut

from meter import board_files, link
from meter import flash as tool
from meter.errors import MeterError, UsageError
from meter.link import Refused

OLD_BOOT = b"""# of the version before
import sys
try:
    with open("/active") as file:
        sys.path.insert(0, "/" + file.read())
except OSError:
    pass
from headroom import memory
memory.reserve()
import board
from headroom import ports
ports.current().stay_reachable(board)
"""
OLD = {
    "board.mpy": b"same board",
    "headroom/app.mpy": b"old app",
    "headroom/events/__init__.mpy": b"a folder, and in the next version a file",
    "headroom/gone.mpy": b"gone",
}
NEW = {
    "board.mpy": b"same board",
    "headroom/app.mpy": b"new app" * 99,
    "headroom/events.mpy": b"new",
    "umodbus/new.mpy": b"new",
}


NAMES = OLD | NEW


def older_board(cut_at=1 << 30):
    """As the tool of the version before left it: each file by itself, and a boot.py that knows
    no other."""
    board = Board(cut_at, NAMES)
    board.files = {f"/a/{name}": data for name, data in OLD.items()}
    board.files |= {"/boot.py": OLD_BOOT, "/main.py": MAIN, "/active": b"a"}
    board.folders = {"/a", "/a/headroom", "/a/headroom/events"}
    return board


def build(folder, files, boot):
    beside = {"pack.mpy": PACK, "boot.py": boot, "leave.py": LEAVE, "main.py": MAIN}
    for name, data in (files | beside).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def old(tmp_path):
    return build(tmp_path / "old", OLD, OLD_BOOT)


@pytest.fixture
def new(tmp_path):
    return build(tmp_path / "new", NEW, BOOT)


def nothing(count):
    pass


def runs(board, patch):
    """The firmware that works on it once it was tried."""
    tried = []

    def behaves(files):
        tried.append(files)
        return WORKS

    assert board.live(behaves, patch)
    return tried[-1]


def test_each_flash_uses_the_other_folder_and_leaves_nothing_stale(tmp_path, new, monkeypatch):
    old = build(tmp_path / "old", OLD, BOOT)
    board = Board(names=NAMES)
    for target, files in ((old, OLD), (new, NEW), (old, OLD), (new, NEW)):
        tool.install(target, board, nothing)
        assert board.starts() == files
        tool.install(target, board, nothing)
        assert runs(board, monkeypatch) == runs(board, monkeypatch) == files
    assert set(board.ran) == {"/a", "/b"}
    assert not [path for path in board.files if path.endswith(".new")]


def test_where_two_firmwares_have_no_room_nothing_is_changed(new):
    board = older_board()
    before = dict(board.files)
    board.free_blocks = 4
    with pytest.raises(MeterError, match=r"16 kB are free, it needs 52 kB; nothing was changed"):
        tool.install(new, board, nothing)
    assert board.files == before


def test_the_same_again_writes_only_what_names_the_folder(new, monkeypatch):
    board = Board(names=NAMES)
    for _ in range(2):
        tool.install(new, board, nothing)
        runs(board, monkeypatch)
    board.left = 5  # four of a write, and the rename
    tool.install(new, board, nothing)


def test_a_power_failure_at_any_step_of_an_update_leaves_a_whole_firmware(new):
    """The board's own boot.py, old or new, starts it whole; flashing again ends the update."""
    ended = 0
    for cut_at in range(200):
        board = older_board()
        board.left = cut_at
        try:
            tool.install(new, board, nothing)
            ended += 1
        except PowerCut:
            pass
        board.left = 1 << 30
        assert board.starts() in (OLD, NEW), cut_at
        assert board.files["/boot.py"] in (OLD_BOOT, BOOT)
        tool.install(new, board, nothing)
        assert board.starts() == NEW
        if ended:
            return
    pytest.fail("no update ever ended")


def test_a_blank_board_starts_nothing_before_all_is_there(new):
    cut_at = 0
    while True:
        board = Board(cut_at, NAMES)
        try:
            tool.install(new, board, nothing)
        except PowerCut:
            assert "/active" not in board.files
            cut_at += 1
            continue
        assert board.starts() == NEW
        return


@pytest.mark.parametrize("port", ["", "/dev/there-is-none"])
def test_an_absent_port_is_refused_before_anything_is_built(port, monkeypatch):
    monkeypatch.setattr(tool, "build_and_show", lambda board: pytest.fail("built in vain"))
    with pytest.raises(UsageError, match="serial ports found"):
        tool.flash("pico", port)


def test_an_absent_board_is_refused():
    with pytest.raises(UsageError, match="BOARD is one of"):
        tool.flash("nano", "/dev/null")


def test_a_port_that_is_no_serial_port_fails_in_one_line():
    with pytest.raises(MeterError, match=r"\A[^\n]+ at /dev/null failed: [^\n]+\Z"):
        tool.flash("pico", "/dev/null")


def test_a_port_that_stays_silent_is_told_from_a_broken_one(monkeypatch):
    monkeypatch.setattr(link, "PATIENCE_S", 1)
    monkeypatch.setattr(board_files, "REPL_S", 1)
    monkeypatch.setattr(board_files, "READ_S", 1)
    board, port = pty.openpty()
    try:
        with pytest.raises(MeterError, match="no MicroPython answers there"):
            tool.flash("pico", os.ttyname(port))
    finally:
        os.close(board)
        os.close(port)


class LetIn(Exception):
    """The tool has gone on to stop what runs."""


class Console:
    """Link, to a meter whose PIN is 4321."""

    lock = "locked"
    asked = ()

    def __init__(self, port):
        if self.lock == "no meter":
            raise MeterError("no meter answers")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def status(self):
        return {"lock": self.lock}

    def ask(self, line, patience_s):
        Console.asked += (line,)
        if line != "unlock 4321":
            raise Refused("the meter says: wrong PIN; nothing was changed")


@pytest.fixture
def console(monkeypatch):
    def let_in(port):
        raise LetIn

    monkeypatch.setattr(Console, "asked", ())
    monkeypatch.setattr(tool, "Link", Console)
    monkeypatch.setattr(tool, "check_port", lambda port: None)
    monkeypatch.setattr(tool, "build_and_show", lambda board: None)
    monkeypatch.setattr(tool, "BoardFiles", let_in)
    return Console


def test_a_meter_with_a_pin_is_asked_for_it_before_it_is_stopped(console, monkeypatch):
    prompts = []
    monkeypatch.setattr(tool.typer, "prompt", lambda text, hide_input: prompts.append(text) or "1")
    with pytest.raises(Refused, match="wrong PIN"):
        tool.flash("pico", "port")
    assert prompts == ["PIN of the meter at port"]
    with pytest.raises(LetIn):
        tool.flash("pico", "port", "4321")
    assert console.asked == ("unlock 1", "unlock 4321")
    assert len(prompts) == 1, "it was given"


@pytest.mark.parametrize("lock", ["no PIN", "open", "no meter"])
def test_a_board_without_a_pin_asks_for_none(console, monkeypatch, lock):
    monkeypatch.setattr(console, "lock", lock)
    monkeypatch.setattr(tool.typer, "prompt", lambda *_, **__: pytest.fail("asked in vain"))
    with pytest.raises(LetIn):
        tool.flash("pico", "port")
    assert console.asked == ()
