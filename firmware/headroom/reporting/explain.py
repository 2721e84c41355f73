"""What would have to happen for a charger's current to rise, in one sentence."""

from .. import records
from ..balancing.rise import RISE_MA
from ..balancing.start import RESUME_MARGIN_MA

_WAITS_FOR = {
    records.STARTING: "begins after two good measurements and an answer",
    records.OFFLINE: "goes on when it answers",
    records.NO_CAR: "waits for a car",
    records.BLIND: "goes on after two good measurements",
    records.TRIPPED: "goes on when the supervisor has seen a calm minute",
    records.DISOBEYS: "goes on when it does as it is told",
    records.POLLS: "is told nothing",
    records.WAITING_TURN: "starts when another one's turn ends, or all minimums fit",
}


def what_next(allocation, state):
    """From an Allocation and its ChargerState; times count down from status to status."""
    reason = allocation.reason
    wait = _span(allocation.wait_ms)
    where = _where(allocation.limit)
    if reason in _WAITS_FOR:
        return _WAITS_FOR[reason]
    if reason == records.SUSPENDED:
        return "resumes when more is requested"
    if reason == records.DELAYED:
        return "starts in %s" % wait
    if reason == records.HOLDING:
        missing_ma = state.min_ma - allocation.fits_ma
        return "pauses in %s unless %s becomes free on %s" % (wait, amperes(missing_ma), where)
    if allocation.allowed_ma == 0:
        need_ma = state.min_ma + RESUME_MARGIN_MA
        text = "resumes when %s has had %s for two minutes" % (where, amperes(need_ma))
        return text + ", in %s at the earliest" % wait if allocation.wait_ms else text
    if allocation.wait_ms:
        return "rises in %s if the headroom lasts" % wait
    if allocation.limit in (records.BY_CHARGER, records.BY_CIRCUIT, records.BY_SETTING):
        return "has all it may have"
    if allocation.limit == records.BY_REPORT:
        return "rises when the charger allows more"
    if allocation.limit == records.BY_REQUEST:
        return "rises when more is requested"
    missing_ma = max(100, allocation.allowed_ma + RISE_MA - allocation.fits_ma)
    if allocation.limit == records.BY_SHARE:
        return "rises when the house or another car takes %s less" % amperes(missing_ma)
    return "rises when %s has %s more" % (where, amperes(missing_ma))


def disobeys(allocation, state):
    """What a charger does that has more than it may."""
    ma = allocation.holds_ma
    does = "holds" if state.held_ma >= ma > max(state.reported_ma) else "draws"
    return "%s %s though told %s" % (does, amperes(ma), amperes(allocation.allowed_ma))


def _where(limit):
    if records.BY_LEG <= limit < records.BY_CIRCUIT or limit >= records.BY_GROUP:
        return records.LIMIT_NAMES[limit]
    return "the panel"


def amperes(ma):
    """As people read it."""
    tenths = (ma + 50) // 100
    return "%d.%d A" % (tenths // 10, tenths % 10)


def _span(ms):
    seconds = (ms + 999) // 1000
    return "%d s" % seconds if seconds < 100 else "%d min" % ((seconds + 59) // 60)
