"""Base load without an EV CT: the cars' current from their registers, or from our own steps.

Register: the charger's current belongs to the mains value of the moment when it was read, so the
history of mains is kept. Between two reads, and for a charger without a register, the car is
followed by one rule: for as long as a car may take to answer a new offer, a change of mains
towards that offer is the car's, up to the offer. All else is the house's.

An estimate can be wrong and a register may lie, but both are bounded: EV is never taken for more
than the charger may be drawing, and a report that is too old counts as none. So base + allowed is
never less than mains, and a leg that is really above its limit always lowers the offers.
After a step of 2 A or more that mains answered with half of it or more, the car is known to
follow its offer (to draw 15/16 of it, cars draw some 95 %): that ends any drift.
"""

from array import array

import micropython
from micropython import const

from .. import records
from . import following_kernel as kernel
from .base_load import REPORT_MS, largest

_LEGS = const(3)
_HISTORY = const(16)  # windows of 200 ms: a report may be 3 s old
_WINDOW_MS = const(200)
_LONGEST_MS = 1 << 28


class Following:
    """Follows every car of `states` on `legs` legs; `lag_ms` is the longest that a car takes.

    measured  use the chargers' registers where they have one
    may_ma    what each charger may be drawing, kept up to date by the controller
    beyond_ma 0, never doubted: nothing but the registers tells what the cars draw
    ev_ma     charger i on leg l: ev_ma[3 * i + l]
    """

    def __init__(self, legs, states, lag_ms, measured, may_ma):
        count = len(states)
        self._legs = legs
        self._states = states
        self._lag_ms = lag_ms
        self._measured = measured
        self._may_ma = may_ma
        self.beyond_ma = 0
        self.doubted = False
        self.ev_ma = array("i", [0] * (_LEGS * count))
        self._total_ma = array("i", [0] * _LEGS)
        self._told_ma = array("i", [0] * count)
        self._before_ma = array("i", [0] * count)
        self._still_ms = array("i", [_LONGEST_MS] * count)
        self._age_ms = array("i", [0] * count)
        self._charging = [False] * count
        self._moves = array("i", [0] * count)
        self._uses = array("i", [sum(1 << leg for leg in state.legs) for state in states])
        self._at_step_ma = array("i", [0] * (_LEGS * count))
        self._moved_ma = array("i", [kernel.ZERO] * _LEGS)
        self._was_ma = array("i", [0] * _LEGS)
        self._since_ma = array("i", [kernel.ZERO] * _LEGS)
        self._history = array("i", [0] * (_LEGS * _HISTORY))
        self._now = 0

    def base(self, reading, base_ma):
        """Fill `base_ma`, one per leg, never negative."""
        for leg in range(self._legs):
            ma = reading.leg_ma[leg] - self._total_ma[leg]
            base_ma[leg] = ma if ma > 0 else 0

    def draw_ma(self, i, elapsed_ms):
        """What the car of charger i draws, by its own register; -1 if it has none."""
        return largest(self._states[i].reported_ma) if self._reports(i) else -1

    def _reports(self, i):
        state = self._states[i]
        return self._measured and state.reported_ma[0] >= 0 and state.reported_age_ms < REPORT_MS

    def source(self, i):
        """What tells the current of charger i."""
        return records.EV_REGISTER if self._reports(i) else records.EV_ESTIMATE

    def age_ms(self, i):
        """How old that is: the report, or the step that the estimate was learned from."""
        if self.source(i) == records.EV_REGISTER:
            return self._states[i].reported_age_ms
        return self._still_ms[i]

    @micropython.native
    def update(self, reading, elapsed_ms):
        """Follow every car through this window."""
        history = self._history
        last = self._now
        self._now = now = (last + 1) % _HISTORY
        for leg in range(self._legs):
            ma = reading.leg_ma[leg]
            history[now * _LEGS + leg] = ma
            self._moved_ma[leg] = kernel.ZERO + ma - history[last * _LEGS + leg]
        count = len(self._states)
        judge = False
        for i in range(count):
            judge = self._look(i, self._states[i], elapsed_ms) or judge
        self._move(0, count, self._moved_ma)
        if judge:
            kernel.judge(
                count,
                self._uses,
                self._told_ma,
                self._before_ma,
                self._moves,
                self._at_step_ma,
                history,
                now * _LEGS,
                self.ev_ma,
            )
        kernel.bound(count, self.ev_ma, self._may_ma)
        kernel.total_legs(count, self.ev_ma, self._total_ma)

    @micropython.native
    def _look(self, i, state, elapsed_ms):
        """Will car i move in this window? True if that is its last chance to answer a step."""
        charging = state.charging
        told_ma = state.offer_ma
        was_told_ma = self._told_ma[i]
        if (told_ma >= 0 and told_ma != was_told_ma) or charging != self._charging[i]:
            self._notice(i, told_ma if told_ma >= 0 else was_told_ma, charging)
        age_ms = state.reported_age_ms
        still_ms = self._still_ms[i]
        reports = self._reports(i)
        move = 0
        if state.online and not charging:
            self._set(i, 0)
        elif reports and age_ms < self._age_ms[i]:
            self._take_report(i, state, age_ms)
        elif still_ms <= self._lag_ms:
            move = 1 if reports or still_ms + elapsed_ms <= self._lag_ms else kernel.LAST_MOVE
        self._moves[i] = move
        if still_ms < _LONGEST_MS:
            self._still_ms[i] = still_ms + elapsed_ms
        if age_ms < _LONGEST_MS:
            age_ms += elapsed_ms
        state.reported_age_ms = self._age_ms[i] = age_ms
        return move == kernel.LAST_MOVE

    @micropython.native
    def _notice(self, i, told_ma, charging):
        """A new offer was acknowledged, or the car began to draw: it may move from now on."""
        self._before_ma[i] = self._told_ma[i] if self._charging[i] else 0
        self._told_ma[i] = told_ma
        self._charging[i] = charging
        self._still_ms[i] = 0
        if self._reports(i):
            self._before_ma[i] = told_ma  # nothing to judge: its register tells
            return
        history = self._history
        at_step_ma = self._at_step_ma
        at = _LEGS * i
        now = _LEGS * self._now
        for leg in range(self._legs):
            at_step_ma[at + leg] = history[now + leg]

    @micropython.native
    def _take_report(self, i, state, age_ms):
        """What it drew when it was read, moved by what mains has done since; no other's then."""
        back = min(age_ms // _WINDOW_MS, _HISTORY - 1)
        then = (self._now - back) % _HISTORY
        was_ma = self._was_ma
        for leg in state.legs:
            was_ma[leg] = self.ev_ma[_LEGS * i + leg]
        for phase in range(len(state.legs)):
            shared = self._legs < _LEGS or state.reported_ma[phase] < 0
            ma = state.reported_ma[0 if shared else phase]
            if phase > 0 and self._legs == _LEGS and state.reported_ma[phase] < 0:
                ma = 0  # unknown: then it counts as the house's
            if ma > self._may_ma[i]:
                ma = self._may_ma[i]
            self.ev_ma[_LEGS * i + state.legs[phase]] = ma
        if back and self._still_ms[i] <= self._lag_ms:
            for leg in range(self._legs):
                now_ma = self._history[self._now * _LEGS + leg]
                self._since_ma[leg] = kernel.ZERO + now_ma - self._history[then * _LEGS + leg]
            self._moves[i] = 1
            self._move(i, i + 1, self._since_ma)
        kernel.claim(i, self._uses, was_ma, self.ev_ma, self._moved_ma)

    def _move(self, first, end, moved_ma):
        """Give the cars that may move what moved towards their offers; nobody else has it then."""
        kernel.follow(
            first, end, self._legs, self._uses, self._told_ma, self._moves, self.ev_ma, moved_ma
        )

    @micropython.native
    def _set(self, i, ma):
        for leg in range(self._legs):
            self.ev_ma[_LEGS * i + leg] = ma
