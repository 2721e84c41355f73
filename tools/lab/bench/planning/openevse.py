"""OpenEVSE, divert: export and own draw, whole amperes; two smoothed values for start and stop.

Smoothed with 20 s upwards and 600 s downwards. It starts at 1.1 times the minimum and half an
ampere, charges for 600 s at the least, stops below the minimum.
"""

from .loop import Charger, Seen

PERIOD_S, ATTACK_S, DECAY_S, RATIO, HYSTERESIS_A, LEAST_S = 5, 20.0, 600.0, 1.1, 0.5, 600


class OpenEvse:
    def start(self, charger: Charger) -> None:
        self.charger = charger
        self.offer_a = self.smooth_a = 0.0
        self.begun_s = 0

    def step(self, seen: Seen) -> float:
        if seen.t_s % PERIOD_S:
            return self.offer_a
        charger = self.charger
        raw_a = max(0.0, (seen.car_w - seen.grid_w) / charger.w_per_a)
        time_s = ATTACK_S if raw_a > self.smooth_a else DECAY_S
        self.smooth_a += (raw_a - self.smooth_a) * PERIOD_S / time_s
        if self.offer_a == 0.0:
            if self.smooth_a >= charger.min_a * RATIO + HYSTERESIS_A:
                self.begun_s = seen.t_s
                self.offer_a = charger.min_a
            return self.offer_a
        if self.smooth_a < charger.min_a and seen.t_s - self.begun_s >= LEAST_S:
            self.offer_a = 0.0
            return 0.0
        self.offer_a = min(charger.max_a, max(charger.min_a, float(int(raw_a))))
        return self.offer_a
