"""What keeps garbage collection short on a board leaves a PC alone."""

from headroom import memory


def test_nothing_is_collected_early_where_no_front_was_reserved(monkeypatch):
    """While a command ran it was a hundred times a second, and the demo came too late."""
    collected = []
    monkeypatch.setattr(memory.gc, "collect", lambda: collected.append(1))
    for _ in range(100):
        memory.tidy()
    assert collected == []
