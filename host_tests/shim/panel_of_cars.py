"""A panel with an EV CT, built as the app builds it, and cars that do as they are told."""

from headroom import records
from headroom.app import building
from headroom.settings import table, together

WINDOW_MS = 200
RISE_WINDOW_S = 20


class Panel:
    """A panel with chargers; the cars draw what their chargers were last told, or less."""

    def __init__(self, chargers=1, max_a=48):
        values = table.defaults() | {"rise_window_s": RISE_WINDOW_S}
        for n in range(1, chargers + 1):
            for key, value in (("profile", "evse_wb"), ("address", n), ("max_a", max_a)):
                table.put(values, f"charger{n}.{key}", value)
        together.check(values)
        self.states = [charger.state for charger in building.chargers(values, "")[0]]
        self.controller = building.controller(values, self.states, False)
        self.allocations = self.controller.allocations
        self.reading = records.Reading(2)
        self.draw_share = 0.95
        for state in self.states:
            state.online = state.car = state.charging = True

    def allowed(self):
        return [allocation.allowed_ma for allocation in self.allocations]

    def measure(self, base_ma, good=True):
        """Take a reading of the house at `base_ma` (per leg) with its cars."""
        draws = [
            int(max(0, state.offer_ma) * self.draw_share) * (state.car and state.charging)
            for state in self.states
        ]
        self.reading.ev_ma = sum(draws)
        for leg in range(2):
            self.reading.leg_ma[leg] = base_ma[leg] + self.reading.ev_ma
        self.reading.good = good

    def step(self, base_ma, good=True, blind_ms=50):
        """One window; then the chargers that answer acknowledge."""
        self.measure(base_ma, good)
        self.controller.step(self.reading, WINDOW_MS, blind_ms)
        self.acknowledge()

    def surge(self, base_ma):
        self.measure(base_ma)
        acted = self.controller.surge(self.reading, 17)
        self.acknowledge()
        return acted

    def acknowledge(self):
        for state, allocation in zip(self.states, self.allocations, strict=True):
            if state.online and allocation.ready:
                state.offer_ma = state.ceiling_ma = allocation.allowed_ma

    def run(self, seconds, base_ma):
        for _ in range(round(seconds * 1000 / WINDOW_MS)):
            self.step(base_ma)
        return self.allowed()
