"""How long may a leg be above the breaker's rating? An inverse-time budget per leg.

    fill = integral of ((I / In)^2 - 1.05^2) dt, never below 0; used up at 9 s

which is 52 s at 1.13 x In, 10.5 s at 1.4 x In and 3.1 s at 2 x In, inside the no-trip edge of
IEC 60898 (1.13 In for an hour) and far inside the trip times of UL 489. Above 2 x In one second
uses it up: the inrush of a motor is shorter, a short circuit is the breaker's own business. It
says nothing of the derated (80 %) limit, which the controller keeps anyway.
"""

from array import array

from micropython import const

USED_UP = const(9_000_000)  # 9 s, in units of (I / In)^2 / 1000 x ms
_TOLERATED = const(1102)  # 1.05^2 in thousandths
_IN_A_SECOND = const(9000)
_LONGEST_MS = const(10_000)  # 16 x 10^3 x 10 s stays below 2^30


class Budget:
    """The fill of each leg's budget; `breaker_ma` is the rating In."""

    def __init__(self, legs, breaker_ma):
        self._breaker_ma = breaker_ma
        self._fill = array("i", [0] * legs)

    def add(self, leg, ma, elapsed_ms):
        """Account for `elapsed_ms` at an RMS current of `ma` on a leg."""
        permille = min(ma, 4 * self._breaker_ma) * 10 // (self._breaker_ma // 100)
        excess = permille * permille // 1000 - _TOLERATED
        if permille > 2000:
            excess = _IN_A_SECOND
        fill = self._fill[leg] + excess * min(elapsed_ms, _LONGEST_MS)
        self._fill[leg] = max(0, min(fill, USED_UP))

    def used_up(self):
        """True if any leg has no budget left."""
        for fill in self._fill:
            if fill >= USED_UP:
                return True
        return False

    def percent(self, leg):
        """How much of a leg's budget is used, 0 to 100."""
        return self._fill[leg] // (USED_UP // 100)
