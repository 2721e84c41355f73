"""All files of a build in one, as boot.py mounts it: littlefs gives each file 4 kB of the flash.

count       u32, little-endian like all that follows
count rows  u32 CRC-32 of the path, u32 where its content begins, u32 its length; by the first.
            A folder has no content, and the length FOLDER
contents
check       u32 CRC-32 of all before it

An update puts its pack.mpy beside a pack of the version before: this format stays.
"""

import struct
import zlib
from pathlib import Path

from meter.errors import MeterError

FOLDER = 0xFFFFFFFF
HEAD, ROW, CHECK = struct.Struct("<I"), struct.Struct("<III"), struct.Struct("<I")


def pack(target: Path, leave_out: tuple[str, ...] = ()) -> bytes:
    """The files below `target`, without those of these paths."""
    found = {path.relative_to(target).as_posix(): path for path in sorted(target.rglob("*"))}
    found[""] = target
    names = [name for name in found if name not in leave_out]
    paths = [found[name] for name in names]
    keys = [zlib.crc32(name.encode()) for name in names]
    if len(set(keys)) < len(keys):
        raise MeterError("two paths have one CRC-32; rename one of the new files")
    rows, contents = [], b""
    begin = HEAD.size + ROW.size * len(paths)
    for key, path in sorted(zip(keys, paths, strict=True)):
        data = b"" if path.is_dir() else path.read_bytes()
        length = FOLDER if path.is_dir() else len(data)
        rows.append(ROW.pack(key, begin + len(contents), length))
        contents += data
    packed = HEAD.pack(len(rows)) + b"".join(rows) + contents
    return packed + CHECK.pack(zlib.crc32(packed))
