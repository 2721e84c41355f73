"""The firmware's own Controller as a law: the very code of the boards, on CPython."""

from collections.abc import Sequence

from headroom import records
from headroom.balancing.controller import Controller

from .loop import Seen
from .scenario import STEP_S, Plug, Scenario

STEP_MS = round(STEP_S * 1000)
DEAD_TIME_MS = 6000
RISE_WINDOW_MS = 5000
REST_MS = 120_000  # as by default
POLL_STEPS = 5  # a charger is asked once a second


class Headroom:
    """`source` as in the setting ev_source: ct, register or estimate."""

    def __init__(self, source: str = "ct") -> None:
        self.source = source

    def start(self, scenario: Scenario) -> None:
        self._states = [
            records.ChargerState(
                round(plug.min_a * 1000),
                round(plug.max_a * 1000),
                80_000,
                80_000,
                0 if plug.switched else 6000,
                (0, 1),
                rest_ms=REST_MS if plug.switched else 0,
            )
            for plug in scenario.plugs
        ]
        self._controller = Controller(
            2,
            round(scenario.rated_a * 1000),
            round(100 * scenario.limit_a / scenario.rated_a),
            DEAD_TIME_MS,
            RISE_WINDOW_MS,
            self._states,
            ev_source=records.EV_SOURCES.index(self.source),
        )
        self._reading = records.Reading(2)
        self._steps = 0

    def step(self, seen: Seen, plugs: Sequence[Plug]) -> Sequence[float]:
        for i, plug in enumerate(plugs):
            state = self._states[i]
            state.online = True
            state.offer_ma = state.ceiling_ma = round(plug.told_a * 1000)
            if plug.switched:  # by an output: there is nobody to ask
                state.car = state.charging = True
            elif (self._steps + i) % POLL_STEPS == 0:
                state.car = plug.connected(seen.t_s)
                state.charging = plug.charging
                if self.source != "estimate":
                    state.reported_ma[0] = round(seen.cars_a[i] * 10) * 100
                    state.reported_age_ms = 0
        reading = self._reading
        reading.leg_ma[0] = round(seen.legs_a[0] * 1000)
        reading.leg_ma[1] = round(seen.legs_a[1] * 1000)
        reading.ev_ma = round(seen.ev_a * 1000)
        reading.good = True
        self._steps += 1
        self._controller.step(reading, STEP_MS, 100)
        return [a.allowed_ma / 1000 if a.ready else 0.0 for a in self._controller.allocations]
