"""The closed loop in accelerated time: house, cars, chargers, meter and a law, 200 ms a step.

What the law sees may be late and wrong; what it says takes its time and may get lost on the bus.
Judged is what really flows.
"""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lab.sim.breaker import Breaker
from lab.sim.car import TAPER_FROM, Car
from lab.sim.oracle import Oracle

STEP_S = 0.2
MIN_A = 6.0
QUIET_S = 60.0
QUIET_A = 1.0
Legs = tuple[float, float]


@dataclass
class Plug:
    """One charger and its car. `at_s` is when the car comes, `finest_a` the charger's step."""

    car: Car
    min_a: float = MIN_A
    max_a: float = 48.0
    at_s: float = 0.0
    finest_a: float = 0.1
    delay_s: float = 0.2
    pilot_a: float = 0.0
    draw_a: float = 0.0
    told_a: float = 0.0
    present: bool = False

    def connected(self, t_s: float) -> bool:
        return t_s >= self.at_s

    @property
    def charging(self) -> bool:
        """Pilot state C, as the charger reports it."""
        return self.draw_a > 0.5


@dataclass
class Scenario:
    """A house, sampled every STEP_S, its limit, its cars, and how bad the world is."""

    name: str
    base: Sequence[Legs]
    plugs: list[Plug]
    rated_a: float = 100.0
    limit_a: float = 80.0
    meter_delay_s: float = 0.0
    ct_error: Legs = (0.0, 0.0)
    ev_ct_error: float = 0.0
    lost_share: float = 0.0


@dataclass(frozen=True)
class Seen:
    """What a law is shown: measured amperes of the legs, of the EV branch, and of each car."""

    t_s: float
    legs_a: Legs
    ev_a: float
    cars_a: tuple[float, ...]


class Law(Protocol):
    """Decides what each charger may offer; 0 pauses."""

    def start(self, scenario: Scenario) -> None: ...

    def step(self, seen: Seen, plugs: Sequence[Plug]) -> Sequence[float]: ...


@dataclass
class Score:
    """What a law did in a scenario; `shown` are samples for the picture."""

    overload_as: float = 0.0
    worst_overload_s: float = 0.0
    trips: int = 0
    kwh: float = 0.0
    oracle_kwh: float = 0.0
    pauses: int = 0
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
            "writes": self.writes,
            "swing_a": round(self.swing_a, 1),
        }


def run(scenario: Scenario, law: Law, seed: int = 1) -> Score:
    """Play a scenario to its end."""
    return _Run(scenario, law, seed).play()


class _Run:
    def __init__(self, scenario: Scenario, law: Law, seed: int) -> None:
        self.scenario = scenario
        self.law = law
        self.chance = random.Random(seed)
        self.score = Score()
        self.on_the_way: list[deque[tuple[float, float]]] = [deque() for _ in scenario.plugs]
        self.late: deque[tuple[Legs, float, tuple[float, ...]]] = deque()
        self.breakers = [Breaker(scenario.rated_a, preload_a=amps) for amps in scenario.base[0]]
        self.over_s = 0.0
        self.quiet_s = 0.0
        self.quiet_from: tuple[float, float, int] = (0.0, 0.0, 0)
        self.peak_a = 0.0

    def play(self) -> Score:
        scenario, score = self.scenario, self.score
        oracle = Oracle(scenario.rated_a, scenario.limit_a, scenario.plugs)
        self.law.start(scenario)
        keep = max(1, len(scenario.base) // 3000)
        for step, base in enumerate(scenario.base):
            t_s = step * STEP_S
            ev_a = self._cars(t_s)
            legs = (base[0] + ev_a, base[1] + ev_a)
            self._judge(t_s, base, legs)
            oracle.step(base, STEP_S)
            wanted = self.law.step(self._measure(t_s, legs, ev_a), scenario.plugs)
            self._tell(t_s, wanted)
            if step % keep == 0:
                score.shown.append(
                    (t_s, max(base), max(legs), sum(p.pilot_a for p in scenario.plugs))
                )
        score.kwh = sum(plug.car.taken_kwh for plug in scenario.plugs)
        score.oracle_kwh = oracle.kwh
        return score

    def _cars(self, t_s: float) -> float:
        total_a = 0.0
        for plug, coming in zip(self.scenario.plugs, self.on_the_way, strict=True):
            while coming and coming[0][0] <= t_s:
                offer_a = coming.popleft()[1]
                if offer_a < MIN_A <= plug.pilot_a and plug.car.wants_energy and t_s > plug.at_s:
                    self.score.pauses += 1
                plug.pilot_a = offer_a
            plug.present = plug.connected(t_s)
            if plug.present:
                plug.draw_a = plug.car.step(t_s, STEP_S, plug.pilot_a)
                total_a += plug.draw_a
        return total_a

    def _measure(self, t_s: float, legs: Legs, ev_a: float) -> Seen:
        error = self.scenario.ct_error
        seen = (
            (legs[0] * (1 + error[0]), legs[1] * (1 + error[1])),
            ev_a * (1 + self.scenario.ev_ct_error),
            tuple(plug.draw_a for plug in self.scenario.plugs),
        )
        self.late.append(seen)
        if len(self.late) > round(self.scenario.meter_delay_s / STEP_S) + 1:
            self.late.popleft()
        return Seen(t_s, *self.late[0])

    def _tell(self, t_s: float, wanted: Sequence[float]) -> None:
        for plug, coming, amps in zip(self.scenario.plugs, self.on_the_way, wanted, strict=True):
            amps = min(plug.max_a, int(amps / plug.finest_a + 1e-6) * plug.finest_a)
            amps = amps if amps >= MIN_A - 1e-6 else 0.0
            if abs(amps - plug.told_a) > 1e-6:
                self.score.writes += 1
                if self.chance.random() >= self.scenario.lost_share:
                    plug.told_a = amps
                    coming.append((t_s + plug.delay_s, amps))

    def _judge(self, t_s: float, base: Legs, legs: Legs) -> None:
        scenario, score = self.scenario, self.score
        excess_a = max(legs) - scenario.limit_a
        if excess_a > 0.0:
            house_a = max(0.0, max(base) - scenario.limit_a)
            score.overload_as += (excess_a - house_a) * STEP_S
        self.over_s = self.over_s + STEP_S if excess_a > 0.5 else 0.0
        score.worst_overload_s = max(score.worst_overload_s, self.over_s)
        for breaker, amps in zip(self.breakers, legs, strict=True):
            if not breaker.tripped and breaker.step(amps, STEP_S):
                score.trips += 1
        self._judge_swing(t_s, base)

    def _judge_swing(self, t_s: float, base: Legs) -> None:
        """The largest fall of what the cars draw, when nothing else has moved for a minute.

        Neither the house, nor who is there; and nobody is so full that he takes less by himself.
        """
        before = self.quiet_from
        present = sum(
            plug.connected(t_s) and plug.car.wants_energy for plug in self.scenario.plugs
        )
        moved = max(abs(base[0] - before[0]), abs(base[1] - before[1])) > QUIET_A
        tapering = any(
            plug.car.taken_kwh > TAPER_FROM * plug.car.need_kwh for plug in self.scenario.plugs
        )
        if moved or tapering or present != before[2]:
            self.quiet_from = (*base, present)
            self.quiet_s = 0.0
        self.quiet_s += STEP_S
        if self.quiet_s > QUIET_S:
            draw_a = sum(plug.draw_a for plug in self.scenario.plugs)
            self.peak_a = max(self.peak_a, draw_a)
            self.score.swing_a = max(self.score.swing_a, self.peak_a - draw_a)
        else:
            self.peak_a = 0.0
