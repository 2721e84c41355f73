"""evcc, mode pv: every 30 s the present current less what is at the grid, gain 1.

It starts when that has been the minimum or more for 60 s, holds the minimum for 180 s before it
stops; a charger that was just switched is left alone for 60 s.
"""

from .loop import Charger, Seen

PERIOD_S, ENABLE_S, DISABLE_S, GRACE_S = 30, 60, 180, 60


class Evcc:
    def start(self, charger: Charger) -> None:
        self.charger = charger
        self.offer_a = 0.0
        self.since_s: int | None = None
        self.switched_s = -GRACE_S

    def step(self, seen: Seen) -> float:
        if seen.t_s % PERIOD_S or seen.t_s - self.switched_s < GRACE_S:
            return self.offer_a
        charger = self.charger
        effective_a = seen.car_w / charger.w_per_a
        target_a = effective_a - seen.grid_w / charger.w_per_a
        enabled = self.offer_a > 0
        turns = target_a < charger.min_a if enabled else target_a >= charger.min_a
        if not turns:
            self.since_s = None
        elif self.since_s is None:
            self.since_s = seen.t_s
        if turns and seen.t_s - (self.since_s or 0) >= (DISABLE_S if enabled else ENABLE_S):
            self.since_s = None
            self.switched_s = seen.t_s
            self.offer_a = 0.0 if enabled else charger.min_a
        elif enabled:
            self.offer_a = float(int(max(charger.min_a, min(charger.max_a, target_a))))
        return self.offer_a
