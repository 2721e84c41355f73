"""The plan of the house: who may import whom, and that every port offers what its page promises.

Read from the source, since the ports import what only their chip has.
"""

import ast
import re

import networkx as nx
import pytest

from lab import architecture, house
from lab.architecture import PICTURE
from lab.house import HEADROOM
from meter.paths import FIRMWARE, ROOT

PORTS = HEADROOM / "ports"
CHIPS = ("rp2", "esp32", "unix")
FRONT_ENDS = {"rp2_mcp3208": "rp2"}  # with the rest of which port
LOCKSTEP = ROOT / "tools" / "lab" / "lockstep" / "vm" / "port.py"  # unix in virtual time
SOURCES = house.sources()

# Each box of the house, and what it may import besides itself: only boxes above it in this table,
# so there is no circle and no arrow up. firmware/README.md shows the same.
MAY_IMPORT = {
    "records": set(),
    "memory": set(),
    "ports": set(),
    "storage": set(),
    "metering": {"records"},
    "balancing": {"records"},
    "planning": set(),
    "charging": set(),
    "supervisor": set(),
    "answering": {"charging"},
    "wiring_test": {"charging"},
    "settings": {"memory", "records", "metering", "planning", "charging", "storage"},
    "reporting": {"records", "metering", "balancing", "planning"},
    "network": set(),
    "console": {
        "memory", "records", "settings", "metering", "planning", "charging", "wiring_test",
    },
    "app": {
        "memory", "ports", "storage", "records", "metering", "balancing", "planning", "charging",
        "supervisor", "answering", "settings", "reporting", "network", "console",
    },
}  # fmt: skip
LONGEST = 300  # lines
TOP = {"__init__.py", "records.py", "memory.py", "supervisor.py"}
# What only one box may import of what is not ours.
CHIP_MODULES = {"machine", "rp2", "esp32", "uctypes", "termios"}
NET_MODULES = {"network", "socket"}
PURE = {
    "balancing": {"array", "micropython"},
    "planning": {"array", "math", "micropython"},  # an NTC's table, computed once
}


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def boxes_of(path):
    """The boxes of our package that a file imports."""
    for name in house.imports(path):
        first, _, rest = name.partition(".")
        if first == "headroom":
            yield rest.partition(".")[0]


def test_the_table_is_the_house():
    there = {house.box_of(path) for path in SOURCES} - {"__init__"}
    assert there == set(MAY_IMPORT)
    assert len(there) <= 16  # the rooms that the design names, and the files at the top
    assert {path.name for path in HEADROOM.glob("*.py")} == TOP


def test_no_arrow_goes_up():
    above = set()
    for box, may in MAY_IMPORT.items():
        assert may <= above, box
        above.add(box)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HEADROOM)))
def test_every_import_is_in_the_table(path):
    box = house.box_of(path)
    allowed = {box, "VERSION"} | MAY_IMPORT.get(box, set())
    assert set(boxes_of(path)) <= allowed
    for name in house.imports(path):
        first = name.partition(".")[0]
        assert box == "ports" or first not in CHIP_MODULES, name
        assert box == "network" or first not in NET_MODULES, name
        assert first in PURE.get(box, {first}) | {"headroom"}, name


@pytest.mark.parametrize("box", MAY_IMPORT)
def test_no_arrow_of_the_table_is_without_use(box):
    used = {name for path in SOURCES if house.box_of(path) == box for name in boxes_of(path)}
    assert MAY_IMPORT[box] - used == set()


def test_no_file_is_too_long():
    long = [
        str(path.relative_to(FIRMWARE))
        for path in [*FIRMWARE.rglob("*.py")]
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    ]
    assert long == []


def test_no_module_leads_back_to_itself():
    assert list(nx.simple_cycles(house.modules())) == []


def test_the_picture_shows_the_house_as_it_is(tmp_path):
    drawn = tmp_path / "architecture.svg"
    architecture.draw(drawn)
    texts = [re.findall(r">([^<>]+)</text>", path.read_text("utf-8")) for path in (drawn, PICTURE)]
    assert texts[0] == texts[1], "run `make pictures`"
    assert set(MAY_IMPORT) <= set(texts[0])


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
    tree = parsed(LOCKSTEP if module == "lockstep" else PORTS / f"{module}.py")
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
            return module, node
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return definition(node.module.rpartition(".")[2], alias.name)
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
        "reset", "reset_cause", "identity", "data_folder", "stay_reachable",
    }  # fmt: skip
    assert page["Line"][1]["send"] == (True, ["frame"])
    assert {"rate_hz", "samples", "advance", "lost_frames"} <= set(page["Sampler"][1])
    assert page["Watchdog"][1] == {"feed": (False, [])}


@pytest.mark.parametrize("chip", [*CHIPS, "lockstep", *FRONT_ENDS])
@pytest.mark.parametrize("name", promised())
def test_every_port_offers_what_the_page_promises(chip, name):
    arguments, attributes = promised()[name]
    module, node = definition(chip if name == "Sampler" else FRONT_ENDS.get(chip, chip), name)
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
