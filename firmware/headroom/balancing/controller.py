"""One control step: a reading in, an allocation for every charger out.

Order of work: base load, limits, who takes part, shares, pace. A step runs on every 200 ms
window, and at once (`surge`) on a single mains cycle above the breaker's rating; a cycle can only
lower a current.

Rule 1 by construction: what fits now is divided to the mA, nobody is left above his part (but at
the minimum, while that is held), and a rise must also fit what was there all through the rise
window, beside all that the others may still be drawing.
"""

from array import array

import micropython
from micropython import const

from .. import records
from . import kernel, reasons
from .base_load import EvCt, later
from .breaker import Budget
from .demand import want_ma
from .excess import SURE_MS, Excess
from .limits import Limits, cap
from .pacing import HOLD_MAS, RESUME_MARGIN_MA, RISE_MA, Pacer
from .reach import Reach
from .sharing import IDLE_MARGIN_MA, Sharing
from .turns import Turns

_GOOD_TO_START = const(2)
_FEW = const(4)  # so many chargers are looked after in every step,
_VISITS = const(3)  # of more so many, in turn: a step has 10 ms on the slowest board


class Controller:
    """Balances `states` (one ChargerState a charger) on one panel.

    legs                     service legs with a CT; 0: only groups limit, nothing is measured
    breaker_ma, derate_pct   main breaker and the share of it that may flow for hours
    dead_time_ms             how long a change needs to show in the measured current
    rise_window_ms           how long room must have lasted before a current rises into it
    group_ma                 breaker of each group of chargers, 0 for none
    ev_source                records.EV_CT, EV_REGISTER or EV_ESTIMATE
    conservative             pause at once where the minimum doesn't fit
    start_delay_ms           nothing starts before

    `allocations` are the results, in the order of `states`.
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
        count = len(states)
        self.limits = Limits(legs, breaker_ma, derate_pct, rise_window_ms, group_ma)
        self.budget = Budget(legs, breaker_ma)
        self.base_ma = array("i", [0] * legs)
        self.states = states
        self.allocations = [records.Allocation(state.fallback_ma) for state in states]
        self.ev_source = ev_source
        self._may_ma = array("i", [0] * count)
        self.ev = self._source(dead_time_ms)
        self._reaches = [Reach() for _ in states]
        self.excess = Excess(states, dead_time_ms + SURE_MS)
        uses = [self.limits.uses(state) for state in states]
        self._sharing = Sharing(states, self.limits.lines, uses)
        self._turns = Turns(states)
        hold_mas = 0 if conservative else HOLD_MAS
        self._pacers = [Pacer(dead_time_ms, rise_window_ms, hold_mas) for _ in states]
        self._proven = array("i", [0] * count)
        self._committed = array("i", [0] * count)
        self._line_ma = array("i", self.limits.headroom_ma)
        self._told_ma = array("i", [-1] * count)
        self._unseen_ms = array("i", [0] * count)
        self._visits = count if count <= _FEW else _VISITS
        self._next = 0
        self._delay_ms = start_delay_ms
        self._good_windows = 0
        self._used_up = False
        for i in range(count):
            self._sit_down(i, False)

    def _source(self, dead_time_ms):
        if self.ev_source == records.EV_CT:
            return EvCt(self.limits.legs, self.states, self._may_ma, dead_time_ms + SURE_MS)
        from .following import Following  # in memory only where it is used

        measured = self.ev_source == records.EV_REGISTER
        return Following(self.limits.legs, self.states, dead_time_ms, measured, self._may_ma)

    def step(self, reading, elapsed_ms, blind_ms):
        """Decide on a window's reading, or on its absence.

        elapsed_ms  since the last step or surge
        blind_ms    age of the newest good window; beyond records.STALE_MS `reading` isn't used
        """
        self._delay_ms = max(0, self._delay_ms - elapsed_ms)
        if blind_ms > records.STALE_MS:
            self._fall_back(elapsed_ms)
            return
        good_windows = max(self._good_windows, 0) + 1
        sure = reading.good and not reading.doubtful
        self._good_windows = min(good_windows, _GOOD_TO_START) if sure else 0
        window_ms = max(elapsed_ms, records.WINDOW_MS)  # a surge may have used part of it
        for leg in range(self.limits.legs):
            self.budget.add(leg, reading.leg_ma[leg], window_ms)
        self.ev.update(reading, window_ms)
        self.ev.base(reading, self.base_ma)
        proof = self._good_windows == _GOOD_TO_START
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
        """As after a start: nothing is allowed before two good windows, then the minimum first."""
        self._good_windows = 0
        self.limits.forget_proof()
        for i, allocation in enumerate(self.allocations):
            allocation.ready = allocation.fresh = False
            ma = min(allocation.ma, self.states[i].fallback_ma)
            self._pacers[i].change(allocation, ma, records.STARTING)
            self._note(i)

    def _decide(self, elapsed_ms, proof):
        sharing = self._sharing
        count = len(self.states)
        few = self._visits == count
        first = self._next
        kernel.add(count, self._unseen_ms, elapsed_ms)
        self.limits.update(self.base_ma, self.ev.beyond_ma)
        if few:
            self._sit_down_some(first, proof)
        short = sharing.divide(self.limits.headroom_ma)
        lowered = self._lower_all(short)
        if lowered > _VISITS and not few:
            return  # that was work enough for one step
        if not few:
            self._sit_down_some(first, proof)
        for k in range(self._visits):
            self._pace((first + k) % count, short, proof)
        if proof:
            self._raise(first)
        if count:
            self._next = (first + self._visits) % count

    def _sit_down_some(self, first, proof):
        for k in range(self._visits):
            self._sit_down((first + k) % len(self.states), proof)

    def _lower_all(self, short):
        """Whoever has more than its room, at once; how many that were."""
        self._used_up = self.budget.used_up()
        may_hold = short and not self._used_up
        lowered = 0
        i = self._sharing.next_above(0, may_hold)
        while i >= 0:
            self._lower(i, short)
            lowered += 1
            i = self._sharing.next_above(i + 1, may_hold)
        return lowered

    # -- who takes part, with what

    def _sit_down(self, i, proof):
        """Time has passed for charger i; set what it asks for."""
        state = self.states[i]
        allocation = self.allocations[i]
        pacer = self._pacers[i]
        sharing = self._sharing
        elapsed_ms = self._unseen_ms[i]
        self._unseen_ms[i] = pacer.unseen_ms = 0
        allocation.since_ms = later(allocation.since_ms, elapsed_ms)
        pacer.wait(elapsed_ms, state.car)
        self._reaches[i].add(allocation.ma, elapsed_ms)
        if state.offer_ma >= 0:
            self._told_ma[i] = state.offer_ma
        if not allocation.ready and proof and state.online:
            self._make_ready(allocation, state, pacer)
        allocation.fresh = allocation.ready
        draw_ma = self.ev.draw_ma(i, elapsed_ms)
        if allocation.ready and state.online:
            self.excess.watch(i, allocation, draw_ma, elapsed_ms)
        else:
            self.excess.forget(i, allocation)
        there = self._takes_part(i)
        if allocation.ready and not there:
            reason = records.DISOBEYS if state.online else records.OFFLINE
            pacer.change(allocation, min(allocation.ma, state.min_ma), reason)
        sharing.keys[i] = self._turns.spend(i, allocation.ma, draw_ma, elapsed_ms)
        sharing.caps[i] = cap_ma = cap(state)
        pacer.watch_lag(allocation.ma, draw_ma)
        follows = pacer.follows()
        sharing.wants[i] = want_ma(state, cap_ma, draw_ma, allocation.ma, follows)
        asks = there and state.car and cap_ma and (allocation.ma or self._may_start(i, state))
        sharing.minimums[i] = state.min_ma if asks else 0
        idle = there and not state.car and cap_ma and (allocation.ma or self._may_idle(i, proof))
        sharing.idle[i] = state.min_ma if idle else 0
        self._note(i)

    def _note(self, i):
        """Keep the arrays in step with an allocation that has changed."""
        allocation = self.allocations[i]
        sharing = self._sharing
        self._committed[i] = 0
        if self.states[i].online:
            self._committed[i] = self._pacers[i].committed_ma(allocation, self._told_ma[i])
        if self._takes_part(i):
            sharing.ma[i] = allocation.ma
            sharing.fixed[i] = self.excess.ma[i]
            allocation.kept_ma = sharing.fixed[i]
            may_ma = max(self._committed[i], allocation.ma + sharing.fixed[i])
            reach_ma = 0 if self.ev.doubted else self._reaches[i].ma
            self._may_ma[i] = max(may_ma, reach_ma)
        else:
            sharing.ma[i] = sharing.minimums[i] = sharing.idle[i] = 0
            sharing.fixed[i] = self._may_ma[i] = allocation.kept_ma = self._apart_ma(i)
        sharing.holding[i] = 1 if allocation.reason == records.HOLDING else 0

    def _takes_part(self, i):
        """It is told what it may draw, answers, and obeys."""
        allocation = self.allocations[i]
        told = allocation.ready and self.states[i].online
        return told and not self.excess.stubborn(i, allocation)

    def _apart_ma(self, i):
        """What charger i may be drawing, that takes no part.

        One that never acknowledged anything may draw its maximum; but an EV CT would show it.
        """
        ma = max(self._told_ma[i], self.allocations[i].ma + self.excess.ma[i])
        if self._told_ma[i] < 0 and self.ev_source == records.EV_CT:
            return ma
        return max(ma, self.states[i].ceiling_ma)

    def _make_ready(self, allocation, state, pacer):
        """Safe start: two good windows and an answer from the charger, then the minimum first."""
        allocation.ready = True
        ma = 0 if self._delay_ms or allocation.ma < state.min_ma else state.min_ma
        pacer.begin(allocation, ma)

    def _may_idle(self, i, proof):
        """Has there been room for two minutes? It saves a car that comes the wait, no more."""
        lasting_ma = self.limits.lasting_ma
        line = self._sharing.least(i, lasting_ma)
        return proof and lasting_ma[line] >= self.states[i].min_ma + IDLE_MARGIN_MA

    def _may_start(self, i, state):
        """Would the minimum have fitted for long enough, beside what is running?"""
        pacer = self._pacers[i]
        limits = self.limits
        if pacer.pause_left_ms or self._delay_ms or limits.missing_ms:
            return False
        horizon_ma = limits.lasting_ma if pacer.pauses else limits.proven_ma
        line = self._sharing.least(i, horizon_ma)
        margin_ma = RESUME_MARGIN_MA if line < limits.legs else 0
        return horizon_ma[line] >= state.min_ma + margin_ma

    # -- the pace

    @micropython.native
    def _lower(self, i, short):
        """It has more than its room, or just the minimum and no room."""
        state = self.states[i]
        allocation = self.allocations[i]
        pacer = self._pacers[i]
        room_ma = allocation.room_ma = self._sharing.rooms[i]
        pacer.unseen_ms = self._unseen_ms[i]
        if self._sharing.minimums[i] and (room_ma or (short and not self._used_up)):
            pacer.fall(allocation, state.min_ma)
            self._sharing.ma[i] = allocation.ma  # its car may still be drawing what it had
            self._sharing.holding[i] = 0 if room_ma else 1
            return
        if not state.car:
            pacer.change(allocation, min(room_ma, allocation.ma), records.NO_CAR)
        elif self._sharing.caps[i] == 0:
            pacer.change(allocation, 0, records.PAUSED)
        elif short:
            pacer.hold(allocation, state, self._sharing.excess_ma(i), self._used_up)
        else:
            pacer.change(allocation, 0, records.WAITING_TURN)
        self._note(i)

    def _pace(self, i, short, proof):
        """What isn't urgent: time to hold, idle seats, and why all is as it is."""
        state = self.states[i]
        allocation = self.allocations[i]
        pacer = self._pacers[i]
        if not allocation.ready:
            return
        room_ma = allocation.room_ma = self._sharing.rooms[i]
        allocation.wait_ms = 0
        sharing = self._sharing
        allocation.limit = reasons.limit_of(i, room_ma, state, sharing, self.limits)
        if not self._takes_part(i):
            return
        if not state.car:
            idle_ma = room_ma if proof else min(room_ma, allocation.ma)
            pacer.change(allocation, idle_ma, records.NO_CAR)
        elif self._sharing.caps[i] == 0:
            pacer.change(allocation, 0, records.PAUSED)
        elif allocation.ma == 0:
            pausing_ms = pacer.pause_left_ms
            allocation.wait_ms = max(pausing_ms, self._delay_ms, self.limits.missing_ms)
            reason = reasons.of_waiting(i, room_ma, state, pausing_ms, self._delay_ms, sharing)
            pacer.change(allocation, 0, reason)
        elif room_ma == 0 and short:
            excess_ma = sharing.excess_ma(i)
            allocation.room_ma = max(0, state.min_ma - excess_ma)
            pacer.hold(allocation, state, excess_ma, self._used_up)
        else:
            pacer.recover()
        self._note(i)

    def _raise(self, first):
        """Raise those of this visit who may: into what is proven and nobody may be drawing."""
        sharing = self._sharing
        count = len(self.states)
        for k in range(self._visits):
            if self._may_rise((first + k) % count):
                sharing.prove(self.limits.proven_ma, self._proven)
                break
        else:
            sharing.free(self.limits.proven_ma)
        sharing.total(self._committed, self._line_ma)
        for line in range(self.limits.lines):
            self._line_ma[line] = sharing.free_ma[line] - self._line_ma[line]
        for k in range(self._visits):
            i = (first + k) % count
            state = self.states[i]
            allocation = self.allocations[i]
            if self._takes_part(i) and state.car and allocation.room_ma:
                self._rise(i, state, allocation, self._pacers[i])

    def _may_rise(self, i):
        allocation = self.allocations[i]
        more_ma = allocation.room_ma - allocation.ma
        return allocation.ma and more_ma >= RISE_MA and self._pacers[i].settling_ms() == 0

    def _rise(self, i, state, allocation, pacer):
        before_ma = allocation.ma
        free_ma = self._line_ma[self._sharing.least(i, self._line_ma)]
        if before_ma == 0:
            if free_ma >= state.min_ma:
                pacer.change(allocation, state.min_ma, records.RISING)
        elif allocation.room_ma >= before_ma:
            proven_ma = min(self._proven[i], before_ma + max(0, free_ma))
            pacer.rise(allocation, proven_ma, self.limits.missing_ms)
        if allocation.ma > before_ma:
            self._sharing.take(i, self._line_ma, allocation.ma - before_ma)
            self._note(i)

    # -- no measurement

    def _fall_back(self, elapsed_ms):
        count = len(self.states)
        if self._good_windows >= 0:
            self._good_windows = -1
            self.limits.forget_proof()
        kernel.add(count, self._unseen_ms, elapsed_ms)
        for i in range(count):
            allocation = self.allocations[i]
            fallback_ma = self.states[i].fallback_ma
            if allocation.ma > fallback_ma or allocation.fresh or not allocation.ready:
                allocation.ready = True
                allocation.fresh = False
                allocation.wait_ms = 0
                ma = allocation.ma if allocation.ma < fallback_ma else fallback_ma
                self._pacers[i].change(allocation, ma, records.BLIND)
                self._note(i)
        for _ in range(self._visits):
            i = self._next
            self._next = (i + 1) % count
            self._sit_down(i, False)
            self.allocations[i].fresh = False
