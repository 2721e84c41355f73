"""Where the goals are missed: 98 % of the oracle's energy, no trip, nobody with less overload or
fewer pauses.

Whoever overloads less (by more than 2 %) or pauses less is named, with what that cost it. What a
fixed current does is no law; ours in another form is no other.
"""

from typing import Any

ENERGY = 0.98
BOUND = "the rules alone"  # no law, see rules_alone.py
SLACK = 0.02
VISIBLE = 0.001

Row = dict[str, float]


def judge(rows: dict[str, Row], ours: str) -> dict[str, Any]:
    """Our law in one scenario, for the file: which goals it meets, and who is better in what.

    worse_than  law -> `in` (overload_as, pauses or both), and its figures that are worse than ours
    """
    mine = rows[ours]
    worse_than = {}
    for law, row in rows.items():
        better = _better(row, mine)
        if better and not law.startswith((ours.partition(",")[0], "fixed", BOUND)):
            worse_than[law] = {"in": {key: row[key] for key in better}, "paid": _paid(row, mine)}
    return {
        "energy": mine["energy_vs_oracle"] >= ENERGY,
        "no_trip": not mine["trips"],
        "worse_than": worse_than,
    }


def tell(scenario: str, rows: dict[str, Row], ours: str) -> list[str]:
    """What our law misses in a scenario, as lines to print."""
    mine = rows[ours]
    verdict = judge(rows, ours)
    lines = []
    if not verdict["no_trip"]:
        lines.append(f"Missed: {scenario}: {mine['trips']:g} trips.")
    if not verdict["energy"]:
        line = f"Missed: {scenario}: energy {mine['energy_vs_oracle']:.1%} of the oracle's"
        if BOUND in rows:
            line += f"; the rules alone leave {rows[BOUND]['energy_vs_oracle']:.1%}"
        lines.append(line + ".")
    for law, found in verdict["worse_than"].items():
        paid = _named(found["paid"], mine) or "nothing"
        lines.append(f"Worse: {scenario}: {law} has {_named(found['in'], mine)}; paid: {paid}.")
    return lines


def _better(row: Row, mine: Row) -> list[str]:
    better = []
    if row["overload_as"] < mine["overload_as"] * (1 - SLACK):
        better.append("overload_as")
    if row["pauses"] < mine["pauses"]:
        better.append("pauses")
    return better


def _paid(row: Row, mine: Row) -> Row:
    paid = {
        key: row[key]
        for key in ("overload_as", "worst_overload_s", "trips", "pauses", "swing_a")
        if row[key] > mine[key] * (1 + SLACK)
    }
    if row["energy_vs_oracle"] < mine["energy_vs_oracle"] - VISIBLE:
        paid["energy_vs_oracle"] = row["energy_vs_oracle"]
    return paid


def _named(figures: Row, mine: Row) -> str:
    return ", ".join(
        _FORMS[key].format(figure, mine[key]) for key, figure in sorted(figures.items())
    )


_FORMS = {
    "overload_as": "{:.0f} A*s of overload (ours {:.0f})",
    "worst_overload_s": "{:.0f} s of it at a time (ours {:.0f})",
    "trips": "{:g} trips (ours {:g})",
    "pauses": "{:g} pauses (ours {:g})",
    "swing_a": "{:g} A of swing (ours {:g})",
    "energy_vs_oracle": "{:.1%} of the energy (ours {:.1%})",
}
