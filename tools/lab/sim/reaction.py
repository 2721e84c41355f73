"""Reaction time: from a load step to the first byte of a lower limit on the wire.

Only a step counts that leaves the offers clearly above the new headroom and that the meter can
answer (an offer is above its charger's minimum). The clock starts when the step's first sample is
taken, not when it is handed over. A step that ends before the answer is dropped.
"""

from dataclasses import dataclass, field

CLEAR_EXCESS_A = 1.0
STEP_A = 1.0
GIVE_UP_S = 5.0


@dataclass(frozen=True)
class Reaction:
    """One answered step; `above_rating` if it took a leg over the breaker's rating."""

    at_s: float
    ms: float
    above_rating: bool


@dataclass
class _Step:
    at_s: float
    above_rating: bool


@dataclass
class ReactionTimer:
    """Watches headroom and offers; told of each limit frame."""

    rated_a: float
    done: list[Reaction] = field(default_factory=list)
    missed: int = 0
    _step: _Step | None = None
    _last_headroom_a: float | None = None

    def tick(
        self, now_s: float, headroom_a: float, offer_a: float, worst_leg_a: float, can_fall: bool
    ) -> None:
        """The state of one instant; `now_s` is when its first sample was taken.

        `offer_a` is the sum of the offers, `can_fall` whether any is above its minimum.
        """
        last_a, self._last_headroom_a = self._last_headroom_a, headroom_a
        over_a = offer_a - headroom_a
        if self._step is not None:
            if over_a <= 0:
                self._step = None
            elif now_s - self._step.at_s > GIVE_UP_S:
                self.missed += 1
                self._step = None
        elif (
            last_a is not None
            and last_a - headroom_a >= STEP_A
            and offer_a <= last_a
            and over_a >= CLEAR_EXCESS_A
            and can_fall
        ):
            self._step = _Step(now_s, worst_leg_a > self.rated_a)

    def limit_sent(self, first_byte_s: float, limit_a: float, offer_a: float) -> None:
        """A limit left at `first_byte_s` for a charger whose offer was `offer_a`."""
        step = self._step
        if step is None or limit_a >= offer_a or first_byte_s < step.at_s:
            return
        self.done.append(
            Reaction(step.at_s, (first_byte_s - step.at_s) * 1000.0, step.above_rating)
        )
        self._step = None

    def abandon(self) -> None:
        """The meter can't answer now (it or a charger is away)."""
        self._step = None


def percentile(values: list[float], share: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[int(rank) - 1]
