"""Faults to plant in the firmware: with each of them it falls for some lie, and the judge says so.

Each takes pytest's monkeypatch.
"""

from headroom import records
from headroom.balancing import row
from headroom.balancing.base_load import EvCt
from headroom.balancing.excess import Excess
from headroom.balancing.following import Following
from headroom.charging.charger import Charger
from headroom.charging.limit import Limit
from headroom.charging.receiver import Receiver

NEVER_MS = 1 << 28


def believes_all_of_the_ev_ct(patch):
    """Base load = mains - EV, whoever draws it."""

    def base(self, reading, base_ma):
        for leg in range(len(self._on_branch)):
            base_ma[leg] = max(0, reading.leg_ma[leg] - reading.ev_ma * self._on_branch[leg])

    patch.setattr(EvCt, "base", base)


def believes_any_report(patch):
    """Nothing bounds what a register says that the car draws, nor how old that is."""

    def base(self, reading, base_ma):
        for leg in range(self._legs):
            states = [car.row.state for car in self._cars]
            on = [state for state in states if leg in state.legs]
            ev_ma = sum(max(state.reported_ma[0], 0) for state in on)
            base_ma[leg] = max(0, reading.leg_ma[leg] - ev_ma)

    patch.setattr(Following, "base", base)


def believes_old_reports(patch):
    """The last report counts for ever."""
    patch.setattr(row, "REPORT_MS", NEVER_MS)


def reserves_no_excess(patch):
    """What a charger holds above its offer is nobody's concern."""
    patch.setattr(Excess, "watch", lambda self, row, elapsed_ms: self.forget(row))


def reserves_what_was_told(patch):
    """A charger that doesn't answer draws what it was told last, at most."""
    seen = property(lambda state: max(state.offer_ma, 0), lambda state, ma: None)
    patch.setattr(records.ChargerState, "ceiling_ma", seen, raising=False)


def forgets_what_it_sent(patch):
    """A limit that nobody acknowledged wasn't taken."""
    patch.setattr(Limit, "sending", lambda self, what, ma: None)


def never_looks_again(patch):
    """A limit that was acknowledged is held for ever: no refresh, no readback."""
    before = Limit.next

    def next_(self, ma, *rest):
        same = self.offer_ma == self.quantised(ma)
        return 0 if same else before(self, ma, *rest)

    patch.setattr(Limit, "next", next_)
    patch.setattr(Limit, "check", lambda self, block, data: None)


def gives_up_after_a_failure(patch):
    """Once an exchange failed the charger is left alone."""
    patch.setattr(Charger, "retry_due", lambda self, *_: not self._failures)


def takes_late_bytes(patch):
    """What came too late is taken for the answer to the next request."""
    patch.setattr(Receiver, "discard", lambda self, line: None)
