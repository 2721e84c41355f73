"""Metering's arithmetic gives the same integers on CPython, the PC's MicroPython and the chip."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIRMWARE = ROOT / "firmware"
LIBRARY = ROOT / "build" / "umodbus"
SHIM = ROOT / "tools" / "lab" / "cpython"
SCRIPT = HERE / "kernel_integers.py"
MICROPYTHON = shutil.which("micropython", path=Path(sys.executable).parent)


def on_the_pc(python, variable, *folders):
    environment = os.environ | {variable: os.pathsep.join(map(str, folders))}
    said = subprocess.run(
        [python, str(SCRIPT)], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def test_the_chip_computes_what_the_pc_does(parts):
    chip = json.loads(parts.run(SCRIPT.read_text(encoding="utf-8")))
    assert len(chip) > 180
    assert chip == on_the_pc(sys.executable, "PYTHONPATH", FIRMWARE, SHIM, LIBRARY)
    if MICROPYTHON is None:
        pytest.skip("CPython agrees; there is no MicroPython for this PC")
    assert chip == on_the_pc(MICROPYTHON, "MICROPYPATH", FIRMWARE, LIBRARY, ".frozen")
