"""The bench's file: sections are merged, a damaged one is refused."""

import json

import pytest

from lab import bench
from meter.errors import UsageError


def test_a_section_replaces_its_own_figures_only(tmp_path):
    path = tmp_path / bench.FILE
    bench.store(path, "metering", {"a": 1})
    bench.store(path, "balancing", {"b": 2})
    bench.store(path, "metering", {"c": 3})
    assert json.loads(path.read_text()) == {"metering": {"c": 3}, "balancing": {"b": 2}}


def test_an_unknown_section_is_refused_before_any_runs(tmp_path):
    with pytest.raises(UsageError, match="no section 'nonsense'"):
        bench.run(["nonsense"], tmp_path)


def test_a_damaged_file_is_refused_not_overwritten(tmp_path):
    path = tmp_path / bench.FILE
    path.write_text("{")
    with pytest.raises(UsageError, match="damaged"):
        bench.store(path, "metering", {})
    assert path.read_text() == "{"
