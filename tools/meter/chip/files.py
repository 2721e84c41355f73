"""The board's file system, made here: copying ninety files through the emulator takes a minute."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from littlefs import LittleFS
from rp2040py.utils.firmware_retrieve import MICROPYTHON, flash_layout

_DISK_VERSION = 0x00020000  # what MicroPython itself makes


def file_system(
    folder: Path, skip: Iterable[str] = (), extra: Mapping[str, bytes] | None = None
) -> tuple[int, bytes]:
    """A littlefs image of a folder's files: where it lies in the flash of a Pico, and its bytes.

    skip   names of files at the top that are left out, such as main.py
    extra  more files by name, or other contents
    """
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in skip
    }
    files.update(extra or {})
    layout = flash_layout(MICROPYTHON, "pico")
    disk = LittleFS(
        block_size=layout["fs_blocksize"],
        block_count=layout["fs_blockcount"],
        prog_size=256,
        disk_version=_DISK_VERSION,
    )
    for name, content in files.items():
        disk.makedirs(str(Path(name).parent), exist_ok=True)
        with disk.open(name, "wb") as file:
            file.write(content)
    disk.unmount()
    return layout["fs_start"], bytes(disk.context.buffer)
