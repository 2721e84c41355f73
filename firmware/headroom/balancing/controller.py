"""One control step: a reading in, what every charger may draw out.

A step runs on every 200 ms window, and at once (`surge`) on a single mains cycle above the
breaker's rating; a cycle can only lower a current. Base load and budget are taken in first, then
come the four stages over one table with one row a charger:

    demand   who takes part, with what minimum and cap, and what its car can use
    limits   what the circuits have for them, beside what is kept for others
    shares   everyone's minimum, then fair parts
    pace     down at once; held, paused; up into proven headroom
"""

from array import array

from micropython import const

from .. import records
from .base_load import EvCt
from .breaker import Budget
from .demand import Demand
from .limits import Limits
from .pace import Pace
from .row import Row
from .shares import Shares
from .start import Start

_GOOD_TO_START = const(2)


class Controller:
    """Balances `states` (one ChargerState a charger) on one panel.

    legs                     service legs with a CT; 0: only groups limit, nothing is measured
    breaker_ma, derate_pct   main breaker and the share of it that may flow for hours
    dead_time_ms             how long a change needs to show in the measured current
    rise_window_ms           how long headroom must have lasted before a current rises into it
    group_ma                 breaker of each group of chargers, 0 for none
    ev_source                records.EV_CT, EV_REGISTER or EV_ESTIMATE
    conservative             pause at once where the minimum doesn't fit
    start_delay_ms           nothing starts before

    `allocations` is the table, in the order of `states`.
    """

    def __init__(
        self,
        legs,
        breaker_ma,
        derate_pct,
        dead_time_ms,
        rise_window_ms,
        states,
        group_ma=(),
        ev_source=records.EV_CT,
        conservative=False,
        start_delay_ms=0,
    ):
        ev_ct = ev_source == records.EV_CT
        self.limits = Limits(legs, breaker_ma, derate_pct, rise_window_ms, group_ma, ev_ct)
        self.allocations = rows = [
            Row(s, self.limits.circuits_of(s), dead_time_ms, rise_window_ms, conservative)
            for s in states
        ]
        self.budget = Budget(legs, breaker_ma)
        self.base_ma = array("i", [0] * legs)
        self.ev = _source(ev_source, legs, rows, dead_time_ms)
        self._start = Start(self.limits, rows, start_delay_ms)
        self._demand = Demand(self._start)
        self._shares = Shares(rows, self.limits)
        self._pace = Pace(rows, self.limits, self._shares, self._start)
        self._good_windows = 0
        self._ask(0, False)
        self._reserve()

    def step(self, reading, elapsed_ms, blind_ms):
        """Decide on a window's reading, or on its absence.

        elapsed_ms  since the last step or surge
        blind_ms    age of the newest good window; beyond records.STALE_MS `reading` isn't used
        """
        self._start.pass_time(elapsed_ms)
        if blind_ms > records.STALE_MS:
            self._fall_back(elapsed_ms)
            return
        sure = reading.good and not reading.doubtful
        self._good_windows = min(self._good_windows + 1, _GOOD_TO_START) if sure else 0
        proof = self._good_windows == _GOOD_TO_START
        window_ms = max(elapsed_ms, records.WINDOW_MS)  # a surge may have used part of it
        for leg in range(self.limits.legs):
            self.budget.add(leg, reading.leg_ma[leg], window_ms)
        self.ev.update(reading, window_ms)
        self.ev.base(reading, self.base_ma)
        if proof:
            self.limits.prove(self.base_ma, window_ms)
        self._decide(elapsed_ms, proof)

    def surge(self, cycle, elapsed_ms):
        """Lower at once if this cycle shows more than the breaker's rating on any leg.

        Returns True if it acted; `elapsed_ms` is then used up, else it still counts for step().
        """
        for leg in range(self.limits.legs):
            if cycle.leg_ma[leg] > self.limits.breaker_ma:
                self.ev.base(cycle, self.base_ma)
                self._decide(elapsed_ms, False)
                return True
        return False

    def begin_again(self):
        """As after a start: nothing is allowed before two good windows, then the minimum first.

        Who is in the fallback, for there is no measurement, stays there, and is not kept alive.
        """
        self._good_windows = 0
        self.limits.forget_proof()
        for row in self.allocations:
            if row.fresh:
                row.ready = row.fresh = row.takes_part = False
                row.change(min(row.allowed_ma, row.state.fallback_ma), records.STARTING)
        self.limits.keep(self.allocations)
        self._reserve()

    def _decide(self, elapsed_ms, proof):
        """The four stages; `proof`: the measurement is good enough to raise a current."""
        self.limits.update(self.base_ma, self.ev.beyond_ma)
        self._ask(elapsed_ms, proof)  # demand
        self.limits.free(self.limits.headroom_ma, self.allocations)  # limits
        self._shares.divide()  # shares
        used_up = self.budget.used_up()
        for row in self.allocations:
            self._pace.settle(row, elapsed_ms, used_up)  # pace: all but a rise
        self._reserve()
        if proof:
            self._pace.raise_all(self.ev.doubted)

    def _ask(self, elapsed_ms, proof):
        """Time has passed: what each car draws, who asks for what, and what is kept for whom."""
        rows = self.allocations
        for row in rows:
            row.pass_time(elapsed_ms)
        self.ev.look()
        for row in rows:
            self._demand.ask(row, elapsed_ms, proof)
        self.limits.keep(rows)

    def _reserve(self):
        """What each car may be drawing until it has followed."""
        for row in self.allocations:
            row.reserve(self.ev.doubted)

    def _fall_back(self, elapsed_ms):
        """No measurement: nobody has more than its fallback, and nobody is kept alive."""
        self._good_windows = 0
        self.limits.forget_proof()
        for row in self.allocations:
            fallback_ma = row.state.fallback_ma
            if row.allowed_ma > fallback_ma or row.fresh or not row.ready:
                row.ready = True
                row.wait_ms = 0
                row.change(min(row.allowed_ma, fallback_ma), records.BLIND)
        self._ask(elapsed_ms, False)
        for row in self.allocations:
            row.fresh = False
        self._reserve()


def _source(ev_source, legs, rows, dead_time_ms):
    """What tells the cars' current from the house's."""
    if ev_source == records.EV_CT:
        return EvCt(legs, rows, dead_time_ms)
    from .following import Following  # in memory only where it is used

    return Following(legs, rows, dead_time_ms, ev_source == records.EV_REGISTER)
