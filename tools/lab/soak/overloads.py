"""The overloads that a meter may have seen.

With the third in an hour it keeps all chargers at their fallback until somebody types 'resume'.
"""

from lab.session import RATED_A

HOUR_S = 3600.0
THIRD = 3


class Overloads:
    """When each began."""

    def __init__(self) -> None:
        self._began_s: list[float] = []
        self._over = False

    def tick(self, now_s: float, mains_a: tuple[float, ...]) -> None:
        """What truly flows."""
        over = max(mains_a) > RATED_A
        if over and not self._over:
            self.began(now_s)
        self._over = over

    def began(self, now_s: float) -> None:
        """One that the meter has to believe."""
        self._began_s.append(now_s)

    def may_wait(self, now_s: float) -> bool:
        """Whether the meter may wait for 'resume': there were three within an hour."""
        return sum(now_s - at_s < HOUR_S for at_s in self._began_s) >= THIRD
