"""What a law did in a scenario: judged by what really flows, every STEP_S, against the oracle."""

from dataclasses import dataclass, field

from lab.sim.breaker import Breaker
from lab.sim.car import TAPER_FROM
from lab.sim.oracle import Oracle

from .scenario import MIN_A, STEP_S, Legs, Plug, Scenario

QUIET_S = 60.0
QUIET_A = 1.0


@dataclass
class Score:
    """What a law did in a scenario; `shown` are samples for the picture."""

    overload_as: float = 0.0
    worst_overload_s: float = 0.0
    trips: int = 0
    kwh: float = 0.0
    oracle_kwh: float = 0.0
    pauses: int = 0
    starts: int = 0
    hours: float = 0.0
    writes: int = 0
    swing_a: float = 0.0
    shown: list[tuple[float, float, float, float]] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The numbers for out/bench.json."""
        return {
            "overload_as": round(self.overload_as, 1),
            "worst_overload_s": round(self.worst_overload_s, 1),
            "trips": self.trips,
            "energy_vs_oracle": round(self.kwh / self.oracle_kwh, 4) if self.oracle_kwh else 1.0,
            "pauses": self.pauses,
            "starts_a_day": round(24 * self.starts / self.hours, 1) if self.hours else 0.0,
            "writes": self.writes,
            "swing_a": round(self.swing_a, 1),
        }


class Judge:
    """Is told of every step and every offer of one run; `score` is what it makes of them."""

    def __init__(self, scenario: Scenario) -> None:
        self.score = Score()
        self._scenario = scenario
        self._oracle = Oracle(scenario.rated_a, scenario.limit_a, scenario.plugs)
        self._breakers = [Breaker(scenario.rated_a, preload_a=amps) for amps in scenario.base[0]]
        self._over_s = 0.0
        self._quiet_s = 0.0
        self._quiet_from: tuple[float, float, int] = (0.0, 0.0, 0)
        self._peak_a = 0.0
        self._keep = max(1, len(scenario.base) // 3000)

    def offered(self, t_s: float, plug: Plug, offer_a: float) -> None:
        """A charger signals so much from now on."""
        if offer_a < MIN_A <= plug.pilot_a and plug.car.wants_energy and t_s > plug.at_s:
            self.score.pauses += 1
        if plug.pilot_a < MIN_A <= offer_a:
            self.score.starts += 1
        plug.pilot_a = offer_a

    def step(self, number: int, base: Legs) -> None:
        """The cars draw what they draw in this step of the house."""
        t_s = number * STEP_S
        ev_a = sum(plug.draw_a for plug in self._scenario.plugs)
        legs = (base[0] + ev_a, base[1] + ev_a)
        self._flows(base, legs)
        self._swings(t_s, base)
        self._oracle.step(base, STEP_S)
        if number % self._keep == 0:
            offers_a = sum(plug.pilot_a for plug in self._scenario.plugs)
            self.score.shown.append((t_s, max(base), max(legs), offers_a))

    def end(self) -> Score:
        """All that the cars were given counts."""
        self.score.kwh = sum(plug.car.taken_kwh for plug in self._scenario.plugs)
        self.score.oracle_kwh = self._oracle.kwh
        self.score.hours = len(self._scenario.base) * STEP_S / 3600
        return self.score

    def _flows(self, base: Legs, legs: Legs) -> None:
        scenario, score = self._scenario, self.score
        excess_a = max(legs) - scenario.limit_a
        if excess_a > 0.0:
            house_a = max(0.0, max(base) - scenario.limit_a)
            score.overload_as += (excess_a - house_a) * STEP_S
        self._over_s = self._over_s + STEP_S if excess_a > 0.5 else 0.0
        score.worst_overload_s = max(score.worst_overload_s, self._over_s)
        for breaker, amps in zip(self._breakers, legs, strict=True):
            if not breaker.tripped and breaker.step(amps, STEP_S):
                score.trips += 1

    def _swings(self, t_s: float, base: Legs) -> None:
        """The largest fall of what the cars draw, when nothing else has moved for a minute.

        Neither the house, nor who is there; and nobody is so full that he takes less by himself.
        """
        before = self._quiet_from
        present = sum(
            plug.connected(t_s) and plug.car.wants_energy for plug in self._scenario.plugs
        )
        moved = max(abs(base[0] - before[0]), abs(base[1] - before[1])) > QUIET_A
        tapering = any(
            plug.car.taken_kwh > TAPER_FROM * plug.car.need_kwh for plug in self._scenario.plugs
        )
        if moved or tapering or present != before[2]:
            self._quiet_from = (*base, present)
            self._quiet_s = 0.0
        self._quiet_s += STEP_S
        if self._quiet_s > QUIET_S:
            draw_a = sum(plug.draw_a for plug in self._scenario.plugs)
            self._peak_a = max(self._peak_a, draw_a)
            self.score.swing_a = max(self.score.swing_a, self._peak_a - draw_a)
        else:
            self._peak_a = 0.0
