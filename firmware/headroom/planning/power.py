"""What flows at the grid and what the cars draw of it, as means of five seconds, from one window.

What a car does not draw yet is still at the grid, so its lag cancels. A motor's start is nothing
that a wish must answer, and no car follows sooner.
"""

from micropython import const

LOOK_MS = const(5000)
_LOST_MS = const(60_000)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer


class Power:
    """grid_w   + import, - export    all of the last look
    cars_w   what all cars drew; sun_w: those that follow the sun; and each its plug.drawn_w
    good     it was measured in the last five seconds; else the others are older
    lost     for a minute nothing has been measured
    blind_ms age of the last measurement
    """

    def __init__(self):
        self.grid_w = self.cars_w = self.sun_w = 0
        self.good = False
        self.lost = True
        self.blind_ms = _FOREVER_MS
        self._grid_w = self._cars_w = self._sun_w = self._count = self._ms = 0

    def gather(self, elapsed_ms, grid_w, plugs):
        """Another step; True with each look. grid_w: None where it is unknown."""
        self._ms += elapsed_ms
        if grid_w is None:
            self.blind_ms = min(self.blind_ms + elapsed_ms, _FOREVER_MS)
        else:
            self.blind_ms = 0
            self._count += 1
            self._grid_w += grid_w
            for plug in plugs:
                self._cars_w += plug.watts
                plug.sum_w += plug.watts
                if plug.sunny:
                    self._sun_w += plug.watts
        if self._ms < LOOK_MS:
            return False
        self._look(plugs)
        return True

    def _look(self, plugs):
        self.good = self._count > 0 and self.blind_ms < LOOK_MS
        self.lost = self.blind_ms >= _LOST_MS
        if self._count:
            self.grid_w = self._grid_w // self._count
            self.cars_w = self._cars_w // self._count
            self.sun_w = self._sun_w // self._count
        for plug in plugs:
            plug.drawn_w = plug.sum_w // self._count if self._count else plug.watts
            plug.sum_w = 0
        self._ms = self._grid_w = self._cars_w = self._sun_w = self._count = 0
