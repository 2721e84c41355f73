"""What keeps garbage collection short on a board leaves a PC alone."""

import sys

from headroom import memory


def test_nothing_is_collected_early_where_no_front_was_reserved(monkeypatch):
    """While a command ran it was a hundred times a second, and the demo came too late."""
    collected = []
    monkeypatch.setattr(memory.gc, "collect", lambda: collected.append(1))
    for _ in range(100):
        memory.tidy()
    assert collected == []


def test_what_was_for_building_only_is_forgotten_and_may_be_imported_again(tmp_path, monkeypatch):
    """A new meter has no saved settings, so that it has never loaded what checks them."""
    package = tmp_path / "a_meter"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "building.py").write_text("made = []")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("threshold", "mem_free"):  # MicroPython's
        monkeypatch.setattr(memory.gc, name, lambda *_: 0, raising=False)
    monkeypatch.setattr(memory, "_kept", [])
    monkeypatch.setattr(memory, "_front", 0)
    memory.reserve()
    from a_meter import building

    memory.built(("a_meter.building", "a_meter.never_loaded"))
    assert "a_meter.building" not in sys.modules
    assert not hasattr(sys.modules["a_meter"], "building")
    from a_meter import building as again

    assert again is not building


def test_what_fits_is_counted_at_the_tightest_moment_of_the_start(monkeypatch):
    free = iter((30_000, 9_000, 12_000))
    monkeypatch.setattr(memory.gc, "threshold", lambda *_: 0, raising=False)
    monkeypatch.setattr(memory.gc, "mem_free", lambda: next(free), raising=False)
    for name, value in (("_kept", []), ("_front", 0), ("_left", sys.maxsize)):
        monkeypatch.setattr(memory, name, value)
    memory.reserve()
    memory.look()
    memory.look()
    memory.built(())
    spare = 5_120
    assert memory.fits(9_000 - spare)
    assert not memory.fits(9_000 - spare + 1)
