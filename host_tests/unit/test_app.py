"""What the app does when something fails: the others, the energy and the events survive."""

from types import SimpleNamespace

import pytest

from headroom import records
from headroom.app.control import Control
from headroom.app.guard import Guard
from headroom.app.keeper import Keeper
from headroom.metering.energy import SAVE_EVERY_MS
from headroom.metering.health import Health
from headroom.metering.meter import CYCLE, WINDOW
from headroom.storage.events import Events
from headroom.supervisor import Supervisor


class Pair:
    """Keeps what was saved, or fails to."""

    def __init__(self):
        self.saved = []
        self.error = None

    def save(self, text):
        if self.error:
            raise self.error
        self.saved.append(text)


class Flash:
    """A Keeper, and what it has written."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.events = Events(self.folder)
        self.file = Pair()
        self.busy = set()
        lines = [SimpleNamespace(sending=lambda i=i: i in self.busy) for i in range(2)]
        energy = SimpleNamespace(dump=lambda: "totals")
        self.keeper = Keeper([(energy, self.file)], [self.events], None, lines)

    def told(self):
        return [record[3] for record in Events(self.folder).read()]


@pytest.fixture
def flash(tmp_path):
    return Flash(tmp_path)


def test_a_charger_that_cant_be_told_is_named_and_all_else_is_saved(flash):
    charger = SimpleNamespace(name="charger1")
    bus = SimpleNamespace(last_words=lambda: [(charger, ValueError("no such register"))])
    Guard(None, bus, None).last_words(flash.events)
    flash.keeper.write_all()
    assert flash.told() == ["charger1 was not told its fallback: ValueError('no such register')"]
    assert flash.file.saved == ["totals"]


@pytest.mark.parametrize("error", [OSError(28), MemoryError("no memory"), KeyError("ev")])
def test_energy_that_cant_be_saved_leaves_the_events(flash, error):
    flash.file.error = error
    flash.events.note("stopped: reboot")
    flash.keeper.write_all()
    assert flash.told() == ["stopped: reboot", f"energy not saved: {error!r}"]


def test_events_that_cant_be_written_raise_nothing_a_restart_waits(flash, monkeypatch):
    def fail():
        raise MemoryError("no memory")

    flash.events.write = fail
    printed = []
    monkeypatch.setattr("sys.print_exception", printed.append, raising=False)
    flash.keeper.write_all()
    assert flash.file.saved == ["totals"]
    assert printed


def test_nothing_is_written_to_the_flash_while_a_line_sends(flash):
    """An erase holds every interrupt for 45 ms: the bytes to send, and the driver's release."""
    flash.keeper.pass_time(SAVE_EVERY_MS)
    flash.events.note("something")
    flash.events.pass_time(60_000)
    for line in range(2):
        flash.busy.add(line)
        flash.keeper.write_due(0, True)
        flash.busy.clear()
        assert (flash.file.saved, flash.told()) == ([], [])
    flash.keeper.write_due(0, True)
    assert (flash.file.saved, flash.told()) == (["totals"], ["something"])
    flash.file.saved.clear()
    flash.keeper.pass_time(SAVE_EVERY_MS - 1)
    flash.keeper.write_due(0, True)
    assert flash.file.saved == [], "once an hour"


class Windows:
    """A meter whose next window comes when it is asked for."""

    ct_tests = ()

    def __init__(self):
        self.window = records.Reading(2)
        self.cycle = records.Reading(2)
        self.done = 0

    def poll(self, now_ms):
        done, self.done = self.done, 0
        return done


class Decisions:
    """A Control on such a meter; `blind` holds for each decision whether it was blind."""

    def __init__(self):
        self.meter = Windows()
        self.health = Health()
        self.blind = []
        nobody = SimpleNamespace(add=lambda *_: 0, watch=lambda *_: 0)
        self.surges = 0
        controller = SimpleNamespace(
            step=lambda *_: self.blind.append(self.health.stale()), surge=self._surge
        )
        bus = SimpleNamespace(switch=lambda: None)
        self.control = Control(self.meter, self.health, nobody, controller, nobody, bus)
        self.control.begin(0)

    def _surge(self, *_):
        self.surges += 1
        return True

    def cycle(self, seen_ms):
        self.meter.done = CYCLE
        self.control.turn(seen_ms)

    def window(self, end_ms, seen_ms, good):
        self.meter.window.at_ms = end_ms
        self.meter.window.good = good
        self.meter.done = WINDOW
        self.control.turn(seen_ms)


@pytest.mark.parametrize("hz", [45, 47.4, 47.5, 50, 50.1, 52.7, 60, 60.1, 62.6, 65])
@pytest.mark.parametrize("late_ms", [0, 8])
@pytest.mark.parametrize("fault_at", [0.01, 0.5, 0.99])
def test_the_third_window_without_a_good_one_ends_in_fallback(hz, late_ms, fault_at):
    """A window is what is nearest to 200 ms of whole cycles. The one in which the fault comes may
    still be good: then it is at most four windows from the fault to the fallback.
    """
    window_ms = round(hz / 5) * 1000 / hz
    app = Decisions()
    fault_ms = (5 + fault_at) * window_ms
    for n in range(1, 20):
        end_ms = round(n * window_ms)
        # The sixth had the fault, and was good all the same.
        app.window(end_ms, end_ms + late_ms + n % 3, good=n <= 6)
        if app.blind[-1]:
            break
    assert app.blind == 8 * [False] + [True]
    assert end_ms - fault_ms <= 4 * window_ms + 1
    assert 4 * window_ms < 850


def test_samples_that_end_are_as_good_as_three_windows():
    app = Decisions()
    app.control.turn(300)
    assert not app.health.stale()
    app.control.turn(600)
    assert app.health.stale()
    assert app.blind == [True]


def test_a_cycle_above_the_rating_decides_at_once_but_not_while_blind():
    """The window that it belongs to comes up to 180 ms later."""
    app = Decisions()
    app.cycle(20)
    assert app.surges == 1
    app.control.turn(700)
    assert app.health.stale()
    app.cycle(720)
    assert app.surges == 1, "the fallback stays"


def test_a_dead_meter_is_silent_so_that_the_chargers_own_watchdogs_act():
    supervisor = Supervisor(("bus",), (1000,), 0, 0, (), (), SimpleNamespace(feed=lambda: None))
    bus = SimpleNamespace(failsafe=False, silent=False, switch=lambda: None)
    guard = Guard(supervisor, bus, None)
    guard.look(900)
    assert (bus.failsafe, bus.silent) == (False, False)
    guard.look(200)
    assert (bus.failsafe, bus.silent) == (True, True)
