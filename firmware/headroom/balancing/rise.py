"""Is it worth raising this charger? Patience after a fall, and more of it after a regret.

A rise that is undone within 30 s was not worth it: it is regretted, once, and the next one waits
twice as long after a fall. Five minutes without a regret halve that again. Each fall is judged:

    _NONE    none that a rise has to wait for
    _FRESH   it may have been a motor's start: forgotten if the headroom is back within 1.5 s
    _LASTED  it was none, and the rise before it is regretted
"""

from micropython import const

RISE_MA = const(500)  # less isn't worth a write
REGRET_MS = const(30_000)
LONGEST_PATIENCE_MS = const(20_000)
CALM_MS = const(300_000)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_INRUSH_MS = const(1500)
_NONE = const(0)
_FRESH = const(1)
_LASTED = const(2)


class Rise:
    """One charger's; `patience_ms` is how long after a fall it may rise again."""

    def __init__(self, shortest_patience_ms):
        self._shortest_ms = shortest_patience_ms
        self.patience_ms = shortest_patience_ms
        self._fall = _NONE
        self._fallen_ms = 0
        self._may_be_regretted = False
        self._calm_ms = 0

    def pass_time(self, risen_ms, elapsed_ms):
        """`risen_ms` is how long ago it last rose."""
        if self._fall != _NONE:
            self._fallen_ms = min(self._fallen_ms + elapsed_ms, _FOREVER_MS)
            if self._fall == _FRESH and self._fallen_ms >= _INRUSH_MS:
                self._fall = _LASTED
                if risen_ms < REGRET_MS and self._may_be_regretted:
                    self._regret()
        self._calm_ms += elapsed_ms
        if self._calm_ms >= CALM_MS:
            self._calm_ms = 0
            self.patience_ms = max(self.patience_ms // 2, self._shortest_ms)

    def _regret(self):
        self._may_be_regretted = False
        self._calm_ms = 0
        self.patience_ms = min(2 * self.patience_ms, LONGEST_PATIENCE_MS)

    def fell(self, by_ma):
        """It was lowered by so much."""
        if by_ma >= RISE_MA:
            self._fall = _FRESH
            self._fallen_ms = 0

    def headroom_is_back(self):
        """It could have what it had: what ends so soon was a motor's start."""
        if self._fall == _FRESH:
            self._fall = _NONE

    def rose(self):
        """It was raised."""
        self._may_be_regretted = True

    def left_ms(self):
        """How long until it may rise."""
        return 0 if self._fall == _NONE else max(0, self.patience_ms - self._fallen_ms)
