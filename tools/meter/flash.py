"""Puts a build on a board that runs MicroPython, so that a power failure at any time does no harm.

The firmware goes into the folder that is not in use, /a or /b; then one rename puts it on trial,
or in use where there is no other (see firmware/boot.py). A running meter needs no special
treatment: Ctrl-C gives the chargers their fallback, boot.py keeps the watchdog fed, and a restart
at the end returns it to work.
"""

import hashlib
import time
from pathlib import Path
from typing import Protocol

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from meter.board_files import BoardFiles
from meter.build import BESIDE, build_and_show, check_board
from meter.errors import MeterError
from meter.link import Link, Refused, Stopped
from meter.pack import pack
from meter.serial_port import check_port

FOLDERS = ("a", "b")
ACTIVE = "/active"
PACK = "pack"  # boot.py mounts it
TRIAL = "/trial"
UNLOCK_S = 15.0  # a PIN takes 3 s
SPARE = 12  # blocks: what lies beside the folders, and what the meter itself writes anew
BACK_S = 180.0  # a board needs 3 s; an emulated one a minute


class Files(Protocol):
    """What `install` needs of a board: see BoardFiles."""

    def mpy_version(self) -> int: ...
    def running(self) -> str: ...
    def hashes(self, folder: str) -> dict[str, str]: ...
    def room(self, folder: str) -> tuple[int, int]: ...
    def read(self, path: str) -> str: ...
    def write(self, path: str, data: bytes, progress: "Counter") -> None: ...
    def rename(self, old: str, new: str) -> None: ...
    def remove(self, path: str) -> None: ...
    def remove_empty(self, folder: str) -> None: ...


class Counter(Protocol):
    """Hears how many bytes have gone."""

    def __call__(self, count: int, /) -> None: ...


def flash(board: str, port: str, pin: str = "") -> None:
    """Build for `board`, put it on the one at `port`, and wait until the meter runs.

    A meter that has a PIN lets nobody in without it: it is asked for unless it is given.
    """
    check_board(board)
    check_port(port)
    target = build_and_show(board)
    _unlock(port, pin)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    with BoardFiles(port) as files, Progress(*columns) as progress:
        task = progress.add_task(f"to {port}", total=_size(target))
        try:
            folder = install(target, files, lambda count: progress.advance(task, count))
        except MeterError as error:
            then = "what ran before, if anything, still starts; flash it once more"
            raise MeterError(f"{error}; {then}") from None
    print(_back(port, folder))


def _unlock(port: str, pin: str) -> None:
    """Give the PIN to the meter at `port`, if a meter is there and wants it."""
    try:
        with Link(port) as link:
            if link.status()["lock"] == "locked":
                pin = pin or typer.prompt(f"PIN of the meter at {port}", hide_input=True)
                link.ask(f"unlock {pin}", UNLOCK_S)
    except Refused:
        raise
    except MeterError:
        pass  # a board without the meter


def install(target: Path, files: Files, progress: Counter) -> str:
    """Put the build in `target` on the board and make it the one that the next start runs.

    Returns its folder.
    """
    version, reads = (target / BESIDE[0]).read_bytes()[1], files.mpy_version()
    if version != reads:  # the one pack.mpy is for both folders
        raise MeterError(
            f"the board's MicroPython reads compiled code of version {reads}, this is of version "
            f"{version}; nothing was changed; boards/ says which MicroPython it needs"
        )
    active = files.read(ACTIVE)
    if active not in FOLDERS:
        active = files.running()  # damaged, or a blank board
    folder = FOLDERS[1] if active == FOLDERS[0] else FOLDERS[0]
    packed = pack(target, BESIDE)
    block, free = files.room(f"/{folder}")
    needed = -(-len(packed) // block) + SPARE
    if needed > free:
        raise MeterError(
            f"the board has no room for a second firmware beside the one that runs: "
            f"{free * block >> 10} kB are free, it needs {needed * block >> 10} kB; nothing was "
            "changed"
        )
    if files.read(TRIAL):
        files.remove(TRIAL)  # it may name this folder, which is no longer whole
    _fill(files, f"/{folder}", packed, progress)
    for name in BESIDE:
        _replace(files, f"/{name}", (target / name).read_bytes(), progress)
    _replace(files, TRIAL if active else ACTIVE, folder.encode(), progress)
    return folder


def _fill(files: Files, folder: str, packed: bytes, progress: Counter) -> None:
    """Leave the pack alone in the folder; all else goes first, for it takes the room."""
    path = f"{folder}/{PACK}"
    there = files.hashes(folder)
    whole = there.get(path) == hashlib.sha256(packed).hexdigest()
    if whole:
        del there[path]
        progress(len(packed))
    for stale in there:
        files.remove(stale)
    files.remove_empty(folder)
    if not whole:
        files.write(path, packed, progress)


def _replace(files: Files, path: str, data: bytes, progress: Counter) -> None:
    """Replace a small file in one step."""
    if files.read(path).encode() != data:
        files.write(path + ".new", data, progress)
        files.rename(path + ".new", path)


def _size(target: Path) -> int:
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def _back(port: str, folder: str) -> str:
    """What the meter says of itself once it runs again, from that folder."""
    deadline_s = time.monotonic() + BACK_S
    said = ""
    while not said:
        time.sleep(1)
        try:
            with Link(port) as link:
                said = link.ask("version")
        except MeterError as error:  # its USB comes back after a moment
            if isinstance(error, Stopped) or time.monotonic() > deadline_s:
                raise MeterError(
                    f"{port} is flashed, but the meter does not start: {error}"
                ) from None
    if f" in /{folder} " not in said:
        raise MeterError(
            f"{port} is flashed, but the new firmware does not start: {said} runs, and "
            "its `log` says why"
        )
    return f"{said} runs at {port}. Next: make console PORT={port}"
