"""Judges a conductor that several share by what truly flows in it.

It is a leg or a group's breaker; its limit is the rating x derate, of a group 80 %. What nobody
can lower is the house and the wild chargers. The others may have what that leaves, and for
`LATE_S` more: what they have above it that long, and above the most that it left in that time (a
house that grows all the time is followed, late), is a fault. Where it leaves less than their
minimums they may be held there: for 1,800 ampere seconds a charger above the limit, and the
breaker must not trip of it.
"""

from collections import deque

from .breaker import Breaker

LATE_S = 6.0 + 3.0  # the dead time and 3 s
WARM_UP_S = 20.0
SLACK_A = 1.0  # noise of the CTs, steps of the chargers
HELD_AS = 1800.0
HELD_MORE = 1.2
RECOVERS_A = 3.0


class CircuitJudge:
    """One conductor; `faults` are (s, sentence), at most one for each time that it goes wrong.

    late_s  for how long the others may have more than is left
    """

    def __init__(
        self,
        name: str,
        rated_a: float,
        limit_a: float,
        slack_a: float = SLACK_A,
        late_s: float = LATE_S,
    ) -> None:
        self.name, self.limit_a = name, limit_a
        self._slack_a, self.late_s = slack_a, late_s
        self.faults: list[tuple[float, str]] = []
        self._left: deque[tuple[float, float]] = deque()
        self._over_s = 0.0  # leaks: one moment without excess forgives no more than itself
        self._held_as = 0.0
        self._bad = False
        self._tripped_s = 0.0
        self._breaker, self._without = Breaker(rated_a), Breaker(rated_a)

    def tick(
        self,
        now_s: float,
        dt_s: float,
        fixed_a: float,
        others_a: float,
        least_a: float,
        chargers: int,
    ) -> None:
        """What nobody can lower, the others, and the least that these can be held at."""
        total_a = fixed_a + others_a
        left_a = self.limit_a - fixed_a
        while self._left and self._left[-1][1] <= left_a:
            self._left.pop()
        self._left.append((now_s, left_a))
        while self._left[0][0] < now_s - self.late_s:
            self._left.popleft()
        self._breaker.step(total_a, dt_s)
        self._without.step(max(fixed_a, min(total_a, self.limit_a)), dt_s)
        if now_s < WARM_UP_S:
            return
        over = others_a - max(0.0, left_a) > self._slack_a
        self._over_s = max(0.0, min(self._over_s + (dt_s if over else -dt_s), self.late_s + dt_s))
        excess_a = others_a - max(0.0, self._left[0][1]) if self._over_s > self.late_s else 0.0
        self._judge(now_s, dt_s, excess_a, others_a <= least_a + 0.5, chargers, total_a)
        self._tripped_s += dt_s if self._breaker.tripped else 0.0
        if self._tripped_s > LATE_S >= self._tripped_s - dt_s and not self._without.tripped:
            self.faults.append((now_s, f"the breaker of {self.name} tripped {LATE_S:.0f} s ago"))

    def _judge(
        self,
        now_s: float,
        dt_s: float,
        excess_a: float,
        held: bool,
        chargers: int,
        total_a: float,
    ) -> None:
        over = excess_a > self._slack_a
        if not over:
            self._held_as = max(0.0, self._held_as - RECOVERS_A * dt_s)
        elif held:
            self._held_as += excess_a * dt_s
            over = self._held_as > HELD_MORE * HELD_AS * chargers
        if over:
            if not self._bad:
                how = "held" if held else "not at the minimum"
                self.faults.append(
                    (now_s, f"{self.name}: {total_a:.1f} A, limit {self.limit_a:.0f} A, {how}")
                )
        self._bad = over
