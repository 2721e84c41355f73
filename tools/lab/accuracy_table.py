"""The accuracy tables of firmware/README.md, measured anew each time they are made."""

import sys
from itertools import groupby

from lab.bench import power
from lab.bench.metering import accuracy, measure_all
from lab.bench.power.accuracy import Result
from lab.marks import Marks
from meter.paths import FIRMWARE

README = FIRMWARE / "README.md"
CURRENTS = Marks(
    README,
    "<!-- accuracy table: made by `make accuracy-table` -->",
    "<!-- end of the accuracy table -->",
)
WATTS = Marks(
    README,
    "<!-- table of real power: made by `make accuracy-table` -->",
    "<!-- end of the table of real power -->",
)


def table(results: list[accuracy.Result]) -> str:
    """Markdown; cases that differ in frequency alone become one row, the worst."""
    lines = [
        "| case | true RMS | worst error | of reading | goal | within |",
        "|---|---|---|---|---|---|",
    ]
    for name, group in groupby(results, key=_without_frequency):
        r = max(group, key=lambda result: abs(result.error_ma))
        lines.append(
            f"| {name} | {r.true_ma / 1000:.2f} A | {r.error_ma:+.0f} mA | {r.error_pct:+.3f} % "
            f"| ±{r.allowed_ma:.0f} mA | {r.verdict} |"
        )
    return "\n".join(lines)


def power_table(results: list[Result]) -> str:
    """The same of real power: cases of one size become one row, the worst."""
    lines = [
        "| case | apparent power | worst error | of apparent power | goal | within |",
        "|---|---|---|---|---|---|",
    ]
    for name, group in groupby(results, key=_of_one_size):
        r = max(group, key=lambda result: abs(result.error_w))
        errors = f"{r.error_w:+.1f} W | {r.error_pct_of_va:+.3f} %" if r.good else "unknown | "
        lines.append(
            f"| {name} | {r.true_va:.0f} VA | {errors} | ±{r.allowed_w:.0f} W | {r.verdict} |"
        )
    return "\n".join(lines)


def write() -> None:
    """Measure and put the tables between their marks in firmware/README.md."""
    CURRENTS.write(table(measure_all()))
    WATTS.write(power_table(power.measure_all()))
    print(f"wrote {README}", file=sys.stderr)


def _without_frequency(result: accuracy.Result) -> str:
    name, comma, hz = result.name.rpartition(", ")
    return f"{name}, 45 to 65 Hz" if comma and hz.endswith("Hz") else result.name


def _of_one_size(result: Result) -> str:
    name, comma, _ = result.name.partition(", ")
    return f"{name}, the worst" if comma else name
