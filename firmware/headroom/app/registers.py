"""What our own registers show, from the settings: in memory only where they are asked for."""

from .. import records
from ..answering.own import Own
from ..settings import asked, table
from ..settings.hash import hash_of


def source(values, readings, status):
    """An Own of this meter."""
    codes = {
        "reason": records.REASON_NAMES,
        "limited_by": records.LIMIT_NAMES,
        "ev_source": records.EV_SOURCES,
    }
    if asked.plans(values):
        from ..planning.request import LIMITS, MODES

        codes["mode"], codes["request_by"] = MODES, LIMITS
    about = status.about()
    return Own(
        readings,
        status,
        codes,
        (
            about["version"],
            about["micropython"],
            about["board"],
            hash_of(values),
            about["id"],
        ),
        (values["breaker_a"], values["nominal_v"], values["legs"]),
        len(table.chargers(values)),
        values["emulate_address"],
    )
