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

from micropython import const

from .. import records

_LEGS = const(3)
_HISTORY = const(16)  # windows of 200 ms: a report may be 3 s old
_WINDOW_MS = const(200)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_STEP_MA = const(2000)
_STILL = const(0)  # what a car does in a window: nothing,
_MOVES = const(1)  # it may follow its last offer,
_LAST_MOVE = const(2)  # it may do so for the last time, and is judged by what it did


class _Car:
    """The car of a row: `ev_ma` of each leg is what it is taken to draw.

    told_ma      the offer that it follows, before_ma: the one before
    still_ms     for how long it has had that
    at_step_ma   mains of each leg when it came
    """

    def __init__(self, row):
        self.row = row
        self.ev_ma = array("i", [0] * _LEGS)
        self.at_step_ma = array("i", [0] * _LEGS)
        self.told_ma = self.before_ma = 0
        self.still_ms = _FOREVER_MS
        self.charging = False
        self.move = _STILL
        self.age_ms = 0  # of its report, when last looked at

    def follow(self, legs, moved_ma):
        """Take of what its legs have moved what leads to its offer; nobody else has it then.

        Between two legs both move alike.
        """
        on = self.row.state.legs
        pair = legs == 2 and len(on) == 2
        up_ma = min(moved_ma[0], moved_ma[1])
        down_ma = max(moved_ma[0], moved_ma[1])
        for leg in on:
            if not pair:
                up_ma = down_ma = moved_ma[leg]
            step_ma = self.told_ma - self.ev_ma[leg]
            step_ma = max(0, min(up_ma, step_ma)) if step_ma > 0 else min(0, max(down_ma, step_ma))
            self.ev_ma[leg] += step_ma
            moved_ma[leg] -= step_ma

    def claim(self, leg, was_ma, moved_ma):
        """On a leg it is known to have gone from what it was: that part of `moved_ma` was its."""
        change_ma = self.ev_ma[leg] - was_ma
        ma = moved_ma[leg]
        moved_ma[leg] -= max(0, min(change_ma, ma)) if ma > 0 else min(0, max(change_ma, ma))

    def judge(self, leg, leg_ma):
        """Its time for an answer is over: did mains show half of the step? Then it follows."""
        told_ma = self.told_ma
        asked_ma = told_ma - self.before_ma
        answer_ma = leg_ma - self.at_step_ma[leg]
        if asked_ma < 0:
            asked_ma, answer_ma = -asked_ma, -answer_ma
        ma = self.ev_ma[leg]
        if asked_ma >= _STEP_MA and 2 * answer_ma >= asked_ma:
            ma = max(ma, told_ma * 15 // 16)
        self.ev_ma[leg] = min(ma, told_ma)


class Following:
    """Follows the car of every row on `legs` legs; `lag_ms` is the longest that one takes.

    measured   use the chargers' registers where they have one
    beyond_ma  0, never doubted: nothing but the registers tells what the cars draw
    """

    def __init__(self, legs, rows, lag_ms, measured):
        self._legs = legs
        self._lag_ms = lag_ms
        self._measured = measured
        self._cars = [_Car(row) for row in rows]
        self.beyond_ma = 0
        self.doubted = False
        self._total_ma = array("i", [0] * _LEGS)
        self._moved_ma = array("i", [0] * _LEGS)
        self._since_ma = array("i", [0] * _LEGS)
        self._was_ma = array("i", [0] * _LEGS)
        self._history = array("i", [0] * (_LEGS * _HISTORY))
        self._now = 0

    def base(self, reading, base_ma):
        """Fill `base_ma`, one per leg, never negative."""
        for leg in range(self._legs):
            base_ma[leg] = max(0, reading.leg_ma[leg] - self._total_ma[leg])

    def look(self):
        """Set `draw_ma` of every row: what its own register says."""
        for car in self._cars:
            car.row.draw_ma = car.row.report_ma if self._reports(car) else -1

    def source(self, i):
        """What tells the current of charger i."""
        return records.EV_REGISTER if self._reports(self._cars[i]) else records.EV_ESTIMATE

    def age_ms(self, i):
        """How old that is: the report, or the step that the estimate was learned from."""
        car = self._cars[i]
        return car.row.state.reported_age_ms if self._reports(car) else car.still_ms

    def _reports(self, car):
        return (
            self._measured
            and car.row.state.reported_ma[0] >= 0
            and car.row.latest_report_ma() >= 0
        )

    def update(self, reading, elapsed_ms):
        """Follow every car through this window."""
        history = self._history
        moved_ma = self._moved_ma
        last = self._now
        self._now = now = (last + 1) % _HISTORY
        for leg in range(self._legs):
            ma = reading.leg_ma[leg]
            history[now * _LEGS + leg] = ma
            moved_ma[leg] = ma - history[last * _LEGS + leg]
        for car in self._cars:
            self._look_at(car, elapsed_ms)
        for car in self._cars:
            if car.move:
                car.follow(self._legs, moved_ma)
        for leg in range(_LEGS):
            self._total_ma[leg] = 0
        for car in self._cars:
            for leg in car.row.state.legs:
                if car.move == _LAST_MOVE:
                    car.judge(leg, history[now * _LEGS + leg])
                car.ev_ma[leg] = min(car.ev_ma[leg], car.row.may_draw_ma)
                self._total_ma[leg] += car.ev_ma[leg]

    def _look_at(self, car, elapsed_ms):
        """Will a car move in this window?"""
        state = car.row.state
        told_ma = state.offer_ma if state.offer_ma >= 0 else car.told_ma
        if told_ma != car.told_ma or state.charging != car.charging:
            self._notice(car, told_ma)
        reports = self._reports(car)
        car.move = _STILL
        if state.online and not state.charging:
            for leg in range(_LEGS):
                car.ev_ma[leg] = 0
        elif reports and state.reported_age_ms <= car.age_ms:  # it grew no older: a new one
            self._take_report(car)
        elif car.still_ms <= self._lag_ms:
            last = car.still_ms + elapsed_ms > self._lag_ms and not reports
            car.move = _LAST_MOVE if last else _MOVES
        car.age_ms = state.reported_age_ms
        car.still_ms = min(car.still_ms + elapsed_ms, _FOREVER_MS)

    def _notice(self, car, told_ma):
        """A new offer was acknowledged, or the car began to draw: it may move from now on."""
        car.before_ma = car.told_ma if car.charging else 0
        car.told_ma = told_ma
        car.charging = car.row.state.charging
        car.still_ms = 0
        if self._reports(car):
            car.before_ma = told_ma  # nothing to judge: its register tells
        for leg in range(self._legs):
            car.at_step_ma[leg] = self._history[_LEGS * self._now + leg]

    def _take_report(self, car):
        """What it drew when it was read, moved by what mains has done since; no other's then."""
        state = car.row.state
        back = min(state.reported_age_ms // _WINDOW_MS, _HISTORY - 1)
        then = (self._now - back) % _HISTORY
        was_ma = self._was_ma
        for phase in range(len(state.legs)):
            leg = state.legs[phase]
            was_ma[leg] = car.ev_ma[leg]
            alike = phase == 0 or self._legs < _LEGS
            ma = state.reported_ma[0] if alike else max(0, state.reported_ma[phase])
            car.ev_ma[leg] = min(ma, car.row.may_draw_ma)
        if back and car.still_ms <= self._lag_ms:
            since_ma = self._since_ma
            for leg in range(self._legs):
                now_ma = self._history[self._now * _LEGS + leg]
                since_ma[leg] = now_ma - self._history[then * _LEGS + leg]
            car.follow(self._legs, since_ma)
        for leg in state.legs:
            car.claim(leg, was_ma[leg], self._moved_ma)
