"""SmartEVSE, solar: every 2 s a small step by the sum of the phases' currents.

Up by 0.5 A where more than 1 A is spare, else by 0.1 A; down by half of an import above 2 A, by
0.5 A above 1 A, by 0.1 A above 0.3 A. It starts at 4 A of export, stays 40 s at the minimum, stops
after 10 min at the minimum with an import, and only if it would not start again at once.
"""

from .days import VOLTS
from .loop import Charger, Seen

PERIOD_S, START_A, STOP_S, FIRST_S = 2, 4.0, 600, 40


class SmartEvse:
    def start(self, charger: Charger) -> None:
        self.charger = charger
        self.set_a = 0.0
        self.begun_s = self.short_s = 0

    def step(self, seen: Seen) -> float:
        if seen.t_s % PERIOD_S:
            return self.set_a
        charger = self.charger
        sum_a = seen.grid_w / VOLTS
        if self.set_a == 0.0:
            start_a = START_A if charger.phases == 1 else 3 * charger.min_a + 3.0
            if -sum_a >= start_a:
                self.set_a, self.begun_s, self.short_s = charger.min_a, seen.t_s, 0
            return self.set_a
        if seen.t_s - self.begun_s < FIRST_S:
            return charger.min_a
        self.set_a = min(charger.max_a, self.set_a + _change_a(sum_a))
        if self.set_a >= charger.min_a:
            self.short_s = 0
            return self.set_a
        self.set_a = charger.min_a
        self.short_s += PERIOD_S
        if self.short_s >= STOP_S and sum_a > charger.min_a - START_A:
            self.set_a = 0.0
        return self.set_a


def _change_a(sum_a: float) -> float:
    if sum_a < 0:
        return 0.5 if sum_a < -1.0 else 0.1
    if sum_a > 2.0:
        return -sum_a / 2
    if sum_a > 1.0:
        return -0.5
    return -0.1 if sum_a > 0.3 else 0.0
