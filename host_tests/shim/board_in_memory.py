"""A board without hardware: an App can be built on it, and each of its parts can be made to fail.

monkeypatch.setattr(ports, "current", lambda: board)    is how an App gets it
"""

import runpy
from types import SimpleNamespace

from headroom.settings.store import Store
from meter.paths import BOARDS

CHARGER = {
    "charger1.profile": "heidelberg",
    "charger1.address": 1,
    "charger1.fallback_a": 6,
}


class Part:
    """Raises `error`, once it is set, instead of doing its work."""

    error = None

    def _work(self):
        if self.error:
            raise self.error


class Sampler(Part):
    """No frame ever arrives."""

    def __init__(self, board):
        self.channels = len(board.CHANNELS)
        self.rate_hz = board.RATE_HZ
        self.frames = 2304
        self.samples = [0] * (self.frames * self.channels)
        self.lost_frames = self.jitter_us = 0
        self.spacing_ppm = 1_000_000 // self.channels

    def advance(self):
        self._work()
        return 0


class Line(Part):
    """Nobody answers; `last_words` are the frames that were sent without waiting."""

    def __init__(self, board, name="LINE"):
        self.last_words = []

    def open(self, baud, parity, stop):
        pass

    async def send(self, frame):
        self._work()

    def send_now(self, frame):
        self.last_words.append(bytes(frame))

    def read_into(self, buffer):
        return 0

    def sending(self):
        return False


class Terminal(Part):
    """Nobody types, and everything is read."""

    def __init__(self, board):
        pass

    def read_into(self, buffer):
        return 0

    def write(self, buffer, count):
        self._work()
        return count


class Watchdog:
    """Counts how often it was fed."""

    def __init__(self, board):
        self.fed = 0

    def feed(self):
        self.fed += 1


class Board(SimpleNamespace):
    """Data of the board for a PC and the port beside it; `made` has the parts by their names."""

    def __init__(self, folder):
        super().__init__(**runpy.run_path(str(BOARDS / "unix" / "board.py")))
        self.folder = str(folder)
        self.made = {}
        store = Store(self.folder)
        store.save(store.load() | CHARGER)
        for part in (Sampler, Line, Terminal, Watchdog):
            setattr(self, part.__name__, self._maker(part))

    def _maker(self, part):
        def make(board, *names):
            self.made[part.__name__] = part(board, *names)
            return self.made[part.__name__]

        return make

    def data_folder(self, board):
        return self.folder

    def identity(self):
        return "000000000000"

    def reset_cause(self):
        return "power on"
