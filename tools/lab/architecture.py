"""docs/architecture.svg: the boxes of the firmware and who imports whom, from the real imports."""

import ast
import textwrap
from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt
import networkx as nx

from lab import house
from meter.paths import ROOT

PICTURE = ROOT / "docs" / "architecture.svg"
WIDE, HIGH = 3.9, 1.25  # of a box, in the drawing's units
APART_X, APART_Y = 4.2, 2.1
COLUMNS = 31
INK, PAPER, ARROW = "#1f2933", "#f4f7fa", "#7b8794"


def purpose(box: str) -> str:
    """What a box is for: the first sentence of its docstring."""
    path = house.HEADROOM / box / "__init__.py"
    if not path.exists():
        path = house.HEADROOM / f"{box}.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    sentence, _, _ = text.replace("\n", " ").partition(".")
    return sentence


def places(graph: "nx.DiGraph[str]") -> dict[str, tuple[float, float]]:
    """The middle of each box: who imports nothing stands at the bottom, every arrow goes down."""
    found = {}
    for level, names in enumerate(nx.topological_generations(graph.reverse())):
        row = sorted(names)
        for k, name in enumerate(row):
            found[name] = ((k - (len(row) - 1) / 2) * APART_X, level * APART_Y)
    return found


def draw(path: Path = PICTURE) -> None:
    """Write the picture; arrows that follow from others are left out."""
    graph = house.boxes()
    arrows = nx.transitive_reduction(graph)
    at = places(graph)
    matplotlib.rcParams["svg.hashsalt"] = "headroom"  # the same sources give the same bytes
    matplotlib.rcParams["svg.fonttype"] = "none"
    figure, axes = plt.subplots(figsize=(13, 6.5))
    for box, other in arrows.edges:
        (x, y), (to_x, to_y) = at[box], at[other]
        axes.annotate(
            "",
            xy=(to_x, to_y + HIGH / 2),
            xytext=(x, y - HIGH / 2),
            arrowprops={"arrowstyle": "-|>", "color": ARROW, "lw": 1.1},
            zorder=1,
        )
    for box, (x, y) in at.items():
        rectangle = plt.Rectangle(
            (x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, facecolor=PAPER, edgecolor=INK, zorder=2
        )
        axes.add_patch(rectangle)
        axes.text(x, y + 0.36, box, ha="center", va="center", weight="bold", size=10, zorder=3)
        axes.text(
            x, y - 0.16, _wrapped(purpose(box)), ha="center", va="center", size=5.6, zorder=3
        )
    axes.set_xlim(min(x for x, _ in at.values()) - WIDE, max(x for x, _ in at.values()) + WIDE)
    axes.set_ylim(-HIGH, max(y for _, y in at.values()) + HIGH)
    axes.axis("off")
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, COLUMNS))
