"""A littlefs with files in it, as MicroPython itself makes it on a board."""

from collections.abc import Mapping
from pathlib import Path

from littlefs import LittleFS

BLOCK = 4096  # bytes: what the flash erases at once
PROGRAM = 256
VERSION = 0x00020000  # of the layout, MicroPython's


def disk(files: Mapping[str, bytes], size: int) -> bytes:
    """A file system of `size` bytes with these files, by path; LittleFSError without room."""
    made = LittleFS(
        block_size=BLOCK, block_count=size // BLOCK, prog_size=PROGRAM, disk_version=VERSION
    )
    for name, content in files.items():
        made.makedirs(str(Path(name).parent), exist_ok=True)
        with made.open(name, "wb") as file:
            file.write(content)
    made.unmount()
    return bytes(made.context.buffer)
