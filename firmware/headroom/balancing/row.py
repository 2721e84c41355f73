"""The table of balancing has one row a charger; the four stages read and write it."""

from micropython import const

from .. import records
from .excess import Excess
from .hold import Hold
from .lag import Lag
from .rise import Rise
from .turn import Turn

_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
REPORT_MS = const(15_000)  # a charger's report that is older tells nothing; 25 take 9 s to read


class Row(records.Allocation):
    """One charger: what it may draw (records.Allocation), and what the stages know of it.

    state        what charging knows of it (records.ChargerState)
    circuits        what it loads: indices of legs and groups, see limits.py
    report_ma    what it lately said that its car draws, as of the last step; -1 if nothing
    told_ma      the last current that it acknowledged, -1 before the first
    may_draw_ma  what its car may still be drawing: no more counts as its
    committed_ma the same for those who rise: they leave so much

    Demand sets:
    takes_part   it is told what it may draw, answers and obeys
    draw_ma      what its car draws, -1 if nobody knows
    minimum_ma   what it takes part with, 0 if it asks for nothing
    idle_ma      the same of one without a car, which is served last
    want_ma      what its car can use, with room to grow
    cap_ma       the most that it may have, 0 if that is less than its minimum
    key          the smallest is served first

    Shares set `share_ma`, its part of what the limits leave; `gap_ma` is what is missing to a
    goal while they are filled. Pace sets `proven_ma`, what it could rise to at the last look, and
    `grows`, for how many windows that counts as growing. What only this charger's history tells
    is in `lag`, `rise`, `hold`, `excess` and `turn`.
    """

    def __init__(self, state, circuits, dead_time_ms, rise_window_ms, conservative=False):
        super().__init__(state.fallback_ma)
        self.state = state
        self.circuits = circuits
        self.told_ma = -1
        self.may_draw_ma = self.committed_ma = 0
        self.takes_part = False
        self.report_ma = self.draw_ma = -1
        self.minimum_ma = self.idle_ma = self.want_ma = self.cap_ma = self.key = 0
        self.share_ma = self.gap_ma = 0
        self.proven_ma = self.grows = 0
        self.lag = Lag(dead_time_ms)
        self.rise = Rise(rise_window_ms)
        self.hold = _rest(state) if state.rest_ms else Hold(conservative)
        self.excess = Excess(dead_time_ms)
        self.turn = Turn()

    def pass_time(self, elapsed_ms):
        """Every timer of it counts."""
        state = self.state
        state.reported_age_ms = min(state.reported_age_ms + elapsed_ms, _FOREVER_MS)
        if state.offer_ma >= 0 and state.offer_ma != self.told_ma:
            self.told_ma = state.offer_ma
            self.lag.heard()
        holds_ma = self.told_ma
        if state.offer_ma < 0 <= holds_ma:  # it holds something else, or nobody knows
            holds_ma = max(holds_ma, state.ceiling_ma)
        if state.offer_ma < 0 or not state.online:
            self.lag.heard()
        self.report_ma = self.latest_report_ma()
        self.since_ms = min(self.since_ms + elapsed_ms, _FOREVER_MS)
        self.lag.pass_time(self.allowed_ma + self.excess.ma, holds_ma, elapsed_ms)
        self.rise.pass_time(self.lag.risen_ms, elapsed_ms)
        self.hold.pass_time(self, elapsed_ms)

    def begin(self, ma):
        """The first current that it is told, as good as a change."""
        self.ready = True
        self.allowed_ma = ma
        self.lag.begin()

    def change(self, ma, reason):
        """Set what it may draw, and why: the only place where it changes after the beginning."""
        if ma != self.allowed_ma:
            self.lag.changed(self.allowed_ma, ma)
            self.allowed_ma = ma
        if reason != self.reason:
            self.reason = reason
            self.since_ms = 0

    def reserve(self, doubted):
        """Set what its car may still be drawing: what it was allowed counts until it is told
        less, and has had time to follow. `doubted`: the EV CT shows more than all may draw, so
        that what it shows of a car on its way down can't be believed either."""
        self.committed_ma = 0
        self.may_draw_ma = self.kept_ma
        if self.takes_part:
            now_ma = max(self.allowed_ma + self.excess.ma, self.told_ma)
            ma = max(self.allowed_ma, self.told_ma)
            lag = self.lag
            if lag.unchanged_ms < lag.dead_ms:
                ma = max(ma, lag.before_ma)
            self.committed_ma = max(ma, lag.told.ma)
            self.may_draw_ma = now_ma if doubted else max(now_ma, ma, lag.reach.ma)

    def latest_report_ma(self):
        """The largest phase of what it says that its car draws, -1 if it lately said nothing."""
        a, b, c = self.state.reported_ma
        if self.state.reported_age_ms >= REPORT_MS:
            return -1
        a = a if a > b else b
        return a if a > c else c


def _rest(state):
    from .rest import Rest  # in memory only where there is a relay

    return Rest(state.rest_ms)
