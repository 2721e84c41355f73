"""The second observer: knows nothing of the controller, feeds the watchdog, and can overrule.

It watches two things. Every task must show a beat in time: if one is late the watchdog is no
longer fed and the chip resets. And no leg, by what is measured, and no group, by what its chargers
may hold, may stay above its breaker's rating In:

    fill = integral of ((I / In)^2 - 1.05^2) dt, never below 0; used up at 12 s

| I / In                             | 1.05  | 1.1   | 1.2  | 1.3  | 1.5    | 2     | 3     |
|------------------------------------|-------|-------|------|------|--------|-------|-------|
| controller: its integral to 9 s    | never | 84 s  | 27 s | 15 s | 7.8 s  | 3.1 s | 1 s   |
| supervisor: so it never comes first| never | 112 s | 36 s | 20 s | 10.5 s | 4.1 s | 1.5 s |
| a fast breaker, hot, trips         | never | never | 60 s | 31 s | 15 s   | 5.8 s | 2.1 s |

IEC 60898 lets 1.13 In flow for an hour and trips 1.45 In within one; UL 489 trips 1.35 In within
one or two hours, 2 In within 2 to 8 minutes, and names no shortest time. The last line is a
bimetal that holds 1.13 In and has come from 1 In, with a time constant of 60 s. A car takes some
5 s to follow, so up to 1.4 In the chargers are down before such a breaker trips. Up to 1.05 In
is the breaker's own business: it carries that for hours.

Whatever it finds ends in `tripped`, a sentence; the bus then keeps every charger at its fallback
at most, and is silent only before a restart.
It says nothing where that would change nothing: every charger there has its fallback already.
After a minute of calm the controller begins anew. The third trip within an hour stays until a
person has looked; a restart forgets it, for that ends in the fallback as well.
"""

from array import array

from micropython import const

_USED_UP = const(12_000_000)  # 12 s in units of (I / In)^2 / 1000 x ms
_TOLERATED = const(1102)  # 1.05^2 in thousandths
_CALM_MS = const(60_000)
_LONGEST_MS = const(10_000)
_HOUR_MS = const(3_600_000)
_REPORT_MS = const(10_000)  # what a charger said of its current is believed for so long
_LATCHED = "; the third time within an hour: 'resume' lets the chargers charge again"


class Supervisor:
    """Sees that the meter works; `tripped` says why it doesn't, `dead` that it can't recover,
    `latched` that a person must look.

    `names` and `deadlines_ms` of the tasks that must beat; the rating of the panel's main breaker
    and of each group's, 0 for none; `states` (ChargerState) of the chargers; whether an `ev_ct`
    sees what they draw: then one that was never heard is taken for no more than its fallback."""

    def __init__(
        self, names, deadlines_ms, legs, breaker_ma, group_ma, states, watchdog, ev_ct=False
    ):
        self.tripped = ""
        self.dead = False
        self.latched = False
        self.deadlines_ms = deadlines_ms
        self._names = names
        self._quiet_ms = array("i", [0] * len(names))
        self._legs = legs
        self._ratings_ma = array("i", [breaker_ma] * legs + list(group_ma))
        self._fill = array("i", [0] * len(self._ratings_ma))
        self._states = states
        self._heard = 0 if ev_ct else -1  # a bit for each charger that has acknowledged a current
        self._calm_ms = 0
        self._last_trip_ms = self._trip_before_ms = _HOUR_MS  # ago
        self._watchdog = watchdog

    def beat(self, task):
        """The task of that number has done a round of its work."""
        self._quiet_ms[task] = 0

    def trip(self, why):
        """Something is wrong beyond repair: fallback, and no more food for the watchdog."""
        if not self.dead:
            self.tripped = why
        self.dead = True

    def resume(self):
        """A person has looked; False if there was nothing to look at."""
        latched, self.latched = self.latched, False
        if latched and not self.dead:
            self.tripped = self.tripped[: -len(_LATCHED)]  # until it is calm
        self._last_trip_ms = self._trip_before_ms = _HOUR_MS
        return latched

    def check(self, elapsed_ms):
        """Look at all beats and groups; feed the watchdog only if every beat is in time."""
        for task in range(len(self._names)):
            quiet_ms = min(self._quiet_ms[task] + elapsed_ms, 1 << 28)
            self._quiet_ms[task] = quiet_ms
            if quiet_ms > self.deadlines_ms[task] and not self.dead:
                self.trip("task '%s' has hung" % self._names[task])
        elapsed_ms = min(elapsed_ms, _LONGEST_MS)
        for line in range(self._legs, len(self._ratings_ma)):
            if self._ratings_ma[line]:
                self._account(line, self._may_flow_ma(line), elapsed_ms)
        self._rest(elapsed_ms)
        if not self.dead:
            self._watchdog.feed()

    def watch(self, leg_ma, elapsed_ms):
        """Account for a window's currents, good or not."""
        elapsed_ms = min(elapsed_ms, _LONGEST_MS)
        for leg in range(self._legs):
            self._account(leg, leg_ma[leg], elapsed_ms)

    def _account(self, line, ma, elapsed_ms):
        rating_ma = self._ratings_ma[line]
        permille = min(ma, 3 * rating_ma) * 10 // (rating_ma // 100)
        excess = permille * permille // 1000 - _TOLERATED
        fill = max(0, min(self._fill[line] + excess * elapsed_ms, _USED_UP))
        self._fill[line] = fill
        if fill == _USED_UP and not self.tripped and self._helps(line):
            self._overload(line)

    def _overload(self, line):
        group = line - self._legs
        name = "L%d" % (line + 1) if group < 0 else "group %d" % (group + 1)
        self.tripped = "%s is above its breaker's rating and nothing helps" % name
        if self._trip_before_ms < _HOUR_MS:
            self.latched = True
            self.tripped += _LATCHED
        self._trip_before_ms = self._last_trip_ms
        self._last_trip_ms = 0

    def _rest(self, elapsed_ms):
        """After a minute without overload the controller may try again."""
        self._last_trip_ms = min(self._last_trip_ms + elapsed_ms, _HOUR_MS)
        self._trip_before_ms = min(self._trip_before_ms + elapsed_ms, _HOUR_MS)
        self._calm_ms = min(self._calm_ms + elapsed_ms, _CALM_MS)
        for fill in self._fill:
            if fill:
                self._calm_ms = 0
        if self._calm_ms == _CALM_MS and not (self.latched or self.dead):
            self.tripped = ""

    def _may_flow_ma(self, line):
        """What the chargers of a group may hold together."""
        sum_ma = 0
        for i in range(len(self._states)):
            state = self._states[i]
            if self._loads(state, line):
                if state.offer_ma >= 0:
                    self._heard |= 1 << i
                known = self._heard >> i & 1 or not state.driven
                told_ma = state.ceiling_ma if known else state.fallback_ma
                sum_ma += _may_hold_ma(state, told_ma)
        return sum_ma

    def _helps(self, line):
        """Whether the fallback would be less for any charger that can be told."""
        for state in self._states:
            if state.online and _may_hold_ma(state, state.ceiling_ma) > state.fallback_ma:
                if self._loads(state, line):
                    return True
        return False

    def _loads(self, state, line):
        return line in state.legs if line < self._legs else state.group == line - self._legs + 1


def _may_hold_ma(state, told_ma):
    """The most of what a charger was told, holds and draws, as far as anybody knows."""
    ma = max(told_ma, state.held_ma)
    if state.reported_age_ms < _REPORT_MS:
        for reported_ma in state.reported_ma:
            ma = max(ma, reported_ma)
    return min(ma, state.max_ma + (state.max_ma >> 3))  # a register may say anything
