"""The tool behind `make flash` at the emulated chip's USB, and power that fails meanwhile."""

import sys

from lab.chip.port import Port

# The emulator is slower than a board, and the tool's patience is for boards.
FLASH = """
from meter import board_files, flash
flash.BACK_S = board_files.READ_S = board_files.REPL_S = 3600
flash.flash("pico", sys.argv[1])
"""


def make_flash(chip, cut_at=0):
    """What the tool printed, and whether it got to its end."""
    chip.flash.operations = 0
    chip.flash.cut_at = cut_at
    port = Port(chip)
    status, said = port.run(sys.executable, "-c", "import sys" + FLASH, port.path)
    print(chip.flash.operations, "operations of the flash")
    return said, status == 0


def power_fails(chip, at):
    """Flash until the power fails before operation `at`, then give it back."""
    said, done = make_flash(chip, at)
    assert not done
    assert chip.flash.cut
    assert "flash it once more" in said
    chip.power_cycle()
