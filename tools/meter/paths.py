"""Where things are: in the repository, or beside these tools where pip installed them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPILED = Path(__file__).resolve().parent / "compiled"  # what `make wheel` puts there
INSTALLED = COMPILED.is_dir()

BOARDS = COMPILED / "boards" if INSTALLED else ROOT / "boards"
FIRMWARE = COMPILED / "firmware" if INSTALLED else ROOT / "firmware"
PAGE = (COMPILED if INSTALLED else ROOT / "out") / "headroom.html"
BUILD = Path.home() / ".cache" / "headroom" if INSTALLED else ROOT / "build"
README = ROOT / "README.md"
UMODBUS = BUILD / "umodbus" / "umodbus"
