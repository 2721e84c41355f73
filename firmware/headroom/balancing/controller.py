"""One control step: a reading in, an allocation for every charger out.

Order of work: base load, limits, who takes part, shares, pace. A step runs on every 200 ms
window, and at once (`surge`) on a single mains cycle above the breaker's rating; a cycle can only
lower a current.

Rule 1 by construction: what fits now is divided to the mA, nobody is left above his part (but at
the minimum, while that is held), and a rise must also fit what was there all through the rise
window, beside all that the others may still be drawing.
"""

from array import array

from micropython import const

from .. import records
from .base_load import EvCt, later
from .breaker import Budget
from .demand import want_ma
from .following import Following
from .limits import Limits, cap, name_of_cap
from .pacing import HOLD_MAS, RESUME_MARGIN_MA, RISE_MA, Pacer
from .sharing import Sharing
from .turns import Turns

_GOOD_TO_START = const(2)
_IDLE_MARGIN_MA = const(4000)


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
        zeros = [0] * len(states)
        self.limits = Limits(legs, breaker_ma, derate_pct, rise_window_ms, group_ma)
        self.budget = Budget(legs, breaker_ma)
        self.base_ma = array("i", [0] * legs)
        self.states = states
        self.allocations = [records.Allocation(state.fallback_ma) for state in states]
        self.ev_source = ev_source
        self.ev = (
            EvCt(legs, states)
            if ev_source == records.EV_CT
            else Following(legs, states, dead_time_ms, ev_source == records.EV_REGISTER)
        )
        uses = [self.limits.uses(state) for state in states]
        self._sharing = Sharing(states, self.limits.lines, uses)
        self._turns = Turns(states)
        hold_mas = 0 if conservative else HOLD_MAS
        self._pacers = [Pacer(dead_time_ms, rise_window_ms, hold_mas) for _ in states]
        self._rooms = array("i", zeros)
        self._proven = array("i", zeros)
        self._told_ma = array("i", zeros)
        self._excess_ma = array("i", zeros)
        self._free_ma = array("i", self.limits.headroom_ma)
        self._reserved_ma = array("i", self.limits.headroom_ma)
        self._committed_ma = array("i", self.limits.headroom_ma)
        self._delay_ms = start_delay_ms
        self._good_windows = 0

    def step(self, reading, elapsed_ms, blind_ms):
        """Decide on a window's reading, or on its absence.

        elapsed_ms  since the last step or surge
        blind_ms    age of the newest good window; beyond records.STALE_MS `reading` isn't used
        """
        self._delay_ms = max(0, self._delay_ms - elapsed_ms)
        if blind_ms > records.STALE_MS:
            self._good_windows = 0
            self._fall_back(elapsed_ms)
            return
        self._good_windows = min(self._good_windows + 1, _GOOD_TO_START) if reading.good else 0
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

    def _decide(self, elapsed_ms, proof):
        self.limits.update(self.base_ma)
        for i in range(len(self.states)):
            self._take_seat(i, elapsed_ms, proof)
        self._turns.sort(self._sharing.order)
        short = self._divide()
        used_up = self.budget.used_up()
        for i in range(len(self.states)):
            self._lower(i, elapsed_ms, short, used_up, proof)
        if proof:
            self._raise_all()

    # -- who takes part, with what

    def _take_seat(self, i, elapsed_ms, proof):
        state = self.states[i]
        allocation = self.allocations[i]
        pacer = self._pacers[i]
        sharing = self._sharing
        allocation.since_ms = later(allocation.since_ms, elapsed_ms)
        pacer.wait(elapsed_ms, state.car)
        if state.offer_ma >= 0:
            self._told_ma[i] = state.offer_ma
        if not allocation.ready and proof and state.online:
            self._make_ready(allocation, state, pacer)
        allocation.fresh = allocation.ready
        draw_ma = self.ev.draw_ma[i]
        if allocation.ma == 0:
            self._turns.spend(i, 0, elapsed_ms)
        else:
            self._turns.spend(i, draw_ma if draw_ma >= 0 else allocation.ma, elapsed_ms)
        cap_ma = cap(state)
        asks = allocation.ready and state.online and state.car and cap_ma > 0
        asks = asks and (allocation.ma > 0 or self._may_start(i, state))
        sharing.minimums[i] = state.min_ma if asks else 0
        sharing.caps[i] = cap_ma
        pacer.watch_lag(allocation.ma, draw_ma)
        settled = pacer.settling_ms() == 0
        sharing.wants[i] = want_ma(state, cap_ma, draw_ma, allocation.ma, settled)

    def _make_ready(self, allocation, state, pacer):
        """Safe start: two good windows and an answer from the charger, then the minimum first."""
        allocation.ready = True
        ma = 0 if self._delay_ms or allocation.ma < state.min_ma else state.min_ma
        pacer.begin(allocation, ma)

    def _may_start(self, i, state):
        """Would the minimum have fitted for long enough, beside what is running?"""
        pacer = self._pacers[i]
        if pacer.pause_left_ms or self._delay_ms or self.limits.missing_ms:
            return False
        horizon_ma = self.limits.lasting_ma if pacer.pauses else self.limits.proven_ma
        for line in range(self.limits.lines):
            margin_ma = RESUME_MARGIN_MA if line < self.limits.legs else 0
            if self._sharing.uses[i] >> line & 1:
                if horizon_ma[line] - self._reserved_ma[line] < state.min_ma + margin_ma:
                    return False
        return True

    # -- what fits

    def _divide(self):
        """Fill `_rooms`; True if the house leaves too little for those that are running."""
        sharing = self._sharing
        self._reserve()
        self._less_reserved(self.limits.headroom_ma)
        sharing.divide(self._free_ma, self._rooms)
        short = self._somebody_out(self._rooms) and self._short_of_room()
        self._name_limits()
        for i in range(len(self.states)):
            if self.states[i].online and not self.states[i].car:
                self._seat_idle(i)
        return short

    def _short_of_room(self):
        """Somebody running has no room. Is it the house, or has somebody else got his turn?"""
        sharing = self._sharing
        for i in range(len(self.states)):
            if self.allocations[i].ma == 0:
                sharing.minimums[i] = 0
        sharing.place(self._free_ma, self._proven)
        if not self._somebody_out(self._proven):
            return False
        self._hold_minimums()
        return True

    def _hold_minimums(self):
        """Nobody starts, and nobody has more than his minimum beside one that is held at his."""
        sharing = self._sharing
        sharing.place(self._free_ma, self._rooms)
        for i in range(len(self.states)):
            if self._rooms[i] == 0 and sharing.minimums[i]:
                self._excess_ma[i] = self._excess(i)
                self._add(sharing.left_ma, i, -sharing.minimums[i])
        sharing.fill(self._rooms)

    def _excess(self, i):
        """By how much its minimum exceeds what the others leave of its tightest line."""
        left_ma = self._sharing.left_ma
        line = self._least_left(i, left_ma)
        free_ma = min(left_ma[line], self._free_ma[line])  # below 0: the house alone is above
        return self.states[i].min_ma - free_ma

    def _somebody_out(self, rooms):
        for i in range(len(rooms)):
            if rooms[i] == 0 and self._sharing.minimums[i] and self.allocations[i].ma:
                return True
        return False

    def _reserve(self):
        """Who doesn't answer may go on with what it was last told, a new one with its fallback."""
        reserved_ma = self._reserved_ma
        for line in range(self.limits.lines):
            reserved_ma[line] = 0
        for i in range(len(self.states)):
            if not (self.states[i].online and self.allocations[i].ready):
                ma = max(self._told_ma[i], self.allocations[i].ma)
                self._add(reserved_ma, i, ma)

    def _add(self, lines_ma, i, ma):
        uses = self._sharing.uses[i]
        for line in range(self.limits.lines):
            if uses >> line & 1:
                lines_ma[line] += ma

    def _less_reserved(self, headroom_ma):
        for line in range(self.limits.lines):
            self._free_ma[line] = headroom_ma[line] - self._reserved_ma[line]

    def _least_left(self, i, lines_ma):
        """Of the lines that charger i loads, the one with the least in `lines_ma`."""
        uses = self._sharing.uses[i]
        least = -1
        for line in range(self.limits.lines):
            if uses >> line & 1 and (least < 0 or lines_ma[line] < lines_ma[least]):
                least = line
        return least

    def _seat_idle(self, i):
        """No car: the minimum, if nobody else wants it, so that a car can start at once."""
        sharing = self._sharing
        need_ma = self.states[i].min_ma
        margin_ma = 0 if self.allocations[i].ma else _IDLE_MARGIN_MA
        left_ma = sharing.left_ma[self._least_left(i, sharing.left_ma)]
        may = self.allocations[i].ready and sharing.caps[i] > 0
        if may and left_ma >= need_ma + margin_ma:
            self._rooms[i] = need_ma
            self._add(sharing.left_ma, i, -need_ma)

    def _name_limits(self):
        """Say for each charger which limit its room comes from."""
        sharing = self._sharing
        for i in range(len(self.states)):
            allocation = self.allocations[i]
            room_ma = self._rooms[i]
            allocation.room_ma = room_ma
            if room_ma >= sharing.caps[i]:
                allocation.limit = name_of_cap(self.states[i])
                continue
            line = self._least_left(i, sharing.left_ma)
            allocation.limit = self.limits.name_of_line(line)
            if line < self.limits.legs and 0 < room_ma < self._free_ma[line]:
                allocation.limit = records.BY_SHARE

    # -- the pace

    def _lower(self, i, elapsed_ms, short, used_up, proof):
        state = self.states[i]
        allocation = self.allocations[i]
        pacer = self._pacers[i]
        if not allocation.ready:
            return
        room_ma = allocation.room_ma = self._rooms[i]
        allocation.wait_ms = 0
        if not state.online:
            pacer.change(allocation, min(allocation.ma, state.min_ma), records.OFFLINE)
        elif not state.car:
            idle_ma = room_ma if proof else min(room_ma, allocation.ma)
            pacer.change(allocation, idle_ma, records.NO_CAR)
        elif self._sharing.caps[i] == 0:
            pacer.change(allocation, 0, records.PAUSED)
        elif allocation.ma == 0:
            self._tell_why_waiting(i, allocation, pacer)
        elif room_ma == 0 and short:
            pacer.hold(allocation, state, self._excess_ma[i], elapsed_ms, used_up)
        elif room_ma == 0:
            pacer.change(allocation, 0, records.WAITING_TURN)
        else:
            pacer.recover(elapsed_ms)
            if room_ma < allocation.ma:
                pacer.fall(allocation, state)

    def _tell_why_waiting(self, i, allocation, pacer):
        allocation.wait_ms = max(pacer.pause_left_ms, self._delay_ms, self.limits.missing_ms)
        reason = records.PAUSED
        if self._delay_ms:
            reason = records.DELAYED
        elif pacer.pause_left_ms == 0:
            line = self._least_left(i, self._free_ma)
            need_ma = self.states[i].min_ma + RESUME_MARGIN_MA
            if self._sharing.minimums[i] and allocation.room_ma == 0:
                reason = records.WAITING_TURN
            elif self._free_ma[line] >= need_ma:
                reason = records.SETTLING
        pacer.change(allocation, 0, reason)

    def _raise_all(self):
        limits = self.limits
        self._commit()
        self._less_reserved(limits.proven_ma)
        if self._somebody_may_rise():
            self._sharing.divide(self._free_ma, self._proven)
        for line in range(limits.lines):
            self._free_ma[line] -= self._committed_ma[line]
        for i in range(len(self.states)):
            self._raise(i)

    def _raise(self, i):
        state = self.states[i]
        allocation = self.allocations[i]
        if not (allocation.ready and state.online and state.car and allocation.room_ma):
            return
        pacer = self._pacers[i]
        free_ma = self._free_ma[self._least_left(i, self._free_ma)]
        if allocation.ma == 0:
            if free_ma >= state.min_ma:
                pacer.change(allocation, state.min_ma, records.RISING)
                self._add(self._free_ma, i, -state.min_ma)
        elif allocation.room_ma >= allocation.ma:
            proven_ma = min(self._proven[i], allocation.ma + max(0, free_ma))
            more_ma = pacer.rise(allocation, proven_ma, self.limits.missing_ms)
            self._add(self._free_ma, i, -more_ma)

    def _somebody_may_rise(self):
        for i in range(len(self.states)):
            allocation = self.allocations[i]
            if allocation.ma and allocation.room_ma - allocation.ma >= RISE_MA:
                if self._pacers[i].settling_ms() == 0:
                    return True
        return False

    def _commit(self):
        """What the cars may still be drawing: a rise must fit beside it."""
        for line in range(self.limits.lines):
            self._committed_ma[line] = 0
        for i in range(len(self.states)):
            if self.states[i].online:
                ma = self._pacers[i].committed_ma(self.allocations[i], self._told_ma[i])
                self._add(self._committed_ma, i, ma)

    def _fall_back(self, elapsed_ms):
        self.limits.forget_proof()
        for i in range(len(self.states)):
            allocation = self.allocations[i]
            allocation.since_ms = later(allocation.since_ms, elapsed_ms)
            allocation.ready = True
            allocation.fresh = False
            allocation.wait_ms = 0
            self._pacers[i].wait(elapsed_ms, True)
            ma = min(allocation.ma, self.states[i].fallback_ma)
            self._pacers[i].change(allocation, ma, records.BLIND)
