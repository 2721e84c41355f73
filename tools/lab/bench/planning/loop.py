"""A day of sun, second by second: roof, house, car and a law; judged by what truly flows."""

from dataclasses import dataclass
from typing import Protocol

from lab.sim.car import Car

from .days import VOLTS, SunDay

MIN_A = 6.0


@dataclass(frozen=True)
class Charger:
    """What a law knows of the charger: its limits, its step, watts an ampere on all phases."""

    min_a: float
    max_a: float
    finest_a: float
    phases: int

    @property
    def w_per_a(self) -> float:
        return VOLTS * self.phases

    @property
    def min_w(self) -> float:
        return self.min_a * self.w_per_a


@dataclass(frozen=True)
class Seen:
    """What a law is shown each second: the grid's power, + import; the car's; the offer so far."""

    t_s: int
    grid_w: float
    car_w: float
    offer_a: float

    @property
    def charging(self) -> bool:
        return self.car_w > 100.0


class Law(Protocol):
    """Decides what the charger offers; below its minimum that is a pause."""

    def start(self, charger: Charger) -> None: ...

    def step(self, seen: Seen) -> float: ...


@dataclass
class Score:
    """surplus_kwh: of what the roof left over, what the car took; import_kwh: what it bought.

    most_owed_wh  the most that it had bought in one charge and the sun not paid back: with what it
                  gives above the minimum, up to the minimum, energy for energy
    """

    surplus_kwh: float = 0.0
    import_kwh: float = 0.0
    most_owed_wh: float = 0.0
    starts: int = 0
    writes: int = 0


def charger_of(day: SunDay) -> Charger:
    return Charger(MIN_A, day.max_a, day.finest_a, day.phases)


def play(day: SunDay, law: Law) -> Score:
    """A law through a day, with a car that never gets full."""
    charger = charger_of(day)
    car = Car(MIN_A, day.max_a, need_kwh=1e6)
    score = Score()
    law.start(charger)
    offer_a = owed_wh = 0.0
    for t_s, surplus in enumerate((day.pv_w - day.house_w).tolist()):
        car_w = car.step(t_s, 1.0, offer_a) * charger.w_per_a
        took = min(car_w, max(0.0, surplus))
        score.surplus_kwh += took / 3.6e6
        score.import_kwh += (car_w - took) / 3.6e6
        paid_w = min(charger.min_w, max(0.0, surplus - charger.min_w))
        owed_wh = max(0.0, owed_wh + (car_w - took - paid_w) / 3600) if car_w else 0.0
        score.most_owed_wh = max(score.most_owed_wh, owed_wh)
        wanted_a = in_steps(charger, law.step(Seen(t_s, car_w - surplus, car_w, offer_a)))
        if wanted_a != offer_a:
            score.writes += 1
            score.starts += offer_a == 0.0
            offer_a = wanted_a
    return score


def in_steps(charger: Charger, amps: float) -> float:
    """What the charger makes of a wish."""
    amps = min(amps, charger.max_a)
    if amps < charger.min_a - 1e-6:
        return 0.0
    return round(int(amps / charger.finest_a + 1e-6) * charger.finest_a, 3)
