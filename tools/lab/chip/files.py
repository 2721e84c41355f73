"""The board's file system, made here: to copy a firmware through the emulator takes a minute."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from littlefs import LittleFS, UserContext
from rp2040py.utils.firmware_retrieve import MICROPYTHON, flash_layout

from meter.image.disk import PROGRAM, disk

_LAYOUT = flash_layout(MICROPYTHON, "pico")
_SHAPE: dict[str, Any] = {
    "block_size": _LAYOUT["fs_blocksize"],
    "block_count": _LAYOUT["fs_blockcount"],
    "prog_size": PROGRAM,
}


def file_system(files: Mapping[str, bytes]) -> tuple[int, bytes]:
    """A littlefs image of these files: where it lies in the flash of a Pico, and its bytes."""
    size = _LAYOUT["fs_blocksize"] * _LAYOUT["fs_blockcount"]
    return _LAYOUT["fs_start"], disk(files, size)


def tree(folder: Path, leave_out: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The files below a folder, by their path in it, but for those of these names."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in leave_out
    }


def contents(flash: bytes) -> dict[str, bytes]:
    """The files in the whole content of a Pico's flash, by name."""
    size = _LAYOUT["fs_blocksize"] * _LAYOUT["fs_blockcount"]
    context = UserContext(buffsize=size)
    context.buffer[:] = flash[_LAYOUT["fs_start"] :][:size]
    there = LittleFS(context=context, **_SHAPE)
    found = {}
    for folder, _, names in there.walk("/"):
        for name in names:
            path = f"{folder}/{name}".lstrip("/")
            with there.open(path, "rb") as file:
                found[path] = file.read()
    return found
