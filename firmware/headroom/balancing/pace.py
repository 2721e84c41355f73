"""Stage 4, the pace: down at once, held at the minimum, paused last, up into proven headroom.

Rule 1 by construction: what fits now is divided to the mA, nobody is left above its share (but at
the minimum, while that is held), and a rise must also fit what was there all through the rise
window, beside all that the others may still be drawing.
"""

from array import array

from micropython import const

from .. import records
from .limits import take, tightest
from .rise import RISE_MA

GRID_MA = const(100)  # the finest step that chargers take
RISE_STEP_MA = const(12_000)  # the most in one dead time


class Pace:
    """Changes what each of `rows` may draw, by its share of `limits` and its own history."""

    def __init__(self, rows, limits, shares, start):
        self._rows = rows
        self._limits = limits
        self._shares = shares
        self._start = start
        self._circuits_ma = array("i", limits.free_ma)

    def settle(self, row, elapsed_ms, used_up):
        """All but a rise, and what it waits for; `used_up`: the breaker tolerates no more."""
        if not row.ready:
            return
        row.fits_ma = row.share_ma
        row.wait_ms = 0
        row.limit = self._limits.name_of(row, self._shares.left_ma)
        if not row.takes_part:
            return
        if not row.state.car:
            row.change(min(row.share_ma, row.allowed_ma), records.NO_CAR)
        elif not row.cap_ma:
            asked = row.limit == records.BY_REQUEST
            row.change(0, records.SUSPENDED if asked else records.PAUSED)
        elif not row.allowed_ma:
            row.wait_ms = self._start.wait_ms(row)
            row.change(0, self._start.reason(row, self._limits.free_ma))
        elif row.share_ma:
            if row.allowed_ma > row.share_ma:
                ma = max(row.share_ma - row.share_ma % GRID_MA, row.state.min_ma)
                if row.limit == records.BY_REQUEST:  # the house needs none of it
                    row.change(ma, records.LOWERED)
                else:
                    row.rise.fell(row.allowed_ma - ma)
                    row.change(ma, records.FALLEN)
            row.hold.recover(elapsed_ms)
        elif self._shares.short:
            self._hold(row, elapsed_ms, used_up)
        else:
            row.change(0, records.WAITING_TURN)

    def _hold(self, row, elapsed_ms, used_up):
        """No headroom for its minimum: keep that for a while, then pause."""
        min_ma = row.state.min_ma
        excess_ma = self._shares.excess_ma(row)
        row.fits_ma = max(0, min_ma - excess_ma)
        row.rise.fell(row.allowed_ma - min_ma)
        if row.hold.spend(excess_ma, elapsed_ms) or used_up:
            row.hold.pause()
            row.wait_ms = row.hold.pause_left_ms
            row.change(0, records.PAUSED)
        else:
            row.wait_ms = row.hold.left_ms(excess_ma)
            row.change(min(row.allowed_ma, min_ma), records.HOLDING)

    def raise_all(self, doubted):
        """Raise those who may: into what is proven and nobody may be drawing."""
        limits = self._limits
        circuits_ma = self._circuits_ma
        limits.free(limits.proven_ma, self._rows)
        if self._somebody_may_rise():
            self._shares.divide_proven()  # `share_ma` is of that from now on
        for circuit in range(len(circuits_ma)):
            circuits_ma[circuit] = limits.free_ma[circuit]
        for row in self._rows:
            take(row, circuits_ma, row.committed_ma)
        for car in (True, False):  # those without a car have what is left
            for row in self._rows:
                if row.takes_part and row.state.car == car and row.fits_ma:
                    before_ma = row.committed_ma
                    self._raise(row, before_ma + circuits_ma[tightest(row, circuits_ma)])
                    row.reserve(doubted)
                    take(row, circuits_ma, row.committed_ma - before_ma)

    def _somebody_may_rise(self):
        for row in self._rows:
            more_ma = row.fits_ma - row.allowed_ma
            if row.allowed_ma and more_ma >= RISE_MA and not row.lag.settling_ms():
                return True
        return False

    def _raise(self, row, free_ma):
        """Its tightest circuit has `free_ma` that nobody else may be drawing."""
        if not row.allowed_ma:
            if free_ma >= row.state.min_ma:
                row.change(row.state.min_ma, records.RISING if row.state.car else records.NO_CAR)
        elif row.state.car and row.fits_ma >= row.allowed_ma:
            self._raise_to(row, min(row.share_ma, free_ma))

    def _raise_to(self, row, proven_ma):
        """Up to `proven_ma`, if the last change has shown, patience is over and no more comes.

        A window in which a load ended shows a part of the headroom: a rise into that would cost a
        dead time before the rest. So it waits until the proof has not grown for one of its parts.
        """
        proven_ma = min(proven_ma, row.fits_ma)
        if proven_ma - row.proven_ma >= RISE_MA:
            row.grows = self._limits.grain
        elif row.grows:
            row.grows -= 1
        row.proven_ma = proven_ma
        more_ma = row.fits_ma - row.allowed_ma
        if more_ma >= RISE_MA:
            row.rise.headroom_is_back()
        settling_ms = row.lag.settling_ms()
        row.wait_ms = max(self._limits.missing_ms, settling_ms, row.rise.left_ms())
        if settling_ms and (row.reason == records.FALLEN or row.reason == records.LOWERED):
            return  # that is news, for as long as it takes effect
        if more_ma < RISE_MA:
            row.wait_ms = 0
            row.change(row.allowed_ma, records.STEADY)
            return
        more_ma = proven_ma - row.allowed_ma
        if not row.wait_ms and more_ma >= RISE_MA and not row.grows:
            row.rise.rose()
            more_ma = min(more_ma - more_ma % GRID_MA, RISE_STEP_MA)
            row.change(row.allowed_ma + more_ma, records.RISING)
        elif not row.wait_ms or row.reason != records.RISING:
            row.change(row.allowed_ma, records.SETTLING)
