"""One picture a scenario: the house, and what each law makes of the room."""

from pathlib import Path

from .judge import Score
from .scenario import Scenario

SHOWN = ("headroom", "smartevse", "openevse", "warp")


def draw(path: Path, name: str, scenario: Scenario, scores: dict[str, Score]) -> None:
    """A strip for each of a few laws: base load, mains of the worse leg, what is offered."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, strips = pyplot.subplots(len(SHOWN), sharex=True, figsize=(11, 9))
    for strip, law in zip(strips, SHOWN, strict=True):
        minutes, base, mains, offer = zip(
            *((t_s / 60, *amps) for t_s, *amps in scores[law].shown), strict=True
        )
        strip.fill_between(minutes, base, color="#dddddd", step="post", label="house")
        strip.plot(minutes, mains, color="#1f77b4", linewidth=0.8, label="mains, worse leg")
        strip.plot(minutes, offer, color="#2ca02c", linewidth=0.8, label="offered")
        strip.axhline(scenario.limit_a, color="#d62728", linewidth=0.8, linestyle="--")
        figures = scores[law].figures()
        strip.set_ylabel("A")
        strip.set_title(
            f"{law}: energy {figures['energy_vs_oracle']:.0%} of the oracle's, "
            f"{figures['overload_as']:g} A*s above the limit, {figures['pauses']} pauses",
            fontsize=9,
            loc="left",
        )
    strips[0].legend(loc="upper right", fontsize=8, ncols=3)
    strips[-1].set_xlabel("minutes")
    figure.suptitle(name)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
