"""WARP, PV excess: every 10 s a part of the error, by its size; start and stop by a cloud filter.

The filter is the smallest and the largest power of four minutes: it starts where the smallest was
enough for the minimum, stops where the largest was not.
"""

from collections import deque

from .loop import Charger, Seen

PERIOD_S, FILTER_S = 10, 240


class Warp:
    def start(self, charger: Charger) -> None:
        self.charger = charger
        self.offer_a = 0.0
        self.recent: deque[float] = deque(maxlen=FILTER_S // PERIOD_S)

    def step(self, seen: Seen) -> float:
        if seen.t_s % PERIOD_S:
            return self.offer_a
        charger = self.charger
        self.recent.append(seen.car_w - seen.grid_w)
        full = len(self.recent) == self.recent.maxlen
        if self.offer_a == 0.0:
            if full and min(self.recent) >= charger.min_w:
                self.offer_a = max(charger.min_a, -seen.grid_w / charger.w_per_a)
            return min(charger.max_a, self.offer_a)
        if full and max(self.recent) < charger.min_w:
            self.offer_a = 0.0
            return 0.0
        error_w = -seen.grid_w
        size_w = abs(error_w)
        gain = 0.5 if size_w < 1000 else 0.75 if size_w < 1500 else 0.875
        wanted_a = self.offer_a + gain * error_w / charger.w_per_a
        self.offer_a = min(charger.max_a, max(charger.min_a, wanted_a))
        return self.offer_a
