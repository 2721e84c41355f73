"""The plan of the firmware, read from its imports: which box imports which. A box is what stands
directly in firmware/headroom: a folder, or a file.

The sources are read, not imported, for some import what only their chip has.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

from meter.paths import FIRMWARE

HEADROOM = FIRMWARE / "headroom"


def sources() -> list[Path]:
    """Every file of the package."""
    return sorted(HEADROOM.rglob("*.py"))


def module_of(path: Path) -> str:
    """The dotted name of a file, as "headroom.metering.kernel"."""
    parts = path.relative_to(HEADROOM.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def box_of(path: Path) -> str:
    """The box that a file is in."""
    return path.relative_to(HEADROOM).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports; those of our own package begin with "headroom.".

    A text that begins so is an import as well: what is loaded on demand is named in texts.
    """
    package = ["headroom", *path.relative_to(HEADROOM).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            yield from (".".join([*base, name.name]) for name in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"headroom\.[\w.]+", node.value):
                yield node.value


def boxes() -> "nx.DiGraph[str]":
    """An arrow from each box to each that it imports."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in sources():
        box = box_of(path)
        if box == "__init__":
            continue
        graph.add_node(box)
        for name in imports(path):
            first, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if first == "headroom" and other not in (box, "VERSION"):
                graph.add_edge(box, other)
    return graph


def modules() -> "nx.DiGraph[str]":
    """An arrow from each module to each that it imports."""
    names = {module_of(path): path for path in sources()}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    for name, path in names.items():
        for target in imports(path):
            while target and target not in names:
                target = target.rpartition(".")[0]
            if target not in ("", "headroom", name):
                graph.add_edge(name, target)
    return graph
