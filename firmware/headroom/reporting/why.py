"""Each limit of a charger with its value, wishes first: in memory only once `why` was typed."""

from .. import records

_OWN = (records.BY_CHARGER, records.BY_CIRCUIT, records.BY_SETTING, records.BY_REPORT)


def limits(controller, wishes, i):
    """Generates (name, mA, sentence, whether it binds) of charger i, in their one order.

    What a leg or a group has is what the house and what is kept for others leave of it.
    wishes  a Wishes (wishes.py), None where nothing is wished
    """
    row = controller.allocations[i]
    by = row.limit
    if wishes:
        for name, ma, sentence, smallest in wishes.limits(i):
            yield name, ma, sentence, smallest and by == records.BY_REQUEST
    state = row.state
    of_own = state.max_ma, state.circuit_ma, state.setting_ma, state.report_limit_ma
    for code, ma in zip(_OWN, of_own):
        if ma >= 0:
            yield records.LIMIT_NAMES[code], ma, "", by == code
    legs = controller.limits.legs
    for circuit in row.circuits:
        code = records.BY_LEG + circuit
        if circuit >= legs:
            code = records.BY_GROUP + circuit - legs
        yield records.LIMIT_NAMES[code], controller.limits.headroom_ma[circuit], "", by == code
    yield records.LIMIT_NAMES[records.BY_SHARE], row.fits_ma, "", by == records.BY_SHARE
