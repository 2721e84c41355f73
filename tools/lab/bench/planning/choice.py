"""What the owner's two settings choose between: all days together, ours by setting and the others.

Nearly all that ours buys is the minimum, held through clouds: so `sun_hold_min` trades what is
bought for starts. `import_w` trades it for the use of what is less than a step.
"""

from typing import Any

from .loop import Law
from .ours import HOLD_MIN, Headroom

HOLDS_MIN = (1, 2, 3, 4, 6, HOLD_MIN, 15, 30)
IMPORTS_W = (-230, -115, 115, 230)
Row = dict[str, float]


def settings() -> dict[str, Law]:
    """Ours by what was chosen."""
    found: dict[str, Law] = {f"sun_hold_min {n}": Headroom(hold_min=n) for n in HOLDS_MIN}
    found |= {f"import_w {watts}": Headroom(import_w=watts) for watts in IMPORTS_W}
    return found


def together(days: list[Row]) -> Row:
    """Of the rows of one law on all days one row."""
    used = [row["surplus_used_vs_oracle"] for row in days]
    return {
        "used_mean": round(sum(used) / len(used), 3),
        "used_least": round(min(used), 3),
        "import_for_ev_kwh": round(sum(row["import_for_ev_kwh"] for row in days), 2),
        "most_owed_min": max(row["most_owed_min"] for row in days),
        "starts": sum(row["starts"] for row in days),
    }


def beaten(rows: dict[str, Row], others: list[str]) -> list[str]:
    """For each other law the settings with as much use, no more bought and no more starts."""
    lines = []
    for law in others:
        peer = rows[law]
        better = [
            name
            for name, row in rows.items()
            if name not in others
            and row["used_mean"] >= peer["used_mean"]
            and row["import_for_ev_kwh"] <= peer["import_for_ev_kwh"]
            and row["starts"] <= peer["starts"]
        ]
        lines.append(f"As good as {law} in all three: {', '.join(better) or 'no setting'}.")
    return lines


def gather(found: dict[str, Any]) -> dict[str, Row]:
    """{law: row} of all days together, of {day: {law: row}}."""
    laws = next(iter(found.values()))
    return {law: together([rows[law] for rows in found.values()]) for law in laws}
