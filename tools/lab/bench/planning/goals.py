"""Where the goals are missed: 97 % of what the oracle takes, fewer starts than all others, and no
more bought than the owner accepts.

He accepts that a charge buys as much as the minimum draws in `sun_hold_min`, and once more what
the sun has paid back by then: the most that is owed at a time is judged, with a tenth for the
seconds in which a car follows. Whoever starts a car less often is named, with what that cost.
"""

from typing import Any

from headroom.settings import table

USED = 0.97
OWED_MIN = 1.1 * table.row_of("sun_hold_min").default
Row = dict[str, float]


def judge(rows: dict[str, Row], ours: str) -> dict[str, Any]:
    """Our law on one day, for the file: which goals it meets, and who starts less often."""
    mine = rows[ours]
    others = {law: row for law, row in rows.items() if law != ours}
    return {
        "used": mine["surplus_used_vs_oracle"] >= USED,
        "import": mine["most_owed_min"] <= OWED_MIN,
        "fewer_starts": {
            law: row["starts"] for law, row in others.items() if row["starts"] < mine["starts"]
        },
        "as_few_starts": [law for law, row in others.items() if row["starts"] == mine["starts"]],
    }


def tell(day: str, rows: dict[str, Row], ours: str) -> list[str]:
    """What our law misses on a day, as lines to print."""
    mine = rows[ours]
    verdict = judge(rows, ours)
    lines = []
    if not verdict["used"]:
        lines.append(
            f"Missed: {day}: {mine['surplus_used_vs_oracle']:.1%} of the oracle's surplus."
        )
    if not verdict["import"]:
        lines.append(
            f"Missed: {day}: {mine['most_owed_min']:.1f} minutes of the minimum owed,"
            f" accepted are {OWED_MIN:g}."
        )
    for law, starts in verdict["fewer_starts"].items():
        row = rows[law]
        used, mine_used = row["surplus_used_vs_oracle"], mine["surplus_used_vs_oracle"]
        lines.append(
            f"Missed: {day}: {law} has {starts:g} starts (ours {mine['starts']:g}),"
            f" uses {used:.1%} (ours {mine_used:.1%}), buys"
            f" {row['import_for_ev_kwh']:.2f} kWh (ours {mine['import_for_ev_kwh']:.2f})."
        )
    if verdict["as_few_starts"]:
        lines.append(f"As few starts: {day}: {', '.join(verdict['as_few_starts'])}.")
    return lines
