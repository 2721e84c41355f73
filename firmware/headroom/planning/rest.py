"""The time between a stop and the next start: a contactor and a car's patience wear out.

Five minutes after each of the first three stops, then ten; a car that comes begins anew.
"""

from micropython import const

_REST_MS = const(300_000)
_FREE_STOPS = const(3)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer


class Rest:
    """One charger's; `stops` since its car came."""

    def __init__(self):
        self.begin_anew()

    def begin_anew(self):
        """Another car, or none."""
        self.stops = 0
        self._passed_ms = _FOREVER_MS

    def stop(self):
        """It pauses from now on."""
        self.stops += 1
        self._passed_ms = 0

    def left_ms(self, elapsed_ms):
        """More of the pause has passed: what is left of it."""
        self._passed_ms = min(self._passed_ms + elapsed_ms, _FOREVER_MS)
        return max(0, _REST_MS * (2 if self.stops > _FREE_STOPS else 1) - self._passed_ms)
