"""Why a charger has what it has: which limit its room comes from, and what it waits for."""

from .. import records
from .limits import name_of_cap
from .pacing import RESUME_MARGIN_MA


def limit_of(i, room_ma, state, sharing, limits):
    """The limit code of the smallest limit, after a division gave charger i `room_ma`."""
    if room_ma >= sharing.caps[i]:
        return name_of_cap(state)
    line = sharing.least(i, sharing.left_ma)
    if line < limits.legs and 0 < room_ma < sharing.free_ma[line]:
        return records.BY_SHARE
    return limits.name_of_line(line)


def of_waiting(i, room_ma, state, pausing, delayed, sharing):
    """The reason code of a charger with a car that has no current."""
    if delayed:
        return records.DELAYED
    if pausing:
        return records.PAUSED
    if sharing.minimums[i] and room_ma == 0:
        return records.WAITING_TURN
    line = sharing.least(i, sharing.free_ma)
    if sharing.free_ma[line] >= state.min_ma + RESUME_MARGIN_MA:
        return records.SETTLING
    return records.PAUSED
