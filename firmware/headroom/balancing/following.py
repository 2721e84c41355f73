"""Base load without an EV CT: the cars' current from their registers, or from our own steps.

Register: the charger's current belongs to the mains value of the moment when it was read, so the
history of mains is kept. Between two reads, and for a charger without a register, the car is
followed by one rule: for as long as a car may take to answer a new offer, a change of mains
towards that offer is the car's, up to the offer. All else is the house's.

An estimate can be wrong, but it is bounded: EV is never taken for more than was offered, so
`base + offers >= mains`, and a leg that is really above its limit always lowers the offers.
After a step of 2 A or more that mains answered with half of it or more, the car is known to
follow its offer (to draw 15/16 of it, cars draw some 95 %): that ends any drift.
"""

from array import array

from micropython import const

from .. import records
from .base_load import largest, later

_LEGS = const(3)
_HISTORY = const(16)  # windows of 200 ms: a report may be 3 s old
_WINDOW_MS = const(200)
_STEP_MA = const(2000)
_STILL_MS = const(1 << 28)


class Following:
    """Follows every car of `states` on `legs` legs; `lag_ms` is the longest that a car takes.

    measured  use the chargers' registers where they have one
    ev_ma     charger i on leg l: ev_ma[3 * i + l]
    """

    def __init__(self, legs, states, lag_ms, measured):
        count = len(states)
        self._legs = legs
        self._states = states
        self._lag_ms = lag_ms
        self._measured = measured
        self.ev_ma = array("i", [0] * (_LEGS * count))
        self._total_ma = array("i", [0] * _LEGS)
        self._told_ma = array("i", [-1] * count)
        self._before_ma = array("i", [-1] * count)
        self._still_ms = array("i", [_STILL_MS] * count)
        self._age_ms = array("i", [0] * count)
        self._charging = [False] * count
        self._at_step_ma = array("i", [0] * (_LEGS * count))
        self._moved_ma = array("i", [0] * _LEGS)
        self._history = array("i", [0] * (_LEGS * _HISTORY))
        self._now = 0

    def base(self, reading, base_ma):
        """Fill `base_ma`, one per leg, never negative."""
        for leg in range(self._legs):
            ma = reading.leg_ma[leg] - self._total_ma[leg]
            base_ma[leg] = ma if ma > 0 else 0

    def draw_ma(self, i, elapsed_ms):
        """What the car of charger i draws, by its own register; -1 if it has none."""
        return largest(self._states[i].reported_ma) if self._measured else -1

    def source(self, i):
        """What tells the current of charger i."""
        measured = self._measured and self._states[i].reported_ma[0] >= 0
        return records.EV_REGISTER if measured else records.EV_ESTIMATE

    def age_ms(self, i):
        """How old that is: the report, or the step that the estimate was learned from."""
        if self.source(i) == records.EV_REGISTER:
            return self._states[i].reported_age_ms
        return self._still_ms[i]

    def update(self, reading, elapsed_ms):
        """Follow every car through this window."""
        last = self._now
        self._now = (last + 1) % _HISTORY
        for leg in range(self._legs):
            ma = reading.leg_ma[leg]
            self._history[self._now * _LEGS + leg] = ma
            self._moved_ma[leg] = ma - self._history[last * _LEGS + leg]
            self._total_ma[leg] = 0
        for i in range(len(self._states)):
            self._follow(i, self._states[i], elapsed_ms)
            for leg in range(self._legs):
                self._total_ma[leg] += self.ev_ma[_LEGS * i + leg]

    def _follow(self, i, state, elapsed_ms):
        self._notice(i, state)
        age_ms = state.reported_age_ms
        reports = self._measured and state.reported_ma[0] >= 0
        if state.online and not state.charging:
            self._set(i, 0)
        elif reports and age_ms < self._age_ms[i]:
            self._take_report(i, state, age_ms)
        elif self._still_ms[i] <= self._lag_ms:
            self._move(i, state)
            if self._still_ms[i] + elapsed_ms > self._lag_ms and not reports:
                self._judge_step(i, state)
        self._still_ms[i] = later(self._still_ms[i], elapsed_ms)
        state.reported_age_ms = self._age_ms[i] = later(age_ms, elapsed_ms)

    def _notice(self, i, state):
        """A new offer was acknowledged, or the car began to draw: it may move from now on."""
        told_ma = state.offer_ma if state.offer_ma >= 0 else self._told_ma[i]
        if told_ma != self._told_ma[i] or state.charging != self._charging[i]:
            self._before_ma[i] = self._told_ma[i] if self._charging[i] else 0
            self._told_ma[i] = told_ma
            self._charging[i] = state.charging
            self._still_ms[i] = 0
            for leg in range(self._legs):
                self._at_step_ma[_LEGS * i + leg] = self._history[self._now * _LEGS + leg]

    def _take_report(self, i, state, age_ms):
        """What it drew when it was read, moved by what mains has done since."""
        back = min(age_ms // _WINDOW_MS, _HISTORY - 1)
        then = (self._now - back) % _HISTORY
        for leg in range(self._legs):
            self._moved_ma[leg] = (
                self._history[self._now * _LEGS + leg] - self._history[then * _LEGS + leg]
            )
        for phase in range(len(state.legs)):
            shared = self._legs < _LEGS or state.reported_ma[phase] < 0
            ma = state.reported_ma[0 if shared else phase]
            if phase > 0 and self._legs == _LEGS and state.reported_ma[phase] < 0:
                ma = 0  # unknown: then it counts as the house's
            self.ev_ma[_LEGS * i + state.legs[phase]] = ma
        if self._still_ms[i] <= self._lag_ms:
            self._move(i, state)

    def _move(self, i, state):
        """Give the car what moved towards its offer; between two legs both move alike."""
        if self._legs == 2 and len(state.legs) == 2:
            ma = _nearer_to_zero(self._moved_ma[0], self._moved_ma[1])
            self._step(i, 0, ma)
            self._step(i, 1, ma)
        else:
            for leg in state.legs:
                self._step(i, leg, self._moved_ma[leg])

    def _step(self, i, leg, moved_ma):
        at = _LEGS * i + leg
        gap_ma = self._told_ma[i] - self.ev_ma[at]
        ma = _nearer_to_zero(moved_ma, gap_ma)
        self.ev_ma[at] += ma
        self._moved_ma[leg] -= ma  # nobody else's then

    def _judge_step(self, i, state):
        """The time for an answer is over: did the car follow?"""
        told_ma = self._told_ma[i]
        asked_ma = told_ma - self._before_ma[i]
        for leg in state.legs:
            at = _LEGS * i + leg
            answer_ma = self._history[self._now * _LEGS + leg] - self._at_step_ma[at]
            if abs(asked_ma) >= _STEP_MA and 2 * _nearer_to_zero(answer_ma, asked_ma) * (
                1 if asked_ma > 0 else -1
            ) >= abs(asked_ma):
                self.ev_ma[at] = max(self.ev_ma[at], told_ma * 15 // 16)
            self.ev_ma[at] = min(self.ev_ma[at], told_ma)

    def _set(self, i, ma):
        for leg in range(self._legs):
            self.ev_ma[_LEGS * i + leg] = ma


def _nearer_to_zero(a, b):
    """The smaller of two changes in one direction, 0 if they go against each other."""
    if a > 0 and b > 0:
        return a if a < b else b
    if a < 0 and b < 0:
        return a if a > b else b
    return 0
