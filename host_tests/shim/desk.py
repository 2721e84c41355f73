"""A console on a meter that stands still, with a keyboard and a screen."""

from types import SimpleNamespace

import pytest

from headroom.console.commands import Commands
from headroom.console.commands.access import Access
from headroom.console.commands.installer import Installer
from headroom.console.commands.settings import Settings
from headroom.console.commands.views import Views
from headroom.console.commands.wishing import Wishing
from headroom.console.lock import Lock
from headroom.console.shell import Shell
from headroom.metering.channel import Channel
from headroom.settings.store import Store
from headroom.storage.events import Events
from headroom.storage.pair import Pair


class Figures(dict):
    """A dict of the status; a figure that this test doesn't care for is 0."""

    def __missing__(self, name):
        return 0


LEG = Figures(name="L1", ma=20700, limit_ma=80000)
CHARGER = Figures(name="charger1", reason="rising", limited_by="L1", online=True, state="C")


class Terminal:
    """Takes all, gives what was typed."""

    def __init__(self):
        self.typed = b""
        self.shown = b""

    def read_into(self, buffer):
        count = min(len(buffer), len(self.typed))
        buffer[:count] = self.typed[:count]
        self.typed = self.typed[count:]
        return count

    def write(self, buffer, count):
        self.shown += bytes(buffer[:count])
        return count


class Desk:
    """A console on a meter that stands still, its flash in a folder."""

    def __init__(self, folder):
        self.free_bytes = 65536
        self.stops = []
        self.terminal = Terminal()
        self.events = Events(str(folder))
        self.lock = Lock(Pair(str(folder), "lock"))
        self.store = Store(str(folder))
        values = self.store.load()
        self.seen = SimpleNamespace(idle_w=-1)
        meter = _meter()
        self.configuration = Settings(
            values,
            self.store,
            self.lock,
            meter,
            self.events,
            self._stop,
            self._fits,
            self.seen,
        )
        access = Access(self.lock, self.events, self._stop)
        self.views = Views(_status(), self.configuration.unsaved, self.lock, self.events)
        bus = SimpleNamespace(chargers=[], guest=self)  # another scan goes on
        installer = Installer(
            bus,
            None,
            meter,
            str(folder),
            self.lock,
            (self.configuration, access),
        )
        self.wishing = Wishing(None)
        groups = (self.views, installer, access, self.wishing)
        self.latched = False
        self.commands = Commands(self.configuration, groups, self._stop, self._resume)
        self.shell = Shell(self.terminal, self.commands, "", pytest.fail)
        self.type("")

    def _fits(self, needed):
        return needed <= self.free_bytes

    def _stop(self, service, why):
        self.stops.append((service, why))

    def _resume(self):
        latched, self.latched = self.latched, False
        return latched

    def type(self, text, polls=400):
        """What the terminal shows after `text` was typed, until the console rests."""
        self.terminal.shown = b""
        self.terminal.typed += text.encode()
        for _ in range(polls):
            self.shell.poll()
        return self.terminal.shown.decode().replace("\r\n", "\n")

    def ask(self, line, polls=400):
        """The answer to one line, without echo and prompt."""
        shown = self.type(line + "\r", polls)
        assert shown.startswith(line + "\n")
        assert shown.endswith("> ")
        return shown[len(line) + 1 : -2]


def _status():
    about = {"version": "0.1.0", "micropython": "1.28.0", "board": "pico", "folder": "a"}
    energy = {"nominal_v": 120, "energy": [LEG]}

    def collect():
        yield
        return Figures(
            about, **energy, legs=[LEG], faults=[], settings="slot a", settings_note="",
            settings_hash="01234567",
        )  # fmt: skip

    return SimpleNamespace(
        about=lambda: about,
        energy=lambda: energy,
        collect=collect,
        chargers=lambda: iter([CHARGER]),
        faults=lambda: iter(["L2 clipped"]),
        why=lambda: iter([(CHARGER, iter([("L1", 16_000, "", True)]))]),
        good=lambda: True,
        has_chargers=lambda: True,
        line_dead=lambda: "",
    )


def _meter():
    """One that no sample has reached."""
    channels = [Channel(256, 0, 4095, 1, is_leg) for is_leg in (True, True, False)]
    window = SimpleNamespace(legs=2)
    return SimpleNamespace(ct_tests=(), window=window, ev_used=True, channels=channels)
