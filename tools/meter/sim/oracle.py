"""The most that could have been charged: an oracle that knows the base load of every moment."""

from collections.abc import Sequence
from typing import Protocol

from .breaker import Budget
from .car import EFFICIENCY_OF_OFFER, EV_V


class Place(Protocol):
    """A charger with its car: the least and the most that it can do, and whether it wants to."""

    @property
    def min_a(self) -> float: ...
    @property
    def most_a(self) -> float: ...
    @property
    def wants_energy(self) -> bool: ...


class Oracle:
    """Obeys the same limits as the meter, but sees at once and moves cars without lag.

    `limit_a` is what a leg may carry continuously (breaker x derate). Where less is free than the
    minimums of all who want energy, it holds them there while the breaker's budget lasts; then
    it serves as many as fit.
    """

    def __init__(self, rated_a: float, limit_a: float, places: Sequence[Place]) -> None:
        self.limit_a = limit_a
        self.places = places
        self.kwh = 0.0
        self._budgets = (Budget(rated_a), Budget(rated_a))
        self._spent = False

    def step(self, base_a: tuple[float, float], dt_s: float) -> float:
        """Advance by `dt_s`; returns what the oracle's cars draw together."""
        draw_a = EFFICIENCY_OF_OFFER * self._offer(self.limit_a - max(base_a))
        spent = [b.step(a + draw_a, dt_s) for b, a in zip(self._budgets, base_a, strict=True)]
        if any(spent):
            self._spent = True
        elif all(budget.fill_s == 0.0 for budget in self._budgets):
            self._spent = False
        self.kwh += draw_a * EV_V * dt_s / 3.6e6
        return draw_a

    def _offer(self, free_a: float) -> float:
        least_a = most_a = 0.0
        for place in sorted(self.places, key=lambda place: place.min_a):
            if not place.wants_energy or place.most_a < place.min_a:
                continue
            if self._spent and least_a + place.min_a > free_a:
                break
            least_a += place.min_a
            most_a += place.most_a
        return max(least_a, min(free_a, most_a))
