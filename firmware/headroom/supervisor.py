"""The second observer: knows nothing of the controller, feeds the watchdog, and can overrule.

It watches two things. Every task must show a beat in time: if one is late the watchdog is no
longer fed and the chip resets. And no leg may stay above the breaker's rating for twice as long
as the controller's own budget allows: then the controller is not doing its work.

Whatever it finds ends in `tripped`, a sentence; the bus then offers every charger its fallback.
"""

from array import array

from micropython import const

_USED_UP = const(18_000_000)  # 18 s in units of (I / In)^2 / 1000 x ms
_TOLERATED = const(1102)  # 1.05^2 in thousandths
_CALM_MS = const(60_000)
_LONGEST_MS = const(10_000)


class Supervisor:
    """Sees that the meter works; `tripped` says why it doesn't, `dead` that it can't recover.

    `names` and `deadlines_ms` of the tasks that must beat; the breaker's rating of the panel."""

    def __init__(self, names, deadlines_ms, legs, breaker_ma, watchdog):
        self.tripped = ""
        self._names = names
        self.deadlines_ms = deadlines_ms
        self._quiet_ms = array("i", [0] * len(names))
        self._breaker_ma = breaker_ma
        self._fill = array("i", [0] * legs)
        self._calm_ms = 0
        self.dead = False
        self._watchdog = watchdog

    def beat(self, task):
        """The task of that number has done a round of its work."""
        self._quiet_ms[task] = 0

    def trip(self, why):
        """Something is wrong beyond repair: fallback, and no more food for the watchdog."""
        if not self.dead:
            self.tripped = why
        self.dead = True

    def check(self, elapsed_ms):
        """Look at all beats; feed the watchdog only if every one is in time."""
        for task in range(len(self._names)):
            quiet_ms = min(self._quiet_ms[task] + elapsed_ms, 1 << 28)
            self._quiet_ms[task] = quiet_ms
            if quiet_ms > self.deadlines_ms[task] and not self.dead:
                self.trip("task '%s' has hung" % self._names[task])
        if not self.dead:
            self._watchdog.feed()

    def watch(self, leg_ma, elapsed_ms):
        """Account for a window's currents, good or not."""
        elapsed_ms = min(elapsed_ms, _LONGEST_MS)
        over = False
        for leg in range(len(self._fill)):
            permille = min(leg_ma[leg], 4 * self._breaker_ma) * 10 // (self._breaker_ma // 100)
            excess = permille * permille // 1000 - _TOLERATED
            self._fill[leg] = max(0, min(self._fill[leg] + excess * elapsed_ms, _USED_UP))
            over = over or self._fill[leg] > 0
            if self._fill[leg] >= _USED_UP and not self.tripped:
                self.tripped = "L%d is above the breaker's rating and nothing helps" % (leg + 1)
        self._calm_ms = 0 if over else min(self._calm_ms + elapsed_ms, _CALM_MS)
        if self.tripped and not self.dead and self._calm_ms >= _CALM_MS:
            self.tripped = ""
