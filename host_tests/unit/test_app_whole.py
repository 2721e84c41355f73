"""A whole App on a board in memory: whichever task raises ends in a trip and a restart."""

import asyncio

import pytest
from board_in_memory import Board

from headroom import ports
from headroom.app import App
from headroom.storage.events import Events


@pytest.mark.parametrize(
    ("task", "part"), [("control", "Sampler"), ("bus", "Line"), ("console", "Terminal")]
)
def test_whatever_raises_trips_the_supervisor(tmp_path, monkeypatch, clock, task, part):
    board = Board(tmp_path)
    monkeypatch.setattr(ports, "current", lambda: board)
    app = App(board)
    broken = board.made[part]
    broken.error = MemoryError("no memory")
    clock.run(asyncio.wait_for(app.run(), 60))  # it ends by itself: a restart is due
    assert app.failure() is broken.error
    unfed_ms = clock.ms - 100 * board.made["Watchdog"].fed
    assert unfed_ms >= 3000, "the watchdog starves while the chargers are told"
    app.last_words()
    told = [record[3] for record in Events(board.folder).read()]
    assert f"supervisor: task '{task}' failed: {broken.error!r}" in told
