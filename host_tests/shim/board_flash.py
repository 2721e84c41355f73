"""A board's files, the power that fails between two steps, and its own boot.py and main.py."""

import binascii
import errno
import hashlib
import io
import struct
from pathlib import Path
from types import SimpleNamespace

from headroom.app import building
from headroom.storage import trial

FIRMWARE = Path(__file__).parents[2] / "firmware"
BOOT = (FIRMWARE / "boot.py").read_bytes()
MAIN = (FIRMWARE / "main.py").read_bytes()
LEAVE = (FIRMWARE / "headroom/ports/leave.py").read_bytes()
PACK = (FIRMWARE / "pack.py").read_bytes()  # compiled on a board
WORKS, AGAIN, HANGS, RAISES, BROKEN = "works", "restarts", "hangs", "raises", "no import"


class PowerCut(Exception):
    pass


class Reset(BaseException):
    """By the watchdog, or by machine.reset."""


class Works(BaseException):
    """The meter has run for a minute and more."""


class Board:
    """A board's files in a dict; before the step `cut_at` the power fails.

    `names` are those that a firmware's files may have: what boot.py mounted is asked for each.

    A file is written in steps: it is there and empty, it has one byte, half of them, all of them.
    """

    def __init__(self, cut_at=1 << 30, names=()):
        self.files = {}
        self.names = names
        self._mounted = {}
        self.folders = set()
        self.left = cut_at
        self.log = []
        self.ran = []  # the folders that were started
        self.reachable = 0
        self.paused_s = 0
        self.no_room_for = "nothing"
        self.free_blocks = 300

    def _step(self):
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    # What the tool does with them: see flash.Files

    def mpy_version(self):
        return PACK[1]

    def running(self):
        """What its boot.py chooses when the tool restarts the interpreter."""
        module = SimpleNamespace(current=lambda: self, reserve=lambda: None)
        folders = self._run("/boot.py", lambda name: module) if "/boot.py" in self.files else []
        return folders[0][1] if folders else ""

    def hashes(self, folder):
        below = {path: data for path, data in self.files.items() if path.startswith(folder + "/")}
        return {path: hashlib.sha256(data).hexdigest() for path, data in below.items()}

    def room(self, folder):
        """A block of the flash, and how many are free."""
        return 4096, self.free_blocks

    def read(self, path):
        try:
            return self.files.get(path, b"").decode()
        except ValueError:
            return ""

    def write(self, path, data, progress):
        if path.startswith(self.no_room_for):
            raise OSError(errno.ENOSPC)
        for parent in Path(path).parents[:-1]:
            self._step()
            self.folders.add(str(parent))
        for count in (0, 1, len(data) // 2, len(data)):
            self._step()
            self.files[path] = data[:count]
        progress(len(data))

    def rename(self, old, new):
        if old not in self.files:
            raise FileNotFoundError(old)
        self._step()
        self.files[new] = self.files.pop(old)

    def remove(self, path):
        if path not in self.files:
            raise FileNotFoundError(path)
        self._step()
        del self.files[path]

    def remove_empty(self, folder):
        for made in sorted(self.folders, reverse=True):
            below = [path for path in self.files if path.startswith(made + "/")]
            if made.startswith(folder) and not below:
                self._step()
                self.folders.remove(made)

    # What the board does with them

    def _open(self, path, mode="r"):
        if mode == "w":
            return _Written(self, path)
        if path not in self.files:
            raise FileNotFoundError(path)
        if mode == "rb":
            return _Read(self.files[path])
        return io.StringIO(self.files[path].decode())

    def _stat(self, path):
        self._open(path, "rb")

    def _listdir(self, path):
        return {name.split("/")[1] for name in self.files}

    def starts(self):
        """The firmware that boot.py chooses: its files by name."""
        imported = []

        def found(name):
            imported.append(name)
            return SimpleNamespace(current=lambda: self, reserve=lambda: None)

        (start,) = self._run("/boot.py", found)
        assert imported == ["headroom", "board", "headroom"], "of that folder, after the choice"
        hidden = [p for p in self.files if p.startswith(start) and p[:-4] in self.folders]
        assert not hidden, "MicroPython takes a folder before a file"
        return self._firmware(start)

    def _firmware(self, start):
        """The files of a firmware by name: what is mounted there hides what lies there."""
        mounted = self._mounted.get(start)
        if not mounted:
            below = {p: data for p, data in self.files.items() if p.startswith(start + "/")}
            return {path.removeprefix(start + "/"): data for path, data in below.items()}
        found = {}
        for name in self.names:
            try:
                kind, *_, length, _, _, _ = mounted.stat("/" + name)
            except OSError:
                continue
            assert kind == 0x8000
            found[name] = mounted.open("/" + name, "rb").read()
            assert len(found[name]) == length
        return found

    def live(self, behaves, patch, most=9):
        """Starts until a firmware works for its minute (True) or the board is at its prompt.

        `behaves(files)` says what the firmware with these files does.
        """
        os = SimpleNamespace(rename=self.rename, remove=self.remove, listdir=self._listdir)
        patch.setattr(trial, "os", os)
        patch.setattr(building, "os", os)
        patch.setattr(trial, "open", self._open, raising=False)
        for _ in range(most):
            try:
                self._start(behaves, patch)
            except Works:
                return True
            except Reset:
                continue
            except Exception as error:
                if isinstance(error, PowerCut):
                    raise
                return False
        return None

    def _start(self, behaves, patch):
        folders = []

        def found(name):
            if name in ("headroom", "board") and self._behaviour(behaves, *folders) == BROKEN:
                raise ImportError("incompatible .mpy file")
            return SimpleNamespace(
                current=lambda: self,
                reserve=lambda: None,
                main=lambda board: self._lives(behaves, *folders),
            )

        self._run("/boot.py", found, folders)
        (folder,) = folders
        self.ran.append(folder[:2])
        self._run("/main.py", found, folders)

    def _behaviour(self, behaves, folder):
        return behaves(self._firmware(folder))

    def _lives(self, behaves, folder):
        """As app/ does it."""
        behaviour = self._behaviour(behaves, folder)
        if behaviour == RAISES:
            raise MemoryError("memory allocation failed")
        now = building.trial(SimpleNamespace(note=self.log.append), self.ran[-1][1:])
        if now:
            now.look(59_900)
            if behaviour == AGAIN:
                now.again()
        if behaviour in (AGAIN, HANGS):
            raise Reset
        if now:
            now.look(60_000)
        raise Works

    def stay_reachable(self, board):
        self.reachable += 1

    def _run(self, path, found, folders=None):
        folders = [] if folders is None else folders

        def reset():
            raise Reset

        def sleep(seconds):
            self.paused_s += seconds

        if path == "/boot.py":
            self._mounted.clear()
        known = {
            "binascii": SimpleNamespace(crc32=_crc32),
            "io": SimpleNamespace(IOBase=io.RawIOBase),
            "struct": struct,
            "sys": SimpleNamespace(path=folders, print_exception=lambda error: None),
            "os": SimpleNamespace(
                rename=self.rename,
                listdir=self._listdir,
                stat=self._stat,
                mount=lambda what, at: self._mounted.update({at: what}),
            ),
            "time": SimpleNamespace(sleep=sleep),
            "machine": SimpleNamespace(reset=reset),
            "micropython": SimpleNamespace(kbd_intr=lambda character: None, const=int),
        }

        def imported(name, globals_, locals_, names, level=0):
            if name in known:
                return known[name]
            if name in ("pack", "leave"):
                return SimpleNamespace(**run({"pack": "/pack.mpy", "leave": "/leave.py"}[name]))
            module = found(name)
            return SimpleNamespace(**dict.fromkeys(names or (), module)) if names else module

        builtins = {
            "open": self._open, "OSError": OSError, "Exception": Exception, "repr": repr,
            "ValueError": ValueError, "KeyboardInterrupt": KeyboardInterrupt, "print": print,
            "ImportError": ImportError,
            "__import__": imported, "__build_class__": __build_class__, "bytearray": bytearray,
            "len": len, "max": max, "min": min,
        }  # fmt: skip

        def run(path):
            if path not in self.files:
                raise ImportError(path)
            names = {"__builtins__": builtins, "__name__": path}
            exec(compile(self.files[path], path, "exec"), names)
            return names

        run(path)
        return folders


def _crc32(data, crc=0):
    """MicroPython's takes text, too."""
    return binascii.crc32(data.encode() if isinstance(data, str) else data, crc)


class _Read(io.BytesIO):
    """MicroPython's readinto takes how many bytes at most, too."""

    def readinto(self, buffer, most=None):
        data = self.read(len(buffer) if most is None else most)
        buffer[: len(data)] = data
        return len(data)


class _Written(io.StringIO):
    def __init__(self, board, path):
        super().__init__()
        self._board, self._path = board, path

    def __exit__(self, *_):
        self._board.write(self._path, self.getvalue().encode(), lambda count: None)
