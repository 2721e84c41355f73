"""RULES.md names nine rules, what can go wrong, and tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_rule_names_tests_that_exist():
    text = (ROOT / "RULES.md").read_text(encoding="utf-8")
    rules = re.split(r"(?m)^\d\. ", text)[1:]
    assert len(rules) == 9
    for rule in rules:
        found = 0
        for file, names in re.findall(r"- `([^`]+\.py)`:((?:\s+`test_\w+`,?)+)", rule):
            source = (ROOT / file).read_text(encoding="utf-8")
            for name in re.findall(r"test_\w+", names):
                assert f"def {name}(" in source, f"{file} has no {name}"
                found += 1
        assert found


def test_every_fault_in_the_table_names_a_test_that_exists():
    text = (ROOT / "RULES.md").read_text(encoding="utf-8")
    _, _, table = text.partition("## What can go wrong")
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    for row in rows:
        [(file, name)] = re.findall(r"`([\w/]+\.py)`: `(test_\w+)` \|$", row)
        folder = ROOT / "host_tests" if "/" in file else ROOT / "host_tests" / "unit"
        source = (folder / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source, f"{file} has no {name}"
