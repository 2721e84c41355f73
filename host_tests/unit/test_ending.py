"""Whoever asked for the end reads the answer before it comes."""

from types import SimpleNamespace

import pytest

from headroom.app.ending import Ending


@pytest.fixture
def ending():
    keeper = SimpleNamespace(restart_wanted=lambda: None)
    made = Ending(SimpleNamespace(note=lambda text: None), keeper)
    made.shell = SimpleNamespace(close=lambda: None)
    return made


def test_what_held_the_loop_before_the_end_was_wanted_takes_nothing_from_the_answer(ending):
    """A save holds it for 300 ms and more; the round in which it ends is counted whole."""
    ending.stop(False, "save")
    ending.pass_time(900, False)
    assert not ending.over()
    for _ in range(3):
        ending.pass_time(100, False)
    assert ending.over()


def test_it_comes_though_the_loop_is_slow(ending):
    ending.stop(False, "reboot")
    for _ in range(4):
        ending.pass_time(800, False)
    assert ending.over()


def test_a_supervisor_that_has_given_up_waits_by_the_clock(ending):
    ending.pass_time(2900, True)
    assert not ending.over()
    ending.pass_time(200, True)
    assert ending.over()
