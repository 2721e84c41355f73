"""A recorded house: a CSV (or .csv.gz) of what its legs drew, scaled, from a chosen second on.

Three layouts are recognised by their header:

    t_s,l1_va,l2_va                 split phase, apparent power per 120 V leg
    t_s,active_w,reactive_var       single phase at 230 V, a value only where it changes
    local_time,current_a,...        single phase, amperes

A single-phase trace loads both legs alike, as a 240 V appliance does. A value holds until the
next sample: a recorded step stays a step.
"""

import csv
import gzip
import math
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from meter.errors import UsageError

from .house import Legs

US_LEG_V = 120.0
UK_V = 230.0
SEEN_SHARE = 0.75
MOST_A = 10_000  # of a leg, scaled: more than any house has

Row = dict[str, str]


class Trace:
    """A recorded load, played from `start_s` (default: the busiest `window_s` seconds)."""

    def __init__(
        self, path: Path, scale: float = 1.0, start_s: float | None = None, window_s: float = 120
    ) -> None:
        if not (math.isfinite(scale) and scale > 0):
            raise UsageError(f"scale must be above 0, not {scale}")
        self.name = path.name
        self._times_s, self._legs = _load(path, scale)
        first_s, end_s = self._times_s[0], self._times_s[-1]
        latest_s = end_s - window_s
        if latest_s < first_s:
            lasts_s = end_s - first_s
            raise UsageError(
                f"{path}: lasts {lasts_s:g} s, shorter than the run of {window_s:g} s"
            )
        if start_s is None:
            start_s = _busiest(self._times_s, self._legs, window_s)
        elif not first_s <= start_s <= latest_s:
            allowed = f"{first_s:.10g}..{latest_s:.10g}"
            raise UsageError(f"{path}: start must be {allowed} s, not {start_s:.10g}")
        self.start_s = start_s

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2), `t_s` seconds after the chosen start."""
        index = bisect_right(self._times_s, self.start_s + max(0.0, t_s)) - 1
        return self._legs[max(0, index)]


def _load(path: Path, scale: float) -> tuple[list[float], list[Legs]]:
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8-sig", newline="") as text:
            return _parse(path, csv.DictReader(text), scale)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or 'is not a gzip file'}") from None
    except (UnicodeDecodeError, EOFError, csv.Error, zlib.error):
        raise UsageError(f"{path}: is not a CSV file, or is cut off") from None


def _parse(
    path: Path, rows: "csv.DictReader[str]", scale: float
) -> tuple[list[float], list[Legs]]:
    read = _reader(path, rows.fieldnames or ())
    times_s: list[float] = []
    legs: list[Legs] = []
    for row in rows:
        try:
            t_s, leg1, leg2 = read(row)
        except (ValueError, TypeError, KeyError):
            raise UsageError(f"{path}: line {rows.line_num} is not a row of numbers") from None
        if not math.isfinite(t_s):
            raise UsageError(f"{path}: line {rows.line_num} is at no time: {t_s}")
        for amps in (leg1 * scale, leg2 * scale):
            if not 0 <= amps <= MOST_A:
                raise UsageError(
                    f"{path}: line {rows.line_num}: a leg draws 0..{MOST_A} A, not {amps:g}"
                )
        if times_s and t_s <= times_s[-1]:
            raise UsageError(f"{path}: line {rows.line_num} goes back in time")
        times_s.append(t_s)
        legs.append((leg1 * scale, leg2 * scale))
    if len(times_s) < 2:
        raise UsageError(f"{path}: has no samples")
    return times_s, legs


def _reader(path: Path, header: Iterable[str]) -> Callable[[Row], tuple[float, float, float]]:
    columns = set(header)
    if {"t_s", "l1_va", "l2_va"} <= columns:
        return _split_phase
    if {"t_s", "active_w", "reactive_var"} <= columns:
        return _Events()
    if {"local_time", "current_a"} <= columns:
        return _Amperes()
    raise UsageError(
        f"{path}: unknown columns; need t_s,l1_va,l2_va or t_s,active_w,reactive_var"
        " or local_time,current_a"
    )


def _split_phase(row: Row) -> tuple[float, float, float]:
    return float(row["t_s"]), float(row["l1_va"]) / US_LEG_V, float(row["l2_va"]) / US_LEG_V


class _Events:
    """Single phase, a blank cell holds the last value."""

    def __init__(self) -> None:
        self._active_w = 0.0
        self._reactive_var = 0.0

    def __call__(self, row: Row) -> tuple[float, float, float]:
        if row["active_w"]:
            self._active_w = float(row["active_w"])
        if row["reactive_var"]:
            self._reactive_var = float(row["reactive_var"])
        amps = math.hypot(self._active_w, self._reactive_var) / UK_V
        return float(row["t_s"]), amps, amps


class _Amperes:
    """Single phase, with a wall clock instead of seconds; a blank cell holds the last value."""

    def __init__(self) -> None:
        self._origin: datetime | None = None
        self._amps = 0.0

    def __call__(self, row: Row) -> tuple[float, float, float]:
        when = datetime.fromisoformat(row["local_time"])
        self._origin = self._origin or when
        if row["current_a"]:
            self._amps = float(row["current_a"])
        return (when - self._origin).total_seconds(), self._amps, self._amps


def _busiest(times_s: list[float], legs: list[Legs], window_s: float) -> float:
    """Start of the window that asks most of a meter: steps up, weighted by where they lead.

    Steps in its last quarter don't count: what follows them would not be seen.
    """
    levels_a = [max(leg) for leg in legs]
    demand = list(
        accumulate(
            max(0.0, after - before) * after
            for before, after in zip([levels_a[0], *levels_a], levels_a, strict=False)
        )
    )
    best_s, most = times_s[0], -1.0
    for first, t_s in enumerate(times_s):
        if t_s + window_s > times_s[-1]:
            break
        last = bisect_right(times_s, t_s + SEEN_SHARE * window_s) - 1
        if demand[last] - demand[first] > most:
            best_s, most = t_s, demand[last] - demand[first]
    return best_s
