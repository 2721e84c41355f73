"""What app.py does when something fails: the others, the energy and the events survive."""

from types import SimpleNamespace

import pytest

from headroom.app import App
from headroom.events import Events


class Slots:
    """Keeps what was saved, or fails to."""

    def __init__(self, error=None):
        self.saved = []
        self.error = error

    def save(self, text):
        if self.error:
            raise self.error
        self.saved.append(text)


@pytest.fixture
def app(tmp_path):
    """An App with just what its last words use."""
    app = App.__new__(App)
    app._bus = SimpleNamespace(last_words=list)
    app._energy = SimpleNamespace(dump=lambda: "totals")
    app._energy_slots = Slots()
    app._events = Events(str(tmp_path))
    return app


def told(folder):
    return [record[3] for record in Events(str(folder)).read()]


def test_a_charger_that_cant_be_told_is_named_and_all_else_is_saved(app, tmp_path):
    charger = SimpleNamespace(name="charger1")
    app._bus.last_words = lambda: [(charger, ValueError("no such register"))]
    app.last_words()
    assert told(tmp_path) == ["charger1 was not told its fallback: ValueError('no such register')"]
    assert app._energy_slots.saved == ["totals"]


@pytest.mark.parametrize("error", [OSError(28), MemoryError("no memory"), KeyError("ev")])
def test_energy_that_cant_be_saved_leaves_the_events(app, tmp_path, error):
    app._energy_slots.error = error
    app._events.note("stopped: reboot")
    app.last_words()
    assert told(tmp_path) == ["stopped: reboot", f"energy not saved: {error!r}"]


def test_events_that_cant_be_written_raise_nothing_a_restart_waits(app, monkeypatch):
    def fail():
        raise MemoryError("no memory")

    app._events.write = fail
    printed = []
    monkeypatch.setattr("sys.print_exception", printed.append, raising=False)
    app.last_words()
    assert app._energy_slots.saved == ["totals"]
    assert printed


def test_nothing_is_written_to_the_flash_while_a_line_sends(app, tmp_path):
    """An erase holds every interrupt for 45 ms: the bytes to send, and the driver's release."""
    busy = set()
    app._line, meter_line = [SimpleNamespace(sending=lambda i=i: i in busy) for i in range(2)]
    app._slave = SimpleNamespace(line=meter_line)
    app._trial = None
    app._unsaved_ms = 3_600_000
    app._events.note("something")
    app._events.pass_time(60_000)
    for line in range(2):
        busy.add(line)
        app._save()
        busy.clear()
        assert (app._energy_slots.saved, told(tmp_path)) == ([], [])
    app._save()
    assert (app._energy_slots.saved, told(tmp_path)) == (["totals"], ["something"])
    app._energy_slots.saved.clear()
    app._save()
    assert app._energy_slots.saved == [], "once an hour"
