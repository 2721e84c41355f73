"""A whole App on a board in memory: whichever task raises ends in a trip and a restart."""

import asyncio

import pytest
from board_in_memory import Board
from installation import FRAME_6_A

from headroom import ports
from headroom.app.assembly import assembled
from headroom.settings.store import Store
from headroom.storage.events import Events


@pytest.mark.parametrize(
    ("task", "part"), [("control", "Sampler"), ("bus", "Line"), ("console", "Terminal")]
)
def test_whatever_raises_trips_the_supervisor(tmp_path, monkeypatch, clock, task, part):
    board = Board(tmp_path)
    monkeypatch.setattr(ports, "current", lambda: board)
    app = assembled(board)
    broken = board.made[part]
    broken.error = MemoryError("no memory")
    clock.run(asyncio.wait_for(app.run(), 60))  # it ends by itself: a restart is due
    assert app.failure() is broken.error
    unfed_ms = clock.ms - 100 * board.made["Watchdog"].fed
    assert unfed_ms >= 3000, "the watchdog starves while the chargers are told"
    app.last_words()
    assert board.made["Line"].last_words == 2 * [FRAME_6_A], "its fallback, twice"
    told = [record[3] for record in Events(board.folder).read()]
    assert f"supervisor: task '{task}' failed: {broken.error!r}" in told


def test_a_group_has_less_while_one_of_its_chargers_cannot_be_driven(tmp_path, monkeypatch, clock):
    board = Board(tmp_path)
    store = Store(board.folder)
    changed = {
        "ev_source": "estimate",
        "group1.breaker_a": 40,
        "charger1.group": 1,
        "charger2.profile": "custom",  # and nobody has made custom.json
        "charger2.address": 2,
        "charger2.circuit_a": 20,
        "charger2.group": 1,
    }
    store.save(store.load() | changed)
    monkeypatch.setattr(ports, "current", lambda: board)
    app = assembled(board)
    assert app._control._controller.limits.headroom_ma[-1] == (40_000 - 20_000) * 80 // 100
    faults = list(app._status.faults())
    assert "group 1 keeps 16 A for charger2" in faults
    assert any(fault.startswith("charger2 is not driven: custom.json") for fault in faults)
