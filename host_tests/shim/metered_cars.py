"""Cars at two chargers, second by second, and the sessions that are counted of them."""

from datetime import datetime, timedelta, timezone

from headroom.app.clock import Clock
from headroom.app.sessions import Kept
from headroom.planning import utc
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.sessions import Sessions
from headroom.records import ChargerState

NAMES = ["charger1", "charger2"]
BEGIN = datetime(2026, 3, 28, 22, 0, tzinfo=timezone.utc)


class Cars:
    """Cars at two chargers that draw what a test says, second by second, with a clock or none."""

    def __init__(self, folder=None, clock=True, signed=True, rest_ms=0):
        self.plugs = [
            Plug(ChargerState(6000, 32_000, 80_000, 80_000, 0, (0,), rest_ms=rest_ms), 230)
            for _ in NAMES
        ]
        for plug in self.plugs:
            plug.state.online = True
        self.planner = Planner(self.plugs)
        self.clock = Clock()
        self.now = BEGIN
        if clock:
            self.tell()
        self.kept = Kept(str(folder), NAMES, signed) if folder else None
        self.sessions = self.kept._counted if folder else Sessions(2)
        self.mv = 0

    def tell(self):
        self.clock.tell(*utc.read(f"{self.now:%Y-%m-%dT%H:%M:%SZ}"))

    def run(self, seconds, *watts, grid_w=0, measured=True):
        """A car draws so many watts at charger 1, 2; None: there is none."""
        for plug, draws in zip(self.plugs, watts, strict=False):
            plug.state.car = draws is not None
            plug.state.charging = bool(draws)
            plug.draw_w = (draws or 0) if measured else -1
        for _ in range(seconds):
            self.planner.step(1000, 0)
            self.clock.pass_time(1000)
            self.now += timedelta(seconds=1)
            for plug in self.plugs:
                plug.leg_mv = self.mv
            what = self.plugs, 1000, grid_w() if callable(grid_w) else grid_w, self.clock
            self.kept.step(*what) if self.kept else self.sessions.step(*what)
        return self

    def rows(self):
        return [row for row in self.kept.rows(1000) if row]
