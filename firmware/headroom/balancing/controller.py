"""One control step: a reading in, an allocation for every charger out.

Order of work: base load, limits, sharing, pacing. A step runs on every 200 ms window, and at once
(`surge`) on a single mains cycle above the breaker's rating; a cycle can only lower a current.
"""

from array import array

from micropython import const

from .. import records
from .base_load import base_ma
from .breaker import Budget
from .limits import Limits
from .pacing import Pacer
from .sharing import divide

_GOOD_TO_START = const(2)


class Controller:
    """Balances `states` (one ChargerState a charger) on one panel.

    breaker_ma, derate_pct   main breaker and the share of it that may flow for hours
    dead_time_ms             how long a change needs to show in the measured current
    rise_window_ms           how long room must have lasted before a current rises into it

    `allocations` are the results, in the order of `states`.
    """

    def __init__(self, legs, breaker_ma, derate_pct, dead_time_ms, rise_window_ms, states):
        self.limits = Limits(legs, breaker_ma, derate_pct)
        self.budget = Budget(legs, breaker_ma)
        self.base_ma = array("i", [0] * legs)
        self.states = states
        self.allocations = [records.Allocation(state.fallback_ma) for state in states]
        self._pacers = [Pacer(dead_time_ms, rise_window_ms) for _ in states]
        self._caps = array("i", [0] * len(states))
        self._rooms = array("i", [0] * len(states))
        self._good_windows = 0

    def step(self, reading, elapsed_ms, blind_ms):
        """Decide on a window's reading, or on its absence.

        elapsed_ms  since the last step or surge
        blind_ms    age of the newest good window; beyond records.STALE_MS `reading` is not looked at
        """
        if blind_ms > records.STALE_MS:
            self._good_windows = 0
            self._fall_back(elapsed_ms)
            return
        self._good_windows = min(self._good_windows + 1, _GOOD_TO_START) if reading.good else 0
        for leg in range(self.limits.legs):
            window_ms = max(elapsed_ms, records.WINDOW_MS)  # a surge may have used part of it
            self.budget.add(leg, reading.leg_ma[leg], window_ms)
        self._decide(reading, elapsed_ms, self._good_windows == _GOOD_TO_START)

    def surge(self, cycle, elapsed_ms):
        """Lower at once if this cycle shows more than the breaker's rating on any leg.

        Returns True if it acted; `elapsed_ms` is then used up, else it still counts for step().
        """
        for leg in range(self.limits.legs):
            if cycle.leg_ma[leg] > self.limits.breaker_ma:
                self._decide(cycle, elapsed_ms, False)
                return True
        return False

    def _decide(self, reading, elapsed_ms, proof):
        limits = self.limits
        for leg in range(limits.legs):
            self.base_ma[leg] = base_ma(reading.leg_ma[leg], reading.ev_ma)
        limits.update(self.base_ma)
        for i in range(len(self.states)):
            self._caps[i] = limits.cap(self.states[i])
        divide(limits.headroom_ma, self.states, self._caps, self._rooms)
        for i in range(len(self.states)):
            self._pace(i, elapsed_ms, proof)

    def _pace(self, i, elapsed_ms, proof):
        state = self.states[i]
        allocation = self.allocations[i]
        allocation.since_ms = _later(allocation.since_ms, elapsed_ms)
        if not allocation.ready and not (proof and state.online):
            return  # safe start: two good windows and an answer from the charger
        allocation.ready = True
        allocation.fresh = True
        allocation.room_ma = self._rooms[i]
        allocation.limit = self.limits.name_of(state, self._rooms[i], len(self.states) == 1)
        self._pacers[i].step(allocation, state, elapsed_ms, proof, self.budget.used_up())

    def _fall_back(self, elapsed_ms):
        for i in range(len(self.states)):
            allocation = self.allocations[i]
            allocation.since_ms = _later(allocation.since_ms, elapsed_ms)
            allocation.ready = True
            allocation.fresh = False
            allocation.wait_ms = 0
            pacer = self._pacers[i]
            pacer.forget_proof()
            ma = min(allocation.ma, self.states[i].fallback_ma)
            pacer.change(allocation, ma, records.BLIND)


def _later(since_ms, elapsed_ms):
    return min(since_ms + elapsed_ms, 1 << 28)
