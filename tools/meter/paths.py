"""Where things are in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOARDS = ROOT / "boards"
BUILD = ROOT / "build"
FIRMWARE = ROOT / "firmware"
README = ROOT / "README.md"
UMODBUS = BUILD / "umodbus" / "umodbus"
