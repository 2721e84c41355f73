"""The closed loop in accelerated time: house, cars, chargers, meter and a law, 200 ms a step.

What the law sees may be late and wrong; what it says takes its time and may get lost on the bus.
Judged is what really flows.
"""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .judge import Judge, Score
from .scenario import STEP_S, Legs, Plug, Scenario


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


def run(scenario: Scenario, law: Law, seed: int = 1) -> Score:
    """Play a scenario to its end."""
    return _Run(scenario, law, seed).play()


class _Run:
    def __init__(self, scenario: Scenario, law: Law, seed: int) -> None:
        self.scenario = scenario
        self.law = law
        self.chance = random.Random(seed)
        self.judge = Judge(scenario)
        self.on_the_way: list[deque[tuple[float, float]]] = [deque() for _ in scenario.plugs]
        self.late: deque[tuple[Legs, float, tuple[float, ...]]] = deque()

    def play(self) -> Score:
        scenario = self.scenario
        self.law.start(scenario)
        for step, base in enumerate(scenario.base):
            t_s = step * STEP_S
            ev_a = self._cars(t_s)
            self.judge.step(step, base)
            seen = self._measure(t_s, (base[0] + ev_a, base[1] + ev_a), ev_a)
            self._tell(t_s, self.law.step(seen, scenario.plugs))
        return self.judge.end()

    def _cars(self, t_s: float) -> float:
        for plug, coming in zip(self.scenario.plugs, self.on_the_way, strict=True):
            while coming and coming[0][0] <= t_s:
                self.judge.offered(t_s, plug, coming.popleft()[1])
            plug.present = plug.connected(t_s)
            if plug.present:
                plug.draw_a = plug.car.step(t_s, STEP_S, plug.pilot_a)
        return sum(plug.draw_a for plug in self.scenario.plugs)

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
            amps = amps if amps >= plug.min_a - 1e-6 else 0.0
            if abs(amps - plug.told_a) > 1e-6:
                self.judge.score.writes += 1
                if self.chance.random() >= self.scenario.lost_share:
                    plug.told_a = amps
                    coming.append((t_s + plug.delay_s, amps))
