"""`lab mutants`: every fault of the table can be planted, and one that survives is a failure."""

import json
from collections import Counter

import pytest
from typer.testing import CliRunner

from lab import cli
from lab.mutants.mutant import Mutant
from lab.mutants.planting import path_of, problem
from lab.mutants.run import run
from lab.mutants.table import TABLE
from meter import paths
from meter.errors import MeterError

ADDING = "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return a + a\n"
ITS_TEST = "from headroom.adding import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
PYPROJECT = '[tool.pytest.ini_options]\npythonpath = ["firmware"]\n'
CAUGHT = Mutant(1, "adds wrongly", "adding.py", "a + b", "a - b", "test_adding")
SURVIVOR = Mutant(2, "doubles wrongly", "adding.py", "a + a", "a * a", "test_adding")


@pytest.fixture
def project(tmp_path):
    """A firmware of two functions, one of which has a test."""
    for name, text in (
        ("firmware/headroom/adding.py", ADDING),
        ("host_tests/unit/test_adding.py", ITS_TEST),
        ("pyproject.toml", PYPROJECT),
    ):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "project"


def test_every_fault_of_the_table_can_be_planted():
    found = {mutant.name: problem(paths.ROOT, mutant) for mutant in TABLE}
    assert {name: why for name, why in found.items() if why} == {}
    assert len(found) == len(TABLE), "a name of its own for each"
    for mutant in TABLE:
        for test in mutant.tests.split():
            file, _, name = test.partition("::")
            source = paths.ROOT / path_of(file)
            assert f"def {name}" in source.read_text(encoding="utf-8"), mutant.name


def test_there_are_three_a_rule_and_forty_in_all():
    rules = Counter(mutant.rule for mutant in TABLE)
    assert sorted(rules) == list(range(1, 10))
    assert min(rules.values()) >= 3
    assert len(TABLE) >= 40
    told = (paths.ROOT / "RULES.md").read_text(encoding="utf-8")
    assert "`make mutants`" in told


def lab_mutants(out):
    return CliRunner().invoke(cli.app, ["mutants", "--out", str(out)])


@pytest.fixture
def table(project, monkeypatch):
    """`lab mutants` works on that project; the faults are to be put in here."""
    rows = []
    monkeypatch.setattr("lab.mutants.table.TABLE", rows)
    monkeypatch.setattr(paths, "ROOT", project)
    return rows


@pytest.mark.long
def test_one_that_survives_is_named_and_a_failure(table, project, tmp_path):
    table += [CAUGHT, SURVIVOR]
    told = lab_mutants(tmp_path / "out")
    assert told.exit_code == 1
    assert "rule 1  adds wrongly: caught by test_adding.py::test_add\n" in told.output
    assert "rule 2  doubles wrongly: SURVIVED\n" in told.output
    result = json.loads((tmp_path / "out" / "mutants.json").read_text())
    assert result == {"planted": 2, "caught": 1, "survived": ["doubles wrongly"]}
    kept = (project / "firmware/headroom/adding.py").read_text()
    assert kept == ADDING, "only copies are changed"


@pytest.mark.long
def test_all_caught_is_no_failure(table, tmp_path):
    table.append(CAUGHT)
    assert lab_mutants(tmp_path / "out").exit_code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"before": "return"}, "occurs 2 times in adding.py, not once: 'return'"),
        ({"before": "a / b"}, "occurs 0 times"),
        ({"after": "a +"}, "is no Python"),
        ({"file": "gone.py"}, "there is no gone.py"),
    ],
)
def test_one_that_cant_be_planted_is_named_and_nothing_is_tried(project, tmp_path, change, said):
    with pytest.raises(MeterError, match="adds wrongly") as refused:
        run(project, [CAUGHT._replace(**change)], tmp_path / "out")
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_tests_that_fail_by_themselves_catch_nothing(project, tmp_path):
    (project / "host_tests/unit/test_adding.py").write_text("def test_it():\n    assert False\n")
    with pytest.raises(MeterError, match="though no fault is planted"):
        run(project, [CAUGHT], tmp_path / "out")
