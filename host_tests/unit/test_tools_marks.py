"""What commands keep on the pages of the docs: it is up to date, and all else is left alone."""

import pytest

from lab import registers, settings_table
from lab.marks import Marks
from meter.errors import MeterError


@pytest.mark.parametrize("made", [registers, settings_table], ids=["registers", "settings-table"])
def test_a_page_is_up_to_date(made):
    assert made.ON_PAGE.read() == made.table(), "run `make` with the name in brackets"


@pytest.fixture
def marks(tmp_path):
    return Marks(tmp_path / "page.md", "<!-- begin -->", "<!-- end -->")


def test_writing_replaces_only_what_is_between_the_marks(marks):
    marks.page.write_text("before\n<!-- begin -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    assert marks.read() == "old"
    marks.write("| a |")
    text = marks.page.read_text(encoding="utf-8")
    assert text == "before\n<!-- begin -->\n| a |\n<!-- end -->\nafter\n"


@pytest.mark.parametrize("text", ["no marks", "<!-- begin --> alone", "<!-- end --> alone"])
def test_lost_marks_are_said_and_nothing_is_changed(marks, text):
    marks.page.write_text(text, encoding="utf-8")
    with pytest.raises(MeterError, match="lost the marks"):
        marks.write("| a |")
    assert marks.page.read_text(encoding="utf-8") == text
