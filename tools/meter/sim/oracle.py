"""The most that could have been charged: an oracle that knows the base load of every moment."""

from .breaker import Budget
from .car import EFFICIENCY_OF_OFFER, EV_V


class Oracle:
    """Obeys the same limits as the meter, but sees at once and moves a car without lag.

    `limit_a`    what a leg may carry continuously (breaker x derate).
    `max_a`      the smaller of the charger's and the car's maximum; `min_a` the least offer.

    Where less than `min_a` is free it holds at the minimum while the breaker's budget lasts.
    """

    def __init__(self, rated_a: float, limit_a: float, min_a: float, max_a: float) -> None:
        self.limit_a = limit_a
        self.min_a = min_a
        self.max_a = max_a
        self.kwh = 0.0
        self._budgets = (Budget(rated_a), Budget(rated_a))
        self._spent = False

    def step(self, base_a: tuple[float, float], dt_s: float, available: bool = True) -> float:
        """Advance by `dt_s`; returns what the oracle's car draws."""
        free_a = self.limit_a - max(base_a)
        if not available or self.max_a < self.min_a:
            offer_a = 0.0
        elif free_a >= self.min_a:
            offer_a = min(free_a, self.max_a)
        else:
            offer_a = 0.0 if self._spent else self.min_a
        draw_a = EFFICIENCY_OF_OFFER * offer_a
        spent = [b.step(a + draw_a, dt_s) for b, a in zip(self._budgets, base_a, strict=True)]
        if any(spent):
            self._spent = True
        elif all(budget.fill_s == 0.0 for budget in self._budgets):
            self._spent = False
        self.kwh += draw_a * EV_V * dt_s / 3.6e6
        return draw_a
