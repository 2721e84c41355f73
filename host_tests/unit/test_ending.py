"""Whoever asked for the end reads the answer before it comes."""

from types import SimpleNamespace

import pytest

from headroom import app, ports
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


@pytest.mark.parametrize("full", [("run",), ("last_words",), ("run", "last_words")])
def test_a_memory_that_is_full_at_the_end_is_followed_by_the_restart(monkeypatch, full):
    """Else the board stays at MicroPython's prompt until its watchdog acts."""
    done = []

    def does(what):
        done.append(what)
        if what in full:
            raise MemoryError

    class Tasks:
        planning, ending = None, SimpleNamespace(service=False)

        def __init__(self, board):
            pass

        async def run(self):
            does("run")

        def last_words(self):
            does("last_words")

        def failure(self):
            return None

    monkeypatch.setattr(app, "assembled", Tasks)
    monkeypatch.setattr(app.memory, "built", lambda names: None)
    monkeypatch.setattr(app.memory, "room_for_a_file", lambda: done.append("room"))
    monkeypatch.setattr(app.sys, "print_exception", lambda error: None, raising=False)
    monkeypatch.setattr(
        ports, "current", lambda: SimpleNamespace(reset=lambda: done.append("reset"))
    )
    app.main(None)
    assert done == ["run", "room", "last_words", "reset"]
