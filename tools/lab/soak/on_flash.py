"""What is on the firmware's flash, read without it: its files by their formats, and their wear.

A pair is `<name>.a` and `<name>.b`, each a line of text and a line with a number and the CRC-32 of
both; an event is a line with its CRC-32, number, boot, seconds and text.
"""

import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ERASURES = 100_000  # that a flash of this kind stands, each block
BLOCKS = 340  # of 4 kB in a Pico's file system, which uses them in turn
DAYS_A_YEAR = 365.25
LEAST_YEARS = 20.0  # that a meter shall live, if each hour is like its worst


def pair(folder: Path, name: str) -> tuple[int, str]:
    """Number and text of the newest whole file of a pair; (0, "") if none is."""
    return max(filter(None, (_sealed(folder / f"{name}.{end}") for end in "ab")), default=(0, ""))


def _sealed(path: Path) -> tuple[int, str] | None:
    try:
        text, seal, rest = path.read_bytes().split(b"\n")
        number, crc = seal.split(b" ")
        if rest or int(crc, 16) != zlib.crc32(b"%d " % int(number) + text):
            return None
        return int(number), text.decode()
    except (OSError, ValueError):
        return None


def settings(folder: Path) -> dict[str, Any]:
    """The settings of the newest whole file."""
    return dict(json.loads(pair(folder, "settings")[1] or "{}"))


def milliampere_hours(folder: Path) -> list[int]:
    """The totals of the newest whole file, of each channel."""
    whole, rest = json.loads(pair(folder, "energy")[1] or "[[], []]")
    return [1000 * ah + mah for ah, mah in zip(whole, rest, strict=True)]


def events(folder: Path) -> dict[int, tuple[int, str]]:
    """(boot, text) of every whole event, by its number."""
    found = {}
    for path in (folder / "events.0", folder / "events.1"):
        for line in path.read_bytes().split(b"\n") if path.exists() else ():
            crc, _, body = line.partition(b" ")
            if len(crc) == 8 and crc == b"%08x" % zlib.crc32(body):
                number, boot, _, text = body.decode().split(" ", 3)
                found[int(number)] = (int(boot), text)
    return found


@dataclass
class Wear:
    """Counts what the firmware changes; a file that is closed costs a block its erasure."""

    changes: Counter[str] = field(default_factory=Counter)
    erasures: Counter[str] = field(default_factory=Counter)

    def note(self, change: str) -> None:
        """A change as lockstep/vm/flash.py tells it: what, file, bytes."""
        what, file, _ = change.split()
        self.changes[what] += 1
        if what in ("close", "rename"):
            self.erasures[file.partition(".")[0]] += 1

    def years(self, hours: float, before: int = 0) -> float:
        """Until every block has had its erasures, at the pace of these hours.

        Of those since there were so many `before`.
        """
        a_day = max(1, self.erasures.total() - before) * 24 / hours
        return ERASURES * BLOCKS / a_day / DAYS_A_YEAR
