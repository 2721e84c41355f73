"""A house whose windows a test makes, with the app's planning at work in it."""

import time
from types import SimpleNamespace

from headroom import records
from headroom.app import building
from headroom.metering.power import Power
from headroom.planning import request
from headroom.settings import table, together

HOME = {
    "nominal_v": 230,
    "legs": 1,
    "voltage": "zmpt101b",
    "voltage_ratio": 1_200_000,
    "ev_source": "register",
    "charger1.profile": "heidelberg",
}


class House:
    """A house whose windows a test makes; the clock of the shim counts."""

    def __init__(self, clock, folder=None, **settings):
        values = table.defaults() | HOME
        values |= {name.replace("__", "."): value for name, value in settings.items()}
        together.check(values)
        self.clock = clock
        self.chargers, _ = building.chargers(values, "")
        self.states = [charger.state for charger in self.chargers]
        self.power = Power(1, 0) if values["voltage"] else None
        self.meter = SimpleNamespace(
            window=records.Reading(values["legs"]), power=self.power, ev_used=False
        )
        self.meter.window.good = True
        self.stale = False
        health = SimpleNamespace(stale=lambda: self.stale)
        self.rows = [SimpleNamespace(draw_ma=-1) for _ in self.states]
        parts = self.chargers, self.rows, self.meter, health
        self.planning = building.planning(values, table.board, parts, str(folder))
        for state in self.states:
            state.online = state.car = True

    def run(self, seconds, grid_w=None):
        for _ in range(seconds * 5):
            if self.power:
                self.power.known = int(grid_w is not None)
                self.power.mw[0] = (grid_w or 0) * 1000
            for state in self.states:
                state.offer_ma = min(16_000, max(0, state.request_ma))
                state.charging = state.offer_ma > 0
            self.step()
        return [state.request_ma for state in self.states]

    def step(self):
        """A window."""
        self.clock.ms += 200
        self.planning.step(time.ticks_ms())

    def by(self, i=0):
        return request.LIMITS[self.planning.plugs[i].request.by]
