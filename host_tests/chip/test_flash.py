"""`make flash` through the emulated USB: what is missing is copied, the new firmware starts."""

import json
import sys

import pytest

from meter.chip.files import file_system
from meter.chip.port import Port
from meter.chip.rig import Rig

# The emulator is slower than a board, and the tool's patience is for boards.
FLASH = """
from meter import board_files, flash
flash.BACK_S = board_files.READ_S = board_files.REPL_S = 600
flash.flash("pico", sys.argv[1])
"""


@pytest.mark.slow
def test_make_flash_updates_a_board(image, firmware):
    """The board has an older firmware in /a; most files are the same, some differ or are new."""
    rig = Rig(image, firmware)
    old = {
        f"a/{path.relative_to(firmware).as_posix()}": path.read_bytes()
        for path in firmware.rglob("*.mpy")
        if path.name not in ("__init__.mpy", "ct_types.mpy")
    }
    old["a/headroom/gone.mpy"] = b"of an older version"
    start, content = file_system(firmware, [path.name for path in firmware.rglob("*")], old)
    rig.chip.flash.write(content, start)
    rig.chip.run_ms(200)
    port = Port(rig.chip)
    status, said = port.run(sys.executable, "-c", "import sys" + FLASH, port.path)
    assert status == 0, said
    rig.chip.usb.output.clear()
    told = json.loads(rig.ask("json status"))
    assert told["faults"]
    assert told["board"] == "pico"
