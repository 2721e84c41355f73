"""The accuracy table of firmware/README.md, measured anew each time it is made."""

import sys
from itertools import groupby

from lab.bench.metering import accuracy, measure_all
from meter.errors import MeterError
from meter.paths import FIRMWARE

README = FIRMWARE / "README.md"
BEGIN = "<!-- accuracy table: made by `make accuracy-table` -->"
END = "<!-- end of the accuracy table -->"


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


def write() -> None:
    """Measure and put the table between its marks in firmware/README.md."""
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MeterError(f"{README.name} of the firmware lacks the marks of the accuracy table")
    made = table(measure_all())
    README.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")
    print(f"wrote {README}", file=sys.stderr)


def _without_frequency(result: accuracy.Result) -> str:
    name, comma, hz = result.name.rpartition(", ")
    return f"{name}, 45 to 65 Hz" if comma and hz.endswith("Hz") else result.name
