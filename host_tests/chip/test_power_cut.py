"""The power fails before each erase and each program of a save: the settings are old or new."""

import json

import pytest

from headroom.settings.store import Store
from lab.chip.chip import PowerCut
from lab.chip.files import contents
from lab.chip.fork import in_a_copy

OLD_A, NEW_A = 61, 62
CODE = """
from headroom.settings import table
from headroom.settings.store import Store
import os
try:
    os.mkdir("/data")
except OSError:
    pass
store = Store("/data")
values = store.load()
def save(breaker_a):
    values["breaker_a"] = breaker_a
    store.save(values)
"""


@pytest.fixture(scope="session")
def saved(parts):
    """A chip that has loaded the store and saved OLD_A; both files exist."""
    parts.run(CODE + f"save(60); save({OLD_A})")
    return parts


def flash_after_a_cut(rig, operation):
    """The flash's content after a power failure before that operation; None if all were done."""
    rig.chip.flash.operations = 0
    rig.chip.flash.cut_at = operation
    try:
        rig.run(f"save({NEW_A})")
    except PowerCut:
        return rig.chip.flash.read()
    return None


def breaker_a(content, folder):
    """What the firmware's store, here on the PC, finds in a content of the flash."""
    folder.mkdir()
    for name, data in contents(content).items():
        if name.startswith("data/"):
            (folder / name.removeprefix("data/")).write_bytes(data)
    return Store(str(folder)).load()["breaker_a"]


def test_every_cut_leaves_the_old_settings_or_the_new(saved, tmp_path):
    found = []
    while content := in_a_copy(lambda: flash_after_a_cut(saved, len(found) + 1)):
        found.append(breaker_a(content, tmp_path / str(len(found))))
    print("breaker_a after a cut before each operation:", found)
    assert len(found) > 3
    assert found == sorted(found), "once it is the new one, it stays the new one"
    assert set(found) <= {OLD_A, NEW_A}
    assert found[0] == OLD_A


@pytest.mark.slow
@pytest.mark.parametrize("operation", [2, 4])
def test_the_chip_itself_comes_up_with_them(saved, operation):
    content = flash_after_a_cut(saved, operation)
    saved.chip.power_cycle(content)
    said = saved.run(CODE + "import json\nprint(json.dumps([values['breaker_a'], store.source]))")
    found, source = json.loads(said)
    assert found in (OLD_A, NEW_A)
    assert source.startswith("slot")
