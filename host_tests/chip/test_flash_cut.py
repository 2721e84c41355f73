"""The power fails while a running meter is updated: a whole firmware starts, either of the two.

It can fail before any erase and any program of the flash. At two random points it does so under
`make flash` itself, through the chip's USB. At more of them its steps and the code that it runs on
the board (flash.install and BoardFiles) come straight to the chip's prompt: that is quicker. The
pack lies in the other folder already, but for one test: to write it takes a quarter of an hour.
"""

import json
import random
import shutil

import pytest
from flashing import make_flash, power_fails

from headroom import VERSION
from lab.chip.chip import PowerCut
from lab.chip.files import contents, file_system
from lab.chip.fork import in_a_copy
from lab.chip.rig import SETTINGS, Rig, slot
from meter import flash
from meter.board_files import BoardFiles
from meter.build import BESIDE
from meter.pack import pack

OLDER = "0.0.9"
CUTS = 6
chance = random.Random(8)
AT = [(part + chance.random()) / CUTS for part in range(CUTS)]  # of the whole update
THROUGH_USB = [chance.random() for _ in range(2)]
WITHIN = [chance.randrange(5, 60) for _ in range(2)]  # operations of the pack's 1,000
ENDING = AT[-1]  # whose second update is started as well: a start takes a minute


class Straight(BoardFiles):
    """A board without a port; `steps` notes after how many operations of the flash each began."""

    def __init__(self, rig):
        super().__init__("the chip")
        self._rig = rig
        self._transport = self
        self.steps = []
        self.known = None  # the hashes, if they were asked for before

    def exec(self, code):
        return self._rig.run(code, 60_000).encode()

    def hashes(self, folder):
        return dict(self.known) if self.known is not None else super().hashes(folder)

    def _run(self, code):
        self.steps.append(self._rig.chip.flash.operations)
        super()._run(code)


@pytest.fixture(scope="session")
def versions(firmware, tmp_path_factory):
    """What lies on a board with the older version, and with the new: the pack, and what is beside.

    How a board is updated that has each file by itself is in vm/test_update.py.
    """
    older = tmp_path_factory.mktemp("older") / "pico"
    shutil.copytree(firmware, older)
    for name in ("boot.py", "main.py"):
        (older / name).write_bytes(b"# older\n" + (firmware / name).read_bytes())
    first = older / "headroom/__init__.mpy"
    first.write_bytes(first.read_bytes().replace(VERSION.encode(), OLDER.encode()))
    old, new = (on_a_board(folder) for folder in (older, firmware))
    assert old[flash.PACK] != new[flash.PACK]
    return old, new


def on_a_board(firmware):
    beside = {name: (firmware / name).read_bytes() for name in BESIDE}
    return beside | {flash.PACK: pack(firmware, BESIDE)}


@pytest.fixture(scope="session")
def updating(image, firmware, versions):
    """(rig, files): a meter of the older version that ran and was stopped for an update."""
    old, new = versions
    on_board = {"active": b"a", "data/settings.a": slot(SETTINGS)}
    for name in old:
        on_board[name if name in BESIDE else f"a/{name}"] = old[name]
    on_board["b/" + flash.PACK] = new[flash.PACK]
    on_board["b/headroom/gone/inner.mpy"] = b"of a version before that"
    rig = Rig(image, firmware)
    start, content = file_system(on_board)
    rig.chip.flash.write(content, start)
    rig.start()
    assert version(rig) == OLDER
    files = Straight(rig)
    files.known = files.hashes("/b")
    return rig, files


@pytest.fixture(scope="session")
def operations(updating, firmware):
    """How many erases and programs the whole update takes."""
    rig, files = updating

    def whole():
        rig.chip.flash.operations = 0
        flash.install(firmware, files, lambda count: None)
        print("operations before each step:", files.steps)
        return rig.chip.flash.operations

    return in_a_copy(whole)


def start_again(rig):
    """The power comes back."""
    rig.chip.power_cycle()
    rig.start()


def version(rig):
    """What the running meter says."""
    return json.loads(rig.ask("json version"))["version"]


def version_in_use(rig):
    """What lies in the folder that is on trial, else in the one that /active names."""
    found = contents(rig.chip.flash.read())
    return VERSION if found.get("tried", found["active"]) == b"b" else OLDER


@pytest.mark.slow
@pytest.mark.parametrize("part", AT, ids=lambda part: f"at {part:.0%}")
def test_an_update_that_was_cut_leaves_a_working_meter(
    updating, operations, firmware, versions, part
):
    rig, files = updating
    rig.chip.flash.operations = 0
    rig.chip.flash.cut_at = 1 + int(operations * part)
    with pytest.raises(PowerCut):
        flash.install(firmware, files, lambda count: None)
    print(f"before operation {rig.chip.flash.cut_at} of {operations}, step {len(files.steps)}")
    start_again(rig)
    assert version(rig) == version_in_use(rig)

    flash.install(firmware, Straight(rig), lambda count: None)
    found = contents(rig.chip.flash.read())
    folder = found.pop("trial").decode()
    below = {
        name.removeprefix(folder + "/"): data
        for name, data in found.items()
        if name.startswith(folder + "/") or name in BESIDE
    }
    assert below == versions[1]
    if part == ENDING:
        start_again(rig)
        assert version(rig) == VERSION


@pytest.mark.slow
@pytest.mark.parametrize("operation", WITHIN)
def test_the_power_fails_within_the_pack(updating, firmware, operation):
    rig, _ = updating
    rig.run(f"import os; os.remove('/b/{flash.PACK}')")
    rig.chip.flash.operations = 0
    rig.chip.flash.cut_at = operation
    with pytest.raises(PowerCut):
        flash.install(firmware, Straight(rig), lambda count: None)
    start_again(rig)
    assert version(rig) == OLDER


@pytest.mark.slow
@pytest.mark.parametrize("part", THROUGH_USB, ids=lambda part: f"at {part:.0%}")
def test_make_flash_over_a_running_meter_that_loses_its_power(updating, operations, part):
    rig, _ = updating
    start_again(rig)
    power_fails(rig.chip, 1 + int(operations * part))
    rig.start()
    assert version(rig) == version_in_use(rig)
    said, done = make_flash(rig.chip)
    assert done, said
    assert f"Headroom {VERSION} in /b on pico" in said
    rig.chip.usb.output.clear()
    assert version(rig) == VERSION
