"""What app.py does when something fails: the others, the energy and the events survive."""

from types import SimpleNamespace

import pytest

from headroom import records
from headroom.app import App
from headroom.events import Events
from headroom.metering.health import Health


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


@pytest.mark.parametrize("hz", [45, 47.4, 47.5, 50, 50.1, 52.7, 60, 60.1, 62.6, 65])
@pytest.mark.parametrize("late_ms", [0, 8])
@pytest.mark.parametrize("fault_at", [0.01, 0.5, 0.99])
def test_the_third_window_without_a_good_one_ends_in_fallback(hz, late_ms, fault_at):
    """A window is what is nearest to 200 ms of whole cycles. The one in which the fault comes may
    still be good: then it is at most four windows from the fault to the fallback.
    """
    window_ms = round(hz / 5) * 1000 / hz
    blind = []
    app = App.__new__(App)
    app._health = Health()
    app._meter = SimpleNamespace(window=records.Reading(2))
    app._energy = app._supervisor = SimpleNamespace(add=lambda *_: 0, watch=lambda *_: 0)
    app._controller = SimpleNamespace(step=lambda *_: blind.append(app._health.stale()))
    app._decided_ms = app._waited_ms = 0
    fault_ms = (5 + fault_at) * window_ms
    for n in range(1, 20):
        end_ms = round(n * window_ms)
        app._meter.window.at_ms = end_ms
        app._meter.window.good = n <= 6  # the sixth had the fault, and was good all the same
        app._decide(end_ms + late_ms + n % 3)
        if blind[-1]:
            break
    assert blind == 8 * [False] + [True]
    assert end_ms - fault_ms <= 4 * window_ms + 1
    assert 4 * window_ms < 850


def test_samples_that_end_are_as_good_as_three_windows(monkeypatch):
    app = App.__new__(App)
    app._health = Health()
    app._meter = SimpleNamespace(window=records.Reading(2))
    app._controller = SimpleNamespace(step=lambda *_: 0)
    app._decided_ms = app._waited_ms = 0
    app._decide_blind(300)
    assert not app._health.stale()
    app._decide_blind(600)
    assert app._health.stale()
