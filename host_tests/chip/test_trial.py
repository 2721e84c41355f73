"""A new firmware in the other folder, on the chip: one that can't be imported is left."""

import shutil

import pytest

from headroom import VERSION
from lab.chip.chip import FORCED
from lab.chip.files import contents, file_system
from lab.chip.rig import SETTINGS, Rig, slot
from meter.build import BESIDE
from meter.flash import PACK
from meter.pack import pack

PAUSE_MS = 10_000  # main.py
LONGEST_START_MS = 8000


def with_two(image, firmware, tmp_path, name, damaged):
    """A board with a good firmware in /a, and in /b, on trial, the same with one file damaged."""
    bad = tmp_path / "bad"
    shutil.copytree(firmware, bad)
    (bad / name).write_bytes(damaged((bad / name).read_bytes()))
    on_board = {name: (firmware / name).read_bytes() for name in BESIDE} | {
        "active": b"a",
        "trial": b"b",
        "a/" + PACK: pack(firmware, BESIDE),
        "b/" + PACK: pack(bad, BESIDE),
        "data/settings.a": slot(SETTINGS),
    }
    rig = Rig(image, firmware)
    start, content = file_system(on_board)
    rig.chip.flash.write(content, start)
    return rig


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "damaged", "why"),
    [
        (
            "headroom/app/__init__.mpy",
            lambda data: data[:1] + b"\x05" + data[2:],
            "incompatible .mpy file",
        ),
        ("headroom/ports/rp2.mpy", lambda data: b"", "Error"),
        ("board.mpy", lambda data: b"raise MemoryError", "Error"),
    ],
    ids=["of another version", "an empty file of the port", "no board"],
)
def test_one_that_cannot_be_imported_is_left_and_the_log_says_why(
    image, firmware, tmp_path, name, damaged, why
):
    rig = with_two(image, firmware, tmp_path, name, damaged)
    chip = rig.chip
    chip.run_until(lambda: chip.resets, LONGEST_START_MS + PAUSE_MS, step_ms=20)
    ((at_ns, reason),) = chip.resets
    assert reason == FORCED
    assert at_ns > PAUSE_MS * 1e6
    assert b"Ctrl-C prevents" in chip.usb.output
    chip.usb.output.clear()
    rig.start()
    assert f"Headroom {VERSION} in /a on pico" in rig.ask("version")
    log = rig.ask("log")
    assert "left the firmware in /b: " in log
    assert why in log
    found = contents(chip.flash.read())
    assert found["active"] == b"a"
    assert not {"trial", "tried", "failed"} & set(found)


@pytest.mark.slow
def test_meanwhile_mpremote_reaches_the_board(image, firmware, tmp_path):
    rig = with_two(image, firmware, tmp_path, "headroom/app/__init__.mpy", lambda data: b"")
    chip = rig.chip
    chip.run_until(lambda: b"Ctrl-C prevents" in chip.usb.output, LONGEST_START_MS)
    assert rig.run("print(6 * 7)") == "42\n"
    chip.run_ms(2 * PAUSE_MS)
    assert chip.resets == []
