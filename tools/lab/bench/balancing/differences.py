"""What the whole firmware does otherwise than its bare controller, in one scenario."""

from typing import Any

from .judge import Score

SAME_A = 1.0


def between(bare: Score, whole: Score) -> dict[str, Any]:
    """Whole less bare, and where they part.

    same_share  of the time, within SAME_A, in what the chargers offer together
    apart       the stretch in which they part the most: from, to (s), mean offers of both (A)
    """
    ours, theirs = bare.figures(), whole.figures()
    found: dict[str, Any] = {
        key: round(theirs[key] - ours[key], 4)
        for key in ("energy_vs_oracle", "overload_as", "worst_overload_s", "pauses", "trips")
    }
    rows = [(one[0], one[3], two[3]) for one, two in zip(bare.shown, whole.shown, strict=True)]
    same = [abs(bare_a - whole_a) <= SAME_A for _, bare_a, whole_a in rows]
    found["same_share"] = round(sum(same) / len(same), 4)
    stretch = _apart(rows, same)
    if stretch:
        (from_s, *_), (to_s, *_) = stretch[0], stretch[-1]
        bare_a, whole_a = (sum(row[i] for row in stretch) / len(stretch) for i in (1, 2))
        found["apart"] = [round(figure, 1) for figure in (from_s, to_s, bare_a, whole_a)]
    return found


def tell(scenario: str, found: dict[str, Any]) -> str:
    """The same as a line to print."""
    line = (
        f"{scenario}: the whole firmware has {found['energy_vs_oracle']:+.2%} of the oracle's"
        f" energy, {found['overload_as']:+.0f} A*s of overload, {found['pauses']:+g} pauses;"
        f" it offers the same for {found['same_share']:.1%} of the time"
    )
    if "apart" in found:
        from_s, to_s, bare_a, whole_a = found["apart"]
        line += (
            f", and most else from second {from_s:.0f} to {to_s:.0f}:"
            f" {whole_a:.1f} A instead of {bare_a:.1f} A"
        )
    return line + "."


def _apart(
    rows: list[tuple[float, float, float]], same: list[bool]
) -> list[tuple[float, float, float]]:
    """The stretch of rows that are not the same with the largest sum of their differences."""
    stretches: list[list[tuple[float, float, float]]] = [[]]
    for row, equal in zip(rows, same, strict=True):
        if equal:
            stretches.append([])
        else:
            stretches[-1].append(row)
    return max(stretches, key=lambda rows: sum(abs(a - b) for _, a, b in rows))
