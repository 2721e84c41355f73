"""Makes a board's image, its hash and the list of its parts; the same sources give the same bytes.

An image holds no settings: it takes the place of all that was on the board.
"""

import hashlib
import json
import runpy
import subprocess
from pathlib import Path
from typing import Any

from littlefs import LittleFSError

from meter import build
from meter.errors import MeterError
from meter.flash import ACTIVE, FOLDERS, PACK
from meter.image import release, uf2
from meter.image.disk import disk
from meter.pack import pack
from meter.paths import COMPILED, FIRMWARE, INSTALLED, ROOT

PARTS = "image.json"


def make(board: str, given: Path | None, out: Path) -> Path:
    """Build the firmware and write out/headroom-<board>-<version>; returns the image's path."""
    build.check_board(board)
    micropython = release.find(board, given)
    target = build.build(board)
    files = on_board(target)
    parts = _parts(board, micropython, target, files)
    files[PARTS] = _json(parts)
    try:
        content = disk(files, micropython.row.files_bytes)
    except LittleFSError as error:
        raise MeterError(f"the firmware finds no room in this board's flash: {error}") from None
    image, kind = _joined(micropython, content)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"headroom-{board}-{parts['version']}.{kind}"
    path.write_bytes(image)
    digest = hashlib.sha256(image).hexdigest()
    path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n")
    path.with_name(path.name + ".json").write_bytes(_json(parts | {"image": digest}))
    _show(board, path, micropython, len(image))
    return path


def on_board(target: Path) -> dict[str, bytes]:
    """What lies on the board, by path: as `make flash` leaves it."""
    files = {name: (target / name).read_bytes() for name in build.BESIDE}
    files[ACTIVE.strip("/")] = FOLDERS[0].encode()
    files[f"{FOLDERS[0]}/{PACK}"] = pack(target, build.BESIDE)
    return files


def _parts(
    board: str, micropython: release.Release, target: Path, files: dict[str, bytes]
) -> dict[str, Any]:
    modules = {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }
    return {
        "board": board,
        "version": version(),
        "commit": commit(),
        "micropython": {
            "version": micropython.version,
            "machine": micropython.row.machine,
            "sha256": micropython.sha256,
            "as_released": micropython.known,
        },
        "files": {name: _sha256(content) for name, content in sorted(files.items())},
        "modules": {name: _sha256(content) for name, content in modules.items()},
    }


def _joined(micropython: release.Release, content: bytes) -> tuple[bytes, str]:
    """(the image, how its name ends)"""
    at, begin = micropython.row.files_at, micropython.row.begins_at
    if begin is None:
        pages = uf2.read(micropython.content)
        return uf2.write(uf2.with_content(pages, micropython.row.machine, at, content)), "uf2"
    if begin + len(micropython.content) > at:
        raise MeterError(f"this MicroPython is too long: its files begin at {at:#x}")
    program = b"\xff" * begin + micropython.content
    return program + b"\xff" * (at - len(program)) + content, "bin"


def _show(board: str, path: Path, micropython: release.Release, size: int) -> None:
    known = "as released" if micropython.known else "by its hash no release that we know"
    print(f"{path}: {size >> 10} kB, with MicroPython {micropython.version} ({known})")
    if path.suffix == ".uf2":
        print("Hold BOOTSEL while you plug the board in, and copy it to the drive that appears.")
    else:
        chip = "esp32s3" if board.endswith("s3") else "esp32"
        print(f"esptool --chip {chip} --port PORT write_flash 0 {path}")
    print(
        "It replaces all on the board, settings too: `meter config pull` keeps those of a meter."
    )


def version() -> str:
    return str(runpy.run_path(str(FIRMWARE / "headroom" / "__init__.py"))["VERSION"])


def commit() -> str:
    """The commit that was built from, "-changed" where files differ from it; "" outside git."""
    if INSTALLED:
        return (COMPILED / "commit").read_text()
    said = []
    for command in (["rev-parse", "HEAD"], ["status", "--porcelain"]):
        try:
            done = subprocess.run(
                ["git", "-C", str(ROOT), *command], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            return ""
        said.append(done.stdout.strip())
    return said[0] + ("-changed" if said[1] else "")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(parts: dict[str, Any]) -> bytes:
    return json.dumps(parts, indent=1).encode() + b"\n"
