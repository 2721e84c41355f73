"""The meter that others poll, from the settings: in memory only where one is asked for."""

from ..answering import readings
from ..answering.slave import Slave


def slave(values, board, port, parts, chargers, problems):
    """The Slave that answers as a meter; None if this board can't have it: a problem.

    parts     the meter, its health, its energy, the status, what notes an event
    chargers  of which some may poll it
    """
    line = "LINE" if values["emulate_line"] == "charger" else "METER_LINE"
    if not hasattr(board, line):
        problems.append("emulate: board %s has no second line (METER_LINE)" % board.NAME)
        return None
    meter, health, energy, status, note = parts
    told = readings
    if meter.power:
        from ..answering import watts as told  # type: ignore[no-redef]

    full_ma = values["breaker_a"] * 1000
    source = told.Readings(meter, health, energy, values["nominal_v"], full_ma)
    if values["emulate"] == "headroom":
        from . import registers  # in memory only then

        source, note = registers.source(values, source, status), None
    made = Slave(
        port.Line(board, line),
        (values["emulate_baud"], values["emulate_parity"], 1),
        values["emulate"],
        values["emulate_address"],
        source,
        values["emulate_when_bad"],
        note,
    )
    for charger in chargers:
        if not charger.state.driven:
            charger.slave = made
    return made
