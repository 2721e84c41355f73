"""RULES.md names eight rules, and tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_rule_names_tests_that_exist():
    text = (ROOT / "RULES.md").read_text(encoding="utf-8")
    rules = re.split(r"(?m)^\d\. ", text)[1:]
    assert len(rules) == 8
    for rule in rules:
        found = 0
        for file, names in re.findall(r"- `([^`]+\.py)`:((?:\s+`test_\w+`,?)+)", rule):
            source = (ROOT / file).read_text(encoding="utf-8")
            for name in re.findall(r"test_\w+", names):
                assert f"def {name}(" in source, f"{file} has no {name}"
                found += 1
        assert found
