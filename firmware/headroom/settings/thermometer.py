"""Where a thermometer may be, and what its NTC may be; in memory only where one is asked for.

An NTC takes the place of a CT at an input that nothing else uses, among those that are sampled all
the time; or it has a pin of the board's own (NTC_PIN), where single conversions disturb nothing.
"""

from ..planning.temperature import Ntc, Temperature
from . import table


def problem(values):
    """Why it can't be, as a sentence; "" if it can."""
    where = values["thermometer"]
    places = list(_places(values))
    if where not in places:
        return "thermometer %s can't be read; with this board and these settings it may be: %s" % (
            where,
            ", ".join(places) or "none, for each input has its CT or the voltage",
        )
    try:
        Temperature(values["warm_c"], values["hot_c"])
        ntc = Ntc(values["ntc_beta"], values["ntc_series_ohm"])
    except ValueError as error:
        return "warm_c, hot_c and ntc_...: %s" % error
    if where == "chip":
        return ""
    for celsius in (values["warm_c"], values["hot_c"]):
        if not ntc.fine(celsius):
            text = (
                "at %d C this NTC moves the converter by less than a count a kelvin: a smaller "
                "ntc_series_ohm than %d, near what it has at that temperature"
            )
            return text % (celsius, values["ntc_series_ohm"])
    return ""


def _places(values):
    """Generates what may be chosen."""
    board = table.board
    channels = getattr(board, "CHANNELS", ())
    used = [table.voltage_place] if values["voltage"] else []
    if values["ev_source"] == "ct" or values["inverter_legs"]:
        used.append("EV")
    for leg in range(values["legs"]):
        name = "L%d" % (leg + 1)
        used.append(name if name in channels else "EV")
    if not hasattr(board, "ATM90E32"):  # a metering chip's inputs tell no more than currents
        for name in channels:
            if name not in used and name != "L1":
                yield name
    if hasattr(board, "NTC_PIN"):
        yield "pin"
    if getattr(board, "CHIP_SENSOR", False):
        yield "chip"
