"""What the options take of a board's memory, as so many chargers: see ../memory.py.

By the sizes of `meter build pico`, of what is loaded and made for each, copied to the board; a
charger is 2 kB, and what is wished of one a quarter of that.
"""

from . import asked, sampled, table

_VOLTAGE = 8
_METER = 4  # that chargers poll
_REGISTERS = 5  # our own, besides
_NETWORK = 11
_WISHES = 6
_TOLD = 2
_SUN = 2
_TIMED = 2
_CAP = 2
_CONTACT = 2
_SESSIONS = 2
_THERMOMETER = 2
_CLOCK = 1
_INVERTER = 1
_INPUT = 3  # its place in the ring of samples


def missing(before, wanted, fits):
    """For what of `wanted` there is no memory beside what runs `before`, "" if all of it fits.

    fits  has the board memory for so many more chargers?
    """
    chargers = len(table.chargers(wanted)) - len(table.chargers(before))
    voltage = _of_voltage(wanted) - _of_voltage(before)
    wishes = _of_wishes(wanted) - _of_wishes(before)
    meter = _of_meter(wanted) - _of_meter(before)
    network = _of_network(wanted) - _of_network(before)
    inputs = _of_inputs(wanted) - _of_inputs(before)
    needed = chargers + voltage + wishes + meter + network + inputs
    if needed <= 0 or fits(needed):
        return ""
    what = []
    if chargers > 0:
        what.append("%d more charger%s" % (chargers, "s" if chargers > 1 else ""))
    if voltage > 0:
        what.append("a voltage")
    if wishes > 0:
        what.append("what is wished")
    if meter > 0:
        what.append("a meter that is polled")
    if network > 0:
        what.append("a network")
    if inputs > 0:
        what.append("another input to sample")
    return " and ".join(what)


def _of_inputs(values):
    return _INPUT * len(sampled.names(values, table.board))


def _of_voltage(values):
    return _VOLTAGE if values["voltage"] else 0


def _of_meter(values):
    if not values["emulate"]:
        return 0
    return _METER + (_REGISTERS if values["emulate"] == "headroom" else 0)


def _of_network(values):
    return _NETWORK if values.get("broker") else 0


def _of_wishes(values):
    if not asked.plans(values):
        return 0
    sun = timed = 0
    sessions = _SESSIONS if values["keep_sessions"] else 0
    numbers = table.chargers(values)
    for n in numbers:
        if table.of_charger(values, n, "mode") in ("sun", "sun+min"):
            sun = _SUN
        if table.of_charger(values, n, "schedule"):
            timed = _TIMED
            sun = _SUN if "sun" in table.of_charger(values, n, "schedule") else sun
        for key in ("charge_below", "finish"):
            if table.of_charger(values, n, key):
                timed = _TIMED
                sessions = _SESSIONS if key == "finish" else sessions
    of_all = (_CAP if values["cap_w"] else 0) + (_CONTACT if values["contact_pin"] else 0)
    of_all += _INVERTER if values["inverter_legs"] else 0
    of_all += _TOLD if asked.commands(values) else 0
    of_all += _CLOCK if values["clock_sda_pin"] else 0
    if values["thermometer"]:
        of_all += _THERMOMETER
        if values["thermometer"] == "chip" and hasattr(table.board, "ADC_PINS"):
            of_all += _INPUT
    return _WISHES + sun + timed + sessions + of_all + len(numbers) // 4
