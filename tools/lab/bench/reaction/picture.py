"""The picture of the reaction: which share of the steps was answered by when."""

from pathlib import Path

from .steps import CASES, FAMILIES, KINDS, Job, Times

COUNTS = sorted({count for count, _ in CASES})


def draw(path: Path, times: dict[Job, Times]) -> None:
    """One strip a kind and baud, two lines a number of chargers."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, places = pyplot.subplots(2, 2, sharex="row", sharey=True, figsize=(11, 7))
    shown = {job: found for job, found in times.items() if not job[3] and found.first_ms}
    for (count, baud, kind, _), found in shown.items():
        place = places[KINDS.index(kind)][list(FAMILIES).index(baud)]
        place.set_title(f"step {kind.replace('_', ' ')}, {baud} baud", fontsize=9, loc="left")
        for times_ms, style in ((found.first_ms, "-"), (found.last_ms, "--")):
            shares = [100 * n / len(times_ms) for n in range(1, len(times_ms) + 1)]
            label = f"{count}: {'first byte' if style == '-' else 'last charger'}"
            colour = f"C{COUNTS.index(count)}"
            place.plot(sorted(times_ms), shares, style, color=colour, label=label, linewidth=1)
    for place in places.flat:
        place.legend(fontsize=7, loc="lower right")
        place.set_xlabel("ms after the load step")
        place.set_ylabel("% of the steps")
        place.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
