"""The arbiter: of all limits on a charger's current the smallest wins, and names itself.

Lines are what several chargers load together: first the legs of the panel, then the groups.
"""

from array import array

from micropython import const

from .. import records
from .recent import RecentMaximum

_LASTING_MS = const(120_000)


class Limits:
    """Limits of one panel: `breaker_ma` main rating, of which `derate_pct` may flow for hours.

    group_ma[g] is the breaker of group g + 1, 0 for none; 80 % of it is used.

    What the house leaves of each line, in mA, negative when the house alone is above the limit:
    headroom_ma  now
    proven_ma    at every moment of the rise window; meaningless while `missing_ms` isn't 0
    lasting_ma   at every moment of the last two minutes, or since the start
    """

    def __init__(self, legs, breaker_ma, derate_pct, rise_window_ms, group_ma):
        self.legs = legs
        self.breaker_ma = breaker_ma
        self.leg_limit_ma = breaker_ma * derate_pct // 100
        groups = [ma * 80 // 100 for ma in group_ma]
        self.lines = legs + len(groups)
        self._groups_ma = array("i", groups)
        self.headroom_ma = array("i", [self.leg_limit_ma] * legs + groups)
        self.proven_ma = array("i", self.headroom_ma)
        self.lasting_ma = array("i", self.headroom_ma)
        self.missing_ms = 0
        self._recent = [RecentMaximum(rise_window_ms) for _ in range(legs)]
        self._lasting = [RecentMaximum(_LASTING_MS) for _ in range(legs)]
        self.forget_proof()

    def forget_proof(self):
        """The measurement was lost: what was proven before it counts no more."""
        for leg in range(self.legs):
            self._recent[leg].clear()
            self._lasting[leg].clear()
            self.missing_ms = self._recent[leg].missing_ms

    def uses(self, state):
        """The lines that a charger loads, as bits."""
        bits = 0
        for leg in state.legs:
            if leg < self.legs:
                bits |= 1 << leg
        return bits | (1 << (self.legs + state.group - 1) if state.group else 0)

    def update(self, base_ma, beyond_ma):
        """Take in the base load of each leg, in mA, and what the cars draw beyond all they may.

        On the legs that is base load; of the groups nobody knows whose it is, so none has it.
        """
        for leg in range(self.legs):
            self.headroom_ma[leg] = self.leg_limit_ma - base_ma[leg]
        for line in range(self.legs, self.lines):
            ma = self._groups_ma[line - self.legs] - beyond_ma
            self.headroom_ma[line] = self.proven_ma[line] = self.lasting_ma[line] = ma

    def prove(self, base_ma, elapsed_ms):
        """The base load of the last `elapsed_ms`, from a good window."""
        for leg in range(self.legs):
            recent = self._recent[leg]
            lasting = self._lasting[leg]
            recent.add(base_ma[leg], elapsed_ms)
            lasting.add(base_ma[leg], elapsed_ms)
            self.missing_ms = recent.missing_ms
            self.proven_ma[leg] = self.leg_limit_ma - max(recent.value, base_ma[leg])
            self.lasting_ma[leg] = self.leg_limit_ma - max(lasting.value, base_ma[leg])

    def name_of_line(self, line):
        """The limit code of a line."""
        return records.BY_LEG + line if line < self.legs else records.BY_GROUP + line - self.legs


def cap(state):
    """The most that this charger may draw, in mA, whatever the house does; 0 if that is less than
    its minimum."""
    ma = state.max_ma
    if state.circuit_ma < ma:
        ma = state.circuit_ma
    if state.setting_ma < ma:
        ma = state.setting_ma
    if 0 <= state.report_limit_ma < ma:
        ma = state.report_limit_ma
    return ma if ma >= state.min_ma else 0


def name_of_cap(state):
    """Which limit code explains `cap`."""
    ma = cap(state)
    if 0 <= state.report_limit_ma <= ma or ma == 0:
        return records.BY_REPORT
    if state.max_ma == ma:
        return records.BY_CHARGER
    return records.BY_CIRCUIT if state.circuit_ma == ma else records.BY_SETTING
