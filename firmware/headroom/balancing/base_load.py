"""Base load: what the house draws without the cars.

    base = mains - EV, both RMS values of the same window

With both from one window the car's lag cancels out: while a car follows a change, mains and EV
move together and the difference stands still. So `limit - base` needs no feedback gain, and
can't oscillate (a loop that adds K times its error with d samples of delay is stable only for
K < 2 sin(pi / (2 (2d + 1))), and a car is 2 to 3 samples late).

What nobody may be drawing is no car's: EV counts up to what all chargers together were allowed,
within the dead time before too, or are known to hold. The rest is load like any other, so that
base + allowed is never less than mains, whatever a charger, its register or the EV CT says.

RMS values of currents out of phase don't subtract exactly, but they err on the safe side: if the
EV current grows by x, mains grows by at most x (triangle inequality), so it stays in the limit.

This file is for an EV-branch CT, the best source; following.py has the two others. A source is
given `may_ma`, what each charger may be drawing, which the controller keeps up to date. It has
`update(reading, elapsed_ms)` for each window, `base(reading, base_ma)` for a window or a cycle,
and `draw_ma(i, elapsed_ms)`, what the car of charger i draws.
"""

from array import array

from micropython import const

from .. import records

_DOUBT_MS = const(2000)
REPORT_MS = const(15_000)  # a charger's report that is older tells nothing; 25 take 9 s to read


class EvCt:
    """A CT on the branch that feeds all chargers; settings see to it that they share their legs.

    Of several chargers it sees the sum. Each one's own register then tells its part; what is left
    belongs to the one without, and where several are without nobody's part is guessed: a car
    wrongly taken for lazy would be starved.

    beyond_ma  what the branch has drawn for `late_ms` above all that its chargers may be drawing
    doubted    it has drawn more for 2 s, longer than most cars need to follow
    """

    def __init__(self, legs, states, may_ma, late_ms):
        self._states = states
        self._late_ms = late_ms
        self._beyond_ms = 0
        self.beyond_ma = 0
        self.doubted = False
        self._may_ma = may_ma
        self._on_branch = [not states or leg in states[0].legs for leg in range(legs)]
        self._known_ma = array("i", [-1] * len(states))
        self._unknown = len(states)
        self._sum_ma = 0  # of those that are known
        self._ev_ma = 0

    def base(self, reading, base_ma):
        """Fill `base_ma`, one per leg, never negative."""
        ev_ma = min(reading.ev_ma, self._all_may_ma())
        for leg in range(len(self._on_branch)):
            ma = reading.leg_ma[leg]
            if self._on_branch[leg]:
                ma = ma - ev_ma if ma > ev_ma else 0
            base_ma[leg] = ma

    def _all_may_ma(self):
        total_ma = 0
        for ma in self._may_ma:
            total_ma += ma
        return total_ma

    def source(self, i):
        """What tells the current of charger i."""
        return records.EV_CT

    def age_ms(self, i):
        """How old that is: as old as the reading."""
        return 0

    def update(self, reading, elapsed_ms):
        """A new window."""
        self._ev_ma = reading.ev_ma
        beyond_ma = reading.ev_ma - self._all_may_ma()
        self._beyond_ms = later(self._beyond_ms, elapsed_ms) if beyond_ma > 0 else 0
        self.doubted = self._beyond_ms > _DOUBT_MS
        self.beyond_ma = beyond_ma if self._beyond_ms > self._late_ms else 0

    def draw_ma(self, i, elapsed_ms):
        """What the car of charger i draws, -1 if that can't be told; `elapsed_ms` since asked."""
        state = self._states[i]
        state.reported_age_ms = later(state.reported_age_ms, elapsed_ms)
        ma = largest(state.reported_ma) if state.reported_age_ms < REPORT_MS else -1
        if ma < 0 and state.online and not state.charging:
            ma = 0
        before_ma = self._known_ma[i]
        self._known_ma[i] = ma
        self._unknown += (1 if ma < 0 else 0) - (1 if before_ma < 0 else 0)
        self._sum_ma += max(ma, 0) - max(before_ma, 0)
        if ma < 0 and self._unknown == 1:
            ma = max(0, self._ev_ma - self._sum_ma)
        return ma


def largest(reported_ma):
    """The largest phase of a report, -1 for none; max() on a generator would allocate."""
    a = reported_ma[0] if reported_ma[0] > reported_ma[1] else reported_ma[1]
    return a if a > reported_ma[2] else reported_ma[2]


def later(ms, elapsed_ms):
    """`ms` grown by `elapsed_ms`, bounded so that it stays a small integer."""
    ms += elapsed_ms
    return ms if ms < 1 << 28 else 1 << 28
