"""Base load: what the house draws without the cars.

    base = mains - EV, both RMS values of the same window

With both from one window the car's lag cancels out: while a car follows a change, mains and EV
move together and the difference stands still. So `limit - base` needs no feedback gain, and
can't oscillate (a loop that adds K times its error with d samples of delay is stable only for
K < 2 sin(pi / (2 (2d + 1))), and a car is 2 to 3 samples late).

RMS values of currents out of phase don't subtract exactly, but they err on the safe side: if the
EV current grows by x, mains grows by at most x (triangle inequality), so it stays in the limit.

This file is for an EV-branch CT, the best source; following.py has the two others. A source has
`update(reading, elapsed_ms)` for each window, `base(reading, base_ma)` for a window or a cycle,
and `draw_ma(i, elapsed_ms)`, what the car of charger i draws.
"""

from array import array

from .. import records


class EvCt:
    """A CT on the branch that feeds all chargers; settings see to it that they share their legs.

    Of several chargers it sees the sum. Each one's own register then tells its part; what is left
    belongs to the one without, and where several are without nobody's part is guessed: a car
    wrongly taken for lazy would be starved.
    """

    def __init__(self, legs, states):
        self._states = states
        self._on_branch = [not states or leg in states[0].legs for leg in range(legs)]
        self._known_ma = array("i", [-1] * len(states))
        self._unknown = len(states)
        self._sum_ma = 0  # of those that are known
        self._ev_ma = 0

    def base(self, reading, base_ma):
        """Fill `base_ma`, one per leg, never negative."""
        for leg in range(len(self._on_branch)):
            ma = reading.leg_ma[leg]
            if self._on_branch[leg]:
                ma = ma - reading.ev_ma if ma > reading.ev_ma else 0
            base_ma[leg] = ma

    def source(self, i):
        """What tells the current of charger i."""
        return records.EV_CT

    def age_ms(self, i):
        """How old that is: as old as the reading."""
        return 0

    def update(self, reading, elapsed_ms):
        """A new window."""
        self._ev_ma = reading.ev_ma

    def draw_ma(self, i, elapsed_ms):
        """What the car of charger i draws, -1 if that can't be told; `elapsed_ms` since asked."""
        state = self._states[i]
        state.reported_age_ms = later(state.reported_age_ms, elapsed_ms)
        ma = largest(state.reported_ma)
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
