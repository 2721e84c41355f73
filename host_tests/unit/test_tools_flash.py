"""`meter flash`: refusals in one line; and whatever is cut off, one whole firmware is left."""

import hashlib
import io
import os
import pty
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from meter import board_files
from meter import flash as tool
from meter.errors import MeterError, UsageError

BOOT = (Path(__file__).parents[2] / "firmware" / "boot.py").read_bytes()
OLD_BOOT = b"# of the version before\n" + BOOT
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


class PowerCut(Exception):
    pass


class Board:
    """A board's files in a dict; before the step `cut_at` the power fails.

    A file is written in steps: it is there and empty, it has one byte, half of them, all of them.
    """

    def __init__(self, cut_at=1 << 30):
        self.files = {}
        self.folders = set()
        self.left = cut_at

    def _step(self):
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    def hashes(self, folder):
        below = {path: data for path, data in self.files.items() if path.startswith(folder + "/")}
        return {path: hashlib.sha256(data).hexdigest() for path, data in below.items()}

    def read(self, path):
        return self.files.get(path, b"").decode()

    def write(self, path, data, progress):
        for parent in Path(path).parents[:-1]:
            self._step()
            self.folders.add(str(parent))
        for count in (0, 1, len(data) // 2, len(data)):
            self._step()
            self.files[path] = data[:count]
        progress(len(data))

    def rename(self, old, new):
        self._step()
        self.files[new] = self.files.pop(old)

    def remove(self, path):
        self._step()
        del self.files[path]

    def remove_empty(self, folder):
        for made in sorted(self.folders, reverse=True):
            below = [path for path in self.files if path.startswith(made + "/")]
            if made.startswith(folder) and not below:
                self._step()
                self.folders.remove(made)

    def starts(self):
        """The firmware that the board's own boot.py finds: it is run, with these files."""
        folders, imported = [], []

        def opened(path):
            if path not in self.files:
                raise FileNotFoundError(path)
            return io.StringIO(self.files[path].decode())

        def found(name, *_):
            if name == "sys":
                return SimpleNamespace(path=folders)
            imported.append(name)
            return MagicMock()

        builtins = {"open": opened, "OSError": OSError, "__import__": found}
        exec(compile(self.files["/boot.py"], "boot.py", "exec"), {"__builtins__": builtins})
        assert imported == ["headroom", "board", "headroom"], "of that folder, after the choice"
        (start,) = folders
        hidden = [p for p in self.files if p.startswith(start) and p[:-4] in self.folders]
        assert not hidden, "MicroPython takes a folder before a file"
        below = {p: data for p, data in self.files.items() if p.startswith(start + "/")}
        return {path.removeprefix(start + "/"): data for path, data in below.items()}


def build(folder, files, boot):
    for name, data in (files | {"boot.py": boot, "main.py": boot}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def old(tmp_path):
    return build(tmp_path / "old", OLD, OLD_BOOT)


@pytest.fixture
def new(tmp_path):
    return build(tmp_path / "new", NEW, BOOT)


def test_each_flash_uses_the_other_folder_and_leaves_nothing_stale(old, new):
    board = Board()
    counted = []
    for target, files in ((old, OLD), (new, NEW), (old, OLD), (new, NEW)):
        tool.install(target, board, counted.append)
        assert board.starts() == files
        assert board.files["/boot.py"] == (target / "boot.py").read_bytes()
    assert not [path for path in board.files if path.endswith(".new")]


def test_the_same_again_writes_only_what_names_the_folder(old):
    board = Board()
    for _ in range(2):
        tool.install(old, board, lambda count: None)
    board.left = 5  # four of a write, and the rename
    tool.install(old, board, lambda count: None)


def test_a_power_failure_at_any_step_of_an_update_leaves_a_whole_firmware(old, new):
    """The board's own boot.py, old or new, starts it whole; flashing again ends the update."""
    ended = 0
    for cut_at in range(200):
        board = Board()
        tool.install(old, board, lambda count: None)
        board.left = cut_at
        try:
            tool.install(new, board, lambda count: None)
            ended += 1
        except PowerCut:
            pass
        assert board.starts() in (OLD, NEW), cut_at
        assert board.files["/boot.py"] in (OLD_BOOT, BOOT)
        assert board.files["/main.py"] in (OLD_BOOT, BOOT)
        board.left = 1 << 30
        tool.install(new, board, lambda count: None)
        assert board.starts() == NEW
        if ended:
            return
    pytest.fail("no update ever ended")


def test_a_blank_board_starts_nothing_before_all_is_there(new):
    cut_at = 0
    while True:
        board = Board(cut_at)
        try:
            tool.install(new, board, lambda count: None)
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
    monkeypatch.setattr(board_files, "REPL_S", 1)
    monkeypatch.setattr(board_files, "READ_S", 1)
    board, port = pty.openpty()
    try:
        with pytest.raises(MeterError, match="no MicroPython answers there"):
            tool.flash("pico", os.ttyname(port))
    finally:
        os.close(board)
        os.close(port)
