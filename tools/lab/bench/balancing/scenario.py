"""What a law is put before: a house, its cars and chargers, and how bad the world is."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.sim.car import Car

STEP_S = 0.2
MIN_A = 6.0
Legs = tuple[float, float]


@dataclass
class Plug:
    """One charger and its car. `at_s` is when the car comes, `finest_a` the charger's step;
    `reports`: it says what its car draws, as far as the world of the whole firmware goes."""

    car: Car
    min_a: float = MIN_A
    max_a: float = 48.0
    at_s: float = 0.0
    finest_a: float = 0.1
    delay_s: float = 0.2
    reports: bool = False
    pilot_a: float = 0.0
    draw_a: float = 0.0
    told_a: float = 0.0
    present: bool = False

    def connected(self, t_s: float) -> bool:
        return t_s >= self.at_s

    @property
    def switched(self) -> bool:
        """Whether it is on or off only."""
        return self.min_a == self.max_a

    @property
    def held_a(self) -> float:
        """What it may be held at though there is no headroom."""
        return 0.0 if self.switched else self.min_a

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
