"""What our own registers show, from the settings: in memory only where they are asked for."""

from .. import VERSION, ports, records
from ..answering.own import Own
from ..settings import asked, table
from ..settings.hash import hash_of


def source(values, board, readings, status):
    """An Own of this meter."""
    codes = {
        "reason": records.REASON_NAMES,
        "limited_by": records.LIMIT_NAMES,
        "ev_source": records.EV_SOURCES,
    }
    if asked.plans(values):
        from ..planning.request import LIMITS, MODES

        codes["mode"], codes["request_by"] = MODES, LIMITS
    return Own(
        readings,
        status,
        codes,
        (VERSION, ports.runtime(), board.NAME, hash_of(values)),
        (values["breaker_a"], values["nominal_v"], values["legs"]),
        len(table.chargers(values)),
        values["emulate_address"],
    )
