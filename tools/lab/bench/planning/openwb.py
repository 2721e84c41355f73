"""openWB, PV charging: every 10 s to the middle of a band of 0 to 230 W of import.

It starts at 1500 W a phase for 30 s, stops once 0 W have been missed for 60 s at the minimum.
"""

from .loop import Charger, Seen

PERIOD_S, BAND_W, START_W, START_S, STOP_S = 10, (0.0, 230.0), 1500.0, 30, 60


class OpenWb:
    def start(self, charger: Charger) -> None:
        self.charger = charger
        self.offer_a = 0.0
        self.since_s: int | None = None

    def step(self, seen: Seen) -> float:
        if seen.t_s % PERIOD_S:
            return self.offer_a
        charger = self.charger
        if self.offer_a == 0.0:
            if self._lasts(-seen.grid_w >= START_W * charger.phases, seen.t_s, START_S):
                self.offer_a = charger.min_a
            return self.offer_a
        if not BAND_W[0] <= seen.grid_w <= BAND_W[1]:
            change_a = (sum(BAND_W) / 2 - seen.grid_w) / charger.w_per_a
            self.offer_a = min(charger.max_a, max(charger.min_a, self.offer_a + change_a))
        short = self.offer_a <= charger.min_a and seen.grid_w > BAND_W[1]
        if self._lasts(short, seen.t_s, STOP_S):
            self.offer_a = 0.0
        return self.offer_a

    def _lasts(self, holds: bool, t_s: int, long_s: int) -> bool:
        if not holds:
            self.since_s = None
            return False
        self.since_s = t_s if self.since_s is None else self.since_s
        if t_s - self.since_s < long_s:
            return False
        self.since_s = None
        return True
