"""Stage 1, the demand: who takes part, with what minimum and cap, and what its car can use."""

from micropython import const

from .. import records
from .limits import cap, least

_GROWTH_MA = const(3000)
_SLACK_MA = const(1000)


class Demand:
    """`start` tells who may begin: see start.py."""

    def __init__(self, start):
        self._start = start

    def ask(self, row, elapsed_ms, proof):
        """Set all that demand sets of a row; `proof`: the measurement can prove headroom."""
        state = row.state
        if not state.driven:
            self._let(row, elapsed_ms, proof)
            return
        if not row.ready and proof and state.online:
            row.begin(self._start.first_ma(row))
        row.fresh = row.ready
        self._take_part(row, elapsed_ms)
        row.key = row.turn.spend(row, elapsed_ms)
        row.cap_ma = cap(state)
        row.lag.watch(row.allowed_ma, row.draw_ma)
        row.want_ma = want_ma(row)
        row.minimum_ma = row.idle_ma = 0
        if not row.takes_part or not row.cap_ma:
            return
        if state.car:
            if row.allowed_ma or self._start.may_start(row):
                row.minimum_ma = state.min_ma
        elif row.allowed_ma or (proof and self._start.may_idle(row)):
            row.idle_ma = state.min_ma

    def _let(self, row, elapsed_ms, proof):
        """It balances by itself: known is what it may draw, and what an EV CT shows of it."""
        row.ready = False
        if proof:
            row.change(row.state.ceiling_ma, records.POLLS)
            row.excess.watch(row, elapsed_ms)
        else:
            row.excess.forget(row)

    def _take_part(self, row, elapsed_ms):
        """Those who answer and obey; the others can't be told, and what they may hold is kept."""
        told = row.ready and row.state.online
        if told:
            row.excess.watch(row, elapsed_ms)
        else:
            row.excess.forget(row)
        row.takes_part = told and not (row.holds_ma and row.excess.stubborn(row))
        if row.ready and not row.takes_part:
            reason = records.DISOBEYS if row.state.online else records.OFFLINE
            row.change(min(row.allowed_ma, least(row.state)), reason)


def want_ma(row):
    """The share that a charger needs, from its minimum to its cap.

    A car within 1 A + 1/16 of its offer uses what it is offered (cars draw some 95 %) and may
    want more; so may one that follows a rise, or whose current nobody knows. One that draws less
    is offered 3 A more than it draws, so that it can show when it wants more again.
    """
    state = row.state
    if row.lag.follows():
        return row.cap_ma
    if not state.charging and state.online:
        return min(row.cap_ma, state.min_ma)
    if row.draw_ma < 0 or row.draw_ma + _SLACK_MA >= row.allowed_ma - (row.allowed_ma >> 4):
        return row.cap_ma
    return min(row.cap_ma, max(state.min_ma, row.draw_ma + _GROWTH_MA))
