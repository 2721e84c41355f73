"""zappi: Eco never stops (6 A from the grid where the sun gives less); Eco+ counts down.

How long Eco+ counts down before a start and a stop is not known; taken is a minute and two.
"""

from .loop import Charger, Seen

PERIOD_S, START_S, STOP_S = 2, 60, 120


class Zappi:
    """`plus`: Eco+, which pauses."""

    def __init__(self, plus: bool) -> None:
        self.plus = plus

    def start(self, charger: Charger) -> None:
        self.charger = charger
        self.offer_a = 0.0 if self.plus else charger.min_a
        self.count_s = 0

    def step(self, seen: Seen) -> float:
        if seen.t_s % PERIOD_S:
            return self.offer_a
        charger = self.charger
        fits_a = (seen.car_w - seen.grid_w) / charger.w_per_a
        if self.plus and self._turns(fits_a):
            self.offer_a = 0.0 if self.offer_a else charger.min_a
        elif self.offer_a:
            self.offer_a = min(charger.max_a, max(charger.min_a, fits_a))
        return self.offer_a

    def _turns(self, fits_a: float) -> bool:
        short = fits_a < self.charger.min_a
        self.count_s = self.count_s + PERIOD_S if short == (self.offer_a > 0) else 0
        if self.count_s < (STOP_S if self.offer_a else START_S):
            return False
        self.count_s = 0
        return True
