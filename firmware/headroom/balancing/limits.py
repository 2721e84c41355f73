"""Stage 2, the limits: of all that limit a charger's current the smallest wins, and names itself.

A circuit is what several chargers load together: first the legs of the panel, then the groups.
"""

from array import array

from micropython import const

from .. import records
from .recent import PARTS, LeastOfASecond, RecentMaximum

_LASTING_MS = const(120_000)


class Limits:
    """Limits of one panel: `breaker_ma` main rating, of which `derate_pct` may flow for hours.

    group_ma[g] is the breaker of group g + 1, 0 for none; 80 % of it is used.

    What the house leaves of each circuit, in mA, negative when the house alone is above the limit:
    headroom_ma  now
    proven_ma    at every moment of the rise window; meaningless while `missing_ms` isn't 0
    lasting_ma   at every moment of the last two minutes, or since the start
    free_ma      of one of these, what is not kept for chargers that can't be told
    `grain` is how many windows one part of the proof lasts.
    """

    def __init__(self, legs, breaker_ma, derate_pct, rise_window_ms, group_ma, ev_ct):
        self.legs = legs
        self._ev_ct = ev_ct
        self.breaker_ma = breaker_ma
        self.leg_limit_ma = breaker_ma * derate_pct // 100
        groups = [ma * 80 // 100 for ma in group_ma]
        self._groups_ma = array("i", groups)
        self.headroom_ma = array("i", [self.leg_limit_ma] * legs + groups)
        self.proven_ma = array("i", self.headroom_ma)
        self.lasting_ma = array("i", self.headroom_ma)
        self.free_ma = array("i", self.headroom_ma)
        self.missing_ms = 0
        self.grain = rise_window_ms // PARTS // records.WINDOW_MS + 1
        self._second = [LeastOfASecond() for _ in range(legs)]
        self._recent = [RecentMaximum(rise_window_ms) for _ in range(legs)]
        self._lasting = [RecentMaximum(_LASTING_MS) for _ in range(legs)]
        self.forget_proof()

    def circuits_of(self, state):
        """The circuits that a charger loads, and on which current is kept for it.

        Of one that balances by itself nothing is kept on the legs unless an EV CT sees it: what it
        draws is load there like any other, and would be taken off twice.
        """
        seen = state.driven or self._ev_ct
        circuits = [leg for leg in sorted(state.legs) if leg < self.legs and seen]
        if state.group:
            circuits.append(self.legs + state.group - 1)
        return tuple(circuits)

    def forget_proof(self):
        """The measurement was lost: what was proven before it counts no more."""
        for leg in range(self.legs):
            self._second[leg].clear()
            self._recent[leg].clear()
            self._lasting[leg].clear()
            self.missing_ms = self._recent[leg].missing_ms

    def prove(self, base_ma, elapsed_ms):
        """The base load of the last `elapsed_ms`, from a good window."""
        for leg in range(self.legs):
            recent = self._recent[leg]
            lasting = self._lasting[leg]
            lasted_ma = self._second[leg].add(base_ma[leg])
            recent.add(lasted_ma, elapsed_ms)
            lasting.add(lasted_ma, elapsed_ms)
            self.missing_ms = recent.missing_ms
            self.proven_ma[leg] = self.leg_limit_ma - max(recent.value, base_ma[leg])
            self.lasting_ma[leg] = self.leg_limit_ma - max(lasting.value, base_ma[leg])

    def update(self, base_ma, beyond_ma):
        """Take in the base load of each leg, in mA, and what the cars draw beyond all they may.

        On the legs that is base load; of the groups nobody knows whose it is, so none has it.
        """
        for leg in range(self.legs):
            self.headroom_ma[leg] = self.leg_limit_ma - base_ma[leg]
        circuit = self.legs
        for ma in self._groups_ma:
            ma -= beyond_ma
            self.headroom_ma[circuit] = self.proven_ma[circuit] = self.lasting_ma[circuit] = ma
            circuit += 1

    def keep(self, rows):
        """What a charger has besides what it takes part with is kept for it, and nobody else's."""
        for row in rows:
            row.kept_ma = row.excess.kept_ma if row.takes_part else self._apart_ma(row)

    def _apart_ma(self, row):
        """What a charger may be drawing that takes no part.

        One that never acknowledged anything may draw its maximum; but an EV CT would show it.
        """
        ma = max(row.told_ma, row.allowed_ma + row.excess.ma)
        if row.state.group:
            ma = max(ma, row.lag.reach.ma)  # nothing else shows it; on a leg the mains CT does
        if row.told_ma < 0 and self._ev_ct:
            return ma
        return max(ma, row.state.ceiling_ma)

    def free(self, circuits_ma, rows):
        """Fill `free_ma`: of `circuits_ma` what is not kept."""
        free_ma = self.free_ma
        for circuit in range(len(free_ma)):
            free_ma[circuit] = circuits_ma[circuit]
        for row in rows:
            if row.kept_ma:
                take(row, free_ma, row.kept_ma)

    def name_of(self, row, left_ma):
        """The code of the limit that gave a charger its share of `free_ma`.

        left_ma  what all shares together left of each circuit
        """
        if row.share_ma >= row.cap_ma:
            return name_of_cap(row)
        circuit = tightest(row, left_ma)
        if circuit >= self.legs:
            return records.BY_GROUP + circuit - self.legs
        return (
            records.BY_SHARE
            if 0 < row.share_ma < self.free_ma[circuit]
            else records.BY_LEG + circuit
        )


def tightest(row, circuits_ma):
    """Of the circuits that a charger loads, the one with the least in `circuits_ma`."""
    tightest = -1
    for circuit in row.circuits:
        if tightest < 0 or circuits_ma[circuit] < circuits_ma[tightest]:
            tightest = circuit
    return tightest


def take(row, circuits_ma, ma):
    """Take `ma` from each circuit that a charger loads."""
    for circuit in row.circuits:
        circuits_ma[circuit] -= ma


def cap(state):
    """The most that this charger may draw, in mA, whatever the house does; 0 if that is less than
    its minimum."""
    ma = min(_unasked_cap(state), state.request_ma)
    return ma if ma >= state.min_ma else 0


def _unasked_cap(state):
    """The same whatever is requested, and though it may be less than its minimum."""
    ma = min(state.max_ma, state.circuit_ma, state.setting_ma)
    if 0 <= state.report_limit_ma < ma:
        ma = state.report_limit_ma
    return ma


def least(state):
    """The least that a charger is told that is not paused: its minimum; 0 if a request pauses."""
    return state.min_ma if state.request_ma >= state.min_ma else 0


def name_of_cap(row):
    """Which limit code explains its cap."""
    state = row.state
    ma = row.cap_ma
    if state.request_ma < _unasked_cap(state):
        return records.BY_REQUEST
    if 0 <= state.report_limit_ma <= ma or ma == 0:
        return records.BY_REPORT
    if state.max_ma == ma:
        return records.BY_CHARGER
    return records.BY_CIRCUIT if state.circuit_ma == ma else records.BY_SETTING
