"""A car: follows the offer late and slowly, takes a little less, tapers, gets full."""

from collections import deque

EFFICIENCY_OF_OFFER = 0.95
EV_V = 240.0
TAPER_FROM = 0.9
FALL_A_PER_S = 30.0
RISE_A_PER_S = 6.0


class Car:
    """A car on a 240 V charger.

    `min_a`      offers below it stop the charge (6 A: no less can be signalled).
    `max_a`      the on-board charger's limit.
    `lag_s`      dead time before a new offer begins to show; then the current slews.
    `need_kwh`   energy until full; over the last tenth the current tapers to nothing.

    Cars draw about 95 % of what is signalled, and have to follow a change within 5 s.
    """

    def __init__(
        self,
        min_a: float = 6.0,
        max_a: float = 48.0,
        lag_s: float = 1.5,
        need_kwh: float = 40.0,
    ) -> None:
        self.min_a = min_a
        self.max_a = max_a
        self.lag_s = lag_s
        self.need_kwh = need_kwh
        self.taken_kwh = 0.0
        self.draw_a = 0.0
        self._offers: deque[tuple[float, float]] = deque([(float("-inf"), 0.0)])

    def step(self, now_s: float, dt_s: float, offer_a: float) -> float:
        """Advance by `dt_s` under the offer of this moment; returns the current drawn."""
        if offer_a != self._offers[-1][1]:
            self._offers.append((now_s, offer_a))
        while len(self._offers) > 1 and self._offers[1][0] <= now_s - self.lag_s:
            self._offers.popleft()
        return self.follow(self._offers[0][1], dt_s)

    def follow(self, offer_a: float, dt_s: float, fall_a_per_s: float = FALL_A_PER_S) -> float:
        """Slew for `dt_s` towards what an offer that has been taken in lets it draw."""
        change_a = self.target_a(offer_a) - self.draw_a
        self.draw_a += max(-fall_a_per_s * dt_s, min(RISE_A_PER_S * dt_s, change_a))
        self.taken_kwh += self.draw_a * EV_V * dt_s / 3.6e6
        return self.draw_a

    def target_a(self, offer_a: float) -> float:
        """What it draws of an offer in the end; of an endless one all that it can take now."""
        if offer_a < self.min_a or not self.wants_energy:
            return 0.0
        left = 1.0 - self.taken_kwh / self.need_kwh
        taper_a = self.max_a * min(1.0, left / (1.0 - TAPER_FROM))
        return min(EFFICIENCY_OF_OFFER * offer_a, taper_a)

    @property
    def wants_energy(self) -> bool:
        """Whether there is room in the battery."""
        return self.taken_kwh < self.need_kwh

    def unplug_power(self) -> None:
        """The contactor opened: no current, at once."""
        self.draw_a = 0.0
        self._offers = deque([(float("-inf"), 0.0)])

    def fill(self) -> None:
        """The battery is full from now on."""
        self.need_kwh = min(self.need_kwh, self.taken_kwh)
