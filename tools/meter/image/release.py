"""The MicroPython of an image: given by its path, or downloaded where its hash is known."""

import hashlib
import re
import runpy
from dataclasses import dataclass
from pathlib import Path

from meter.errors import MeterError, UsageError
from meter.image import esp, uf2
from meter.image.releases import ROWS, Row
from meter.paths import BOARDS, BUILD

SITE = "https://micropython.org/resources/firmware/"
TIMEOUT_S = 30
OLDEST = (1, 28, 0)
# MicroPython's banner, in two pieces as the compiler leaves them.
_VERSION = re.compile(rb"v(\d+)\.(\d+)\.(\d+)(\S*) on \d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Release:
    """A MicroPython: its bytes, its version, and what is known of its kind."""

    content: bytes
    version: str
    known: bool  # it is the file of that release, by its hash
    row: Row

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def find(board: str, given: Path | None) -> Release:
    """The MicroPython for `board`: UsageError if `given` is unfit, MeterError if none is had."""
    names = runpy.run_path(str(BOARDS / board / "image.py"))["MICROPYTHON"]
    rows = [ROWS[name] for name in names]
    content = _read(given) if given else _downloaded(rows[0])
    program = content
    if rows[0].begins_at is None:
        program = uf2.program(uf2.read(content), rows[0].machine)
    row = next((row for row in rows if _has(program, row.machine)), None)
    if row is None:
        machines = " or ".join(f'"{row.machine}"' for row in rows)
        raise UsageError(
            f"this MicroPython is not for {board}: it does not call itself {machines}"
        )
    found = _VERSION.search(program)
    if not found:
        raise UsageError("this file does not say which version of MicroPython it is")
    version = int(found[1]), int(found[2]), int(found[3])
    text = ".".join(map(str, version)) + found[4].decode()
    if version < OLDEST:
        raise UsageError(f"MicroPython {text} is too old: Headroom is for 1.28.0 and newer")
    if found[4]:
        raise UsageError(f"MicroPython {text} is no release: Headroom is for what was released")
    if row.begins_at is not None:
        esp.check(content, row.begins_at)
    return Release(
        content,
        text,
        hashlib.sha256(content).hexdigest() == row.sha256,
        row,
    )


def _has(program: bytes, machine: str) -> bool:
    """Does it call itself that, and not something longer?"""
    return re.search(re.escape(machine.encode()) + rb"(?![\w-])", program) is not None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def _downloaded(row: Row) -> bytes:
    """The file of a release, kept in build/micropython; accepted by its hash alone."""
    kept = BUILD / "micropython" / row.file
    by_hand = f"get {row.file} from micropython.org and give MICROPYTHON=path"
    if not kept.exists() or hashlib.sha256(kept.read_bytes()).hexdigest() != row.sha256:
        import requests  # a third of a second

        try:
            answer = requests.get(SITE + row.file, timeout=TIMEOUT_S)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise MeterError(
                f"no MicroPython, and no download ({type(error).__name__}): {by_hand}"
            ) from None
        if hashlib.sha256(answer.content).hexdigest() != row.sha256:
            raise MeterError(f"what came for {row.file} is another file: {by_hand}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(answer.content)
    return kept.read_bytes()
