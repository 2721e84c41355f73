"""A Tesla Wall Connector Gen 3 and its car: what it makes of its meter, as others measured it.

Figures of one site (zany92/tesla-loadpilot, firmware 26.18 and 26.26.1), L being the conductor
limit: it looks at the worst CT; nothing happens up to L + 0.85 A; above, some seconds later, it
goes down by 1 A a second, and opens its contactor at 20 to 21 ampere-seconds of excess; below L it
rises by 0.65 to 1 A a second, after a trip by 1 A in 30 s; it starts only below L - 5 A. At too
little it opens within 15 to 20 s. Without a meter 6 A (Tesla's note, not measured).

It believes its meter only while that contains and follows its own current: else it is distrusted
for the session, and the car has its maximum. How it judges nobody has measured; here a current
below its own for 2 s, one that stands still while its own moves, and three ramps that the meter
did not show. A car that was cut off three times within minutes of a start gives up.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import accumulate

from .car import Car

DEAD_BAND_A = 0.85
LATENCY_S = 2.0
FALL_A_PER_S = 1.0
RISE_A_PER_S = 0.8
RISE_AFTER_TRIP_A_PER_S = 1 / 30
TRIP_AS = 20.5
START_BELOW_A = 5.0
LEAST_A = 6.0
TOO_LITTLE_S = 15.0
LOST_S = 10.0
CONTAINED_A, CONTAINED_S = 1.0, 2.0
LAG_S = 1.0  # of the meter: so late it may be
FROZEN_S, MOVES_A = 5.0, 1.0
RAMP_A, RAMP_S, RAMPS = 4.0, 2.0, 3
DISTURBED_S, GIVES_UP = 300.0, 3
KEPT_S = RAMP_S + LAG_S


@dataclass
class WallConnector:
    """`limit_a` is L, `max_a` what its circuit allows; the car loads both legs.

    take, miss   its meter has answered, or has not
    step         time passes: what its car draws
    """

    limit_a: float
    max_a: float
    car: Car = field(default_factory=lambda: Car(lag_s=1.5))
    plugged: bool = False
    offer_a: float = 0.0
    closed: bool = False
    distrusted: str = ""  # why
    trips: int = 0
    pauses: int = 0
    gave_up: bool = False
    excess_as: float = 0.0
    _over_s: float = 0.0
    _below_s: float = 0.0
    _too_little_s: float = 0.0
    _silent_s: float = 0.0
    _tripped: bool = False
    _started_s: float = float("-inf")
    _disturbed: int = 0
    _taken_s: float | None = None
    _own: deque[tuple[float, float, float]] = field(default_factory=deque)  # s, own A, shown A
    _still_s: float = 0.0
    _still_own_a: float = 0.0
    _last: tuple[float, ...] = ()
    _ramps: int = 0
    _judged_s: float = float("-inf")

    def come_anew(self) -> None:
        """Another car comes: a session of its own."""
        self.car = Car(lag_s=1.5)
        self.closed = self.gave_up = self._tripped = False
        self.distrusted = ""
        self.offer_a = self.excess_as = 0.0
        self._disturbed = self._ramps = 0

    def step(self, now_s: float, dt_s: float) -> float:
        """What its car draws, in A."""
        pilot_a = self.offer_a if self.closed and self.plugged and not self.gave_up else 0.0
        return self.car.step(now_s, dt_s, pilot_a)

    def miss(self, dt_s: float) -> None:
        """No answer to a question."""
        self._silent_s += dt_s
        if self._silent_s >= LOST_S:
            self.offer_a = min(self.offer_a, LEAST_A)

    def take(self, now_s: float, shown_a: tuple[float, ...]) -> None:
        """The currents of its meter's CTs; the car loads the first two."""
        dt_s = 0.0 if self._taken_s is None else now_s - self._taken_s
        self._taken_s = now_s
        self._silent_s = 0.0
        if not self.plugged or self.gave_up:
            self.closed = False
            self.car.unplug_power()
            return
        self._judge(now_s, dt_s, shown_a)
        if self.distrusted:
            self.offer_a, self.closed = self.max_a, True
            return
        over_a = max(shown_a) - self.limit_a
        if self.closed:
            self._regulate(now_s, dt_s, over_a)
        elif over_a < -START_BELOW_A:
            self.closed, self._started_s = True, now_s
            self.offer_a = LEAST_A
            self._too_little_s = 0.0

    def _regulate(self, now_s: float, dt_s: float, over_a: float) -> None:
        over = over_a > DEAD_BAND_A
        self._over_s = self._over_s + dt_s if over else 0.0
        if over:
            self.excess_as += over_a * dt_s
        elif over_a < 0:
            self.excess_as = max(0.0, self.excess_as + over_a * dt_s)
        if self.excess_as >= TRIP_AS:
            self.trips += 1
            self._tripped = True
            self._open(now_s)
        elif over and self._over_s > LATENCY_S:
            self.offer_a -= FALL_A_PER_S * dt_s
        elif over_a < 0:
            rise = RISE_AFTER_TRIP_A_PER_S if self._tripped else RISE_A_PER_S
            self.offer_a = min(self.max_a, self.offer_a + rise * dt_s)
        self._too_little_s = self._too_little_s + dt_s if self.offer_a < LEAST_A else 0.0
        if self._too_little_s > TOO_LITTLE_S:
            self.pauses += 1
            self._open(now_s)

    def _open(self, now_s: float) -> None:
        self.closed = False
        self.offer_a = self.excess_as = self._over_s = 0.0
        self.car.unplug_power()
        self._disturbed = self._disturbed + 1 if now_s - self._started_s < DISTURBED_S else 0
        self.gave_up = self._disturbed >= GIVES_UP

    # -- does it believe its meter?

    def _judge(self, now_s: float, dt_s: float, shown_a: tuple[float, ...]) -> None:
        own_a, least_a = self.car.draw_a, min(shown_a[:2])
        self._own.append((now_s, own_a, least_a))
        while self._own[0][0] < now_s - KEPT_S:
            self._own.popleft()
        lately_a = min(own for at_s, own, _ in self._own if at_s >= now_s - LAG_S)
        below = least_a < lately_a - CONTAINED_A
        self._below_s = self._below_s + dt_s if below else 0.0
        if self._below_s >= CONTAINED_S:
            self.distrusted = f"shows {least_a:.1f} A while it draws {own_a:.1f} A"
        if shown_a != self._last:
            self._last, self._still_s, self._still_own_a = shown_a, now_s, own_a
        elif now_s - self._still_s > FROZEN_S and abs(own_a - self._still_own_a) > MOVES_A:
            self.distrusted = "stands still while its own current moves"
        self._judge_ramp(now_s)

    def _judge_ramp(self, now_s: float) -> None:
        """Over RAMP_S, and LAG_S more for the meter: did it show half of what it did?"""
        first_s, first_a, _ = self._own[0]
        before = [own for at_s, own, _ in self._own if at_s <= now_s - LAG_S]
        if now_s - first_s < KEPT_S - 0.5 or now_s - self._judged_s < KEPT_S or not before:
            return
        ramp_a = before[-1] - first_a
        if abs(ramp_a) < RAMP_A:
            return
        self._judged_s = now_s
        self._ramps = 0 if self._shown_a(ramp_a > 0) > abs(ramp_a) / 2 else self._ramps + 1
        if self._ramps >= RAMPS:
            self.distrusted = f"has not shown {RAMPS} ramps of its own current"

    def _shown_a(self, up: bool) -> float:
        """The most that its meter lately moved up, or down: other loads come and go meanwhile."""
        shown_a = [shown if up else -shown for _, _, shown in self._own]
        return max(b - a for a, b in zip(accumulate(shown_a, min), shown_a, strict=True))
