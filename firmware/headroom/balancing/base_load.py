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
told of each window (`update`), gives the base load of a window or a cycle (`base`), and what each
car draws (`look`). What a charger may be drawing is `may_draw_ma` of its row.
"""

from micropython import const

from .. import records
from .excess import SURE_MS

_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_DOUBT_MS = const(2000)


class EvCt:
    """A CT on the branch that feeds all chargers; settings see to it that they share their legs.

    Of several chargers it sees the sum. Each one's own register then tells its part; what is left
    belongs to the one without, and where several are without nobody's part is guessed: a car
    wrongly taken for lazy would be starved.

    beyond_ma  what the branch has drawn for the dead time above all that its chargers may, until
               it draws no more than they are allowed
    doubted    it has drawn more for 2 s, longer than most cars need to follow
    """

    def __init__(self, legs, rows, dead_time_ms):
        self._rows = rows
        self._late_ms = dead_time_ms + SURE_MS
        self._on_branch = [not rows or leg in rows[0].state.legs for leg in range(legs)]
        self._ev_ma = 0
        self._beyond_ms = 0
        self.beyond_ma = 0
        self.doubted = False

    def base(self, reading, base_ma):
        """Fill `base_ma`, one per leg, never negative."""
        ev_ma = min(reading.ev_ma, self._may_draw_ma())
        for leg in range(len(self._on_branch)):
            ma = reading.leg_ma[leg]
            base_ma[leg] = max(0, ma - ev_ma) if self._on_branch[leg] else ma

    def _may_draw_ma(self):
        total_ma = 0
        for row in self._rows:
            total_ma += row.may_draw_ma
        return total_ma

    def _allowed_ma(self):
        total_ma = 0
        for row in self._rows:
            total_ma += row.allowed_ma + row.kept_ma
        return total_ma

    def update(self, reading, elapsed_ms):
        """A new window."""
        self._ev_ma = reading.ev_ma
        beyond_ma = reading.ev_ma - self._may_draw_ma()
        self._beyond_ms = min(self._beyond_ms + elapsed_ms, _FOREVER_MS) if beyond_ma > 0 else 0
        self.doubted = self._beyond_ms > _DOUBT_MS
        if self._beyond_ms > self._late_ms:
            self.beyond_ma = beyond_ma
        elif self.beyond_ma:  # those that obey have made way for it: that is no end of it
            self.beyond_ma = max(0, min(self.beyond_ma, reading.ev_ma - self._allowed_ma()))

    def look(self):
        """Set `draw_ma` of every row."""
        left_ma = self._ev_ma
        unknown = 0
        for row in self._rows:
            ma = row.report_ma
            if ma < 0 and row.state.online and not row.state.charging:
                ma = 0
            row.draw_ma = ma
            if ma < 0:
                unknown += 1
            else:
                left_ma -= ma
        if unknown == 1:
            for row in self._rows:
                if row.draw_ma < 0:
                    row.draw_ma = max(0, left_ma)

    def source(self, i):
        """What tells the current of charger i."""
        return records.EV_CT

    def age_ms(self, i):
        """How old that is: as old as the reading."""
        return 0
