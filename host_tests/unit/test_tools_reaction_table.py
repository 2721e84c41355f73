"""The table of the reaction: what the bench has stored, on the page, or a refusal."""

import json

import pytest
from typer.testing import CliRunner

from lab import cli
from lab import reaction_table as tool
from meter.errors import UsageError


def measured(p99_ms):
    times = {"p50_ms": 20.5, "p99_ms": p99_ms, "max_ms": 61.0}
    return {"steps": 1000, "missed": 0, "first": times, "last": times}


FIGURES = {
    "2@19200": {
        "above_rating": measured(55.5),
        "one_dead": {"above_limit": measured(340.0)},
    },
    "runtime": "virtual",
}


@pytest.fixture
def page(tmp_path, monkeypatch):
    page = tmp_path / "README.md"
    marks = tool.ON_PAGE
    page.write_text(f"before\n{marks.begin}\nold\n{marks.end}\nafter\n")
    monkeypatch.setattr(marks, "page", page)
    monkeypatch.setattr(tool, "DRAWN", tmp_path / "drawn.png")
    return page


def test_each_case_is_a_row_with_its_goal(page, tmp_path):
    (tmp_path / "bench.json").write_text(json.dumps({"reaction": FIGURES}))
    (tmp_path / "reaction.png").write_bytes(b"a picture")
    assert CliRunner().invoke(cli.app, ["reaction-table", "--out", str(tmp_path)]).exit_code == 0
    before, _, _, _, well, dead, _, after = page.read_text().splitlines()
    assert (before, after) == ("before", "after")
    assert well.startswith("| 2@19200 | above rating | 1000 | 20.5 | 55.5 | 61.0 | 60 |")
    assert dead.startswith(
        "| 2@19200, one dead | above limit | 1000 | 20.5 | 340.0 | 61.0 | 350 |"
    )
    assert (tmp_path / "drawn.png").read_bytes() == b"a picture"


def test_without_figures_nothing_is_changed(page, tmp_path):
    before = page.read_text()
    with pytest.raises(UsageError, match="SECTION=reaction"):
        tool.write(tmp_path)
    assert page.read_text() == before
