"""The plan of the house: who may import whom, and that every port offers what its page promises.

Read from the source, since the ports import what only their chip has.
"""

import ast
import re

import pytest

from meter.paths import FIRMWARE

HEADROOM = FIRMWARE / "headroom"
PORTS = HEADROOM / "ports"
ROOMS = {"metering", "balancing", "charging", "console", "ports"}
CHIP_MODULES = {"machine", "rp2", "esp32", "uctypes", "termios"}
CHIPS = ("rp2", "esp32", "unix")
SOURCES = sorted(HEADROOM.rglob("*.py"))


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    """Dotted names that a file imports; those of our own package begin with "headroom."."""
    package = ["headroom", *path.relative_to(HEADROOM).parent.parts]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            yield from (".".join([*base, name.name]) for name in node.names)


def room_of(path):
    parts = path.relative_to(HEADROOM).parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HEADROOM)))
def test_no_room_imports_another_and_only_ports_know_the_chip(path):
    room = room_of(path)
    for name in imported(path):
        parts = name.split(".")
        if room != "ports":
            assert parts[0] not in CHIP_MODULES, name
        if room and parts[0] == "headroom":
            assert parts[1] == room or parts[1] not in ROOMS, name
            assert parts[1] != "app", name


@pytest.mark.parametrize(
    "path", sorted((HEADROOM / "balancing").glob("*.py")), ids=lambda p: p.stem
)
def test_balancing_knows_no_clock_and_no_outside(path):
    for name in imported(path):
        assert name.split(".")[0] in {"headroom", "array", "micropython"}, name


def promised():
    """{name: (arguments, {attribute: (is awaited, arguments or None)})} of the ports' page."""
    found = {}
    for line in ast.get_docstring(parsed(PORTS / "__init__.py")).splitlines():
        name = re.match(r" {4}(\w+)\(([\w, ]*)\)", line)
        attribute = re.match(r" {8}(await )?\.(\w+)(?:\(([\w, ]*)\))?", line)
        on_same_line = re.match(r" {4}\w+\(.*?\) +\.(\w+)\(([\w, ]*)\)", line)
        if name:
            last = found[name[1]] = (words(name[2]), {})
        if on_same_line:
            last[1][on_same_line[1]] = (False, words(on_same_line[2]))
        if attribute:
            arguments = None if attribute[3] is None else words(attribute[3])
            last[1][attribute[2]] = (bool(attribute[1]), arguments)
    return found


def words(arguments):
    return [word.strip() for word in arguments.split(",") if word.strip()]


def definition(module, name):
    """The class or function `name` of a port module, wherever in ports/ it is written."""
    tree = parsed(PORTS / f"{module}.py")
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
            return module, node
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return definition(node.module, alias.name)
    return module, None


def members(module, node):
    """{name: function, or None for a value} of a class and those that it is made from."""
    found = {}
    for base in node.bases:
        where, parent = definition(module, base.id)
        found |= members(where, parent)
    for item in ast.walk(node):
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[item.name] = item
        elif isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
            found.setdefault(item.attr, None)
    return found


def arguments_of(function):
    """Arguments that a caller must give."""
    given = [argument.arg for argument in function.args.args]
    return given[: len(given) - len(function.args.defaults)]


def test_the_page_promises_what_we_think():
    page = promised()
    assert set(page) == {
        "Sampler", "Line", "Terminal", "Watchdog",
        "reset", "reset_cause", "data_folder", "stay_reachable",
    }  # fmt: skip
    assert page["Line"][1]["send"] == (True, ["frame"])
    assert {"rate_hz", "samples", "advance", "lost_frames"} <= set(page["Sampler"][1])
    assert page["Watchdog"][1] == {"feed": (False, [])}


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("name", promised())
def test_every_port_offers_what_the_page_promises(chip, name):
    arguments, attributes = promised()[name]
    module, node = definition(chip, name)
    assert node is not None, f"ports/{chip}.py has no {name}"
    if isinstance(node, ast.FunctionDef):
        assert arguments_of(node) == arguments
        return
    there = members(module, node)
    assert arguments_of(there["__init__"]) == ["self", *arguments]
    for attribute, (awaited, wanted) in attributes.items():
        assert attribute in there, f"{name} of ports/{module}.py has no {attribute}"
        function = there[attribute]
        if wanted is not None:
            assert arguments_of(function) == ["self", *wanted]
            assert isinstance(function, ast.AsyncFunctionDef) is awaited
