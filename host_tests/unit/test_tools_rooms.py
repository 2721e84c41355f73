"""Who may import whom among the tools: the lab may use the meter's tools, and nobody the tests.

Read from the sources, so that an import inside a function counts too.
"""

import ast

import pytest

from meter.paths import ROOT

TOOLS = ROOT / "tools"
SOURCES = sorted([*TOOLS.glob("lab/**/*.py"), *TOOLS.glob("meter/**/*.py")])
SHIM = {path.stem for path in (ROOT / "host_tests" / "shim").glob("*.py")}
TESTS = SHIM | {"host_tests", "conftest"}
MOST_LINES = 300


def name(path):
    return path.relative_to(TOOLS).as_posix()


def imported(path):
    """The first words of what a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def test_both_halves_are_looked_at():
    assert {"lab/sim/world.py", "lab/bench/reaction/steps.py", "meter/cli.py"} <= set(
        map(name, SOURCES)
    )
    assert {"charging_bench", "scripted_line", "plug"} <= TESTS


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_tool_needs_the_tests_and_the_meters_tools_need_no_lab(path):
    names = set(imported(path))
    assert not names & TESTS
    if path.parent.name != "mutants":  # these run the tests
        assert "host_tests" not in path.read_text(encoding="utf-8"), "not by a path either"
    if path.is_relative_to(TOOLS / "meter"):
        assert not names & {"lab", "headroom"}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_tool_is_short_enough_to_be_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", sorted(TOOLS.glob("lab/chip/corrections/*.py")), ids=name)
def test_a_correction_says_in_one_sentence_what_it_mends(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if path.stem != "__init__":
        assert text.endswith(".")
        assert "\n\n" not in text


@pytest.mark.parametrize("half", ["lab", "meter"])
def test_the_list_of_the_files_has_them_all(half):
    page = (TOOLS / half / "README.md").read_text(encoding="utf-8")
    for path in (TOOLS / half).iterdir():
        if path.suffix == ".py" and not path.stem.startswith("__"):
            assert f"`{path.name}`" in page, path.name
        elif path.is_dir() and path.name != "__pycache__":
            assert f"`{path.name}/`" in page, path.name
