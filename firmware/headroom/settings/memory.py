"""What the settings take of a board's memory, in bytes: see ../memory.py.

Chargers, their families and groups as measured on an emulated RP2040 (host_tests/chip/
test_memory.py); the rest by the sizes of `meter build pico`, of what is loaded and made for each.
"""

from ..charging import families
from . import asked, panel, sampled, table

_FIRST = 3600  # charger, besides: what all need
_CHARGER = 2900
_FAMILY = 2048  # of chargers, each
_GROUP = 160
_VOLTAGE = 16384
_METER = 10752  # that chargers poll
_REGISTERS = 10240  # our own, besides
_NETWORK = 22528
_WISHES = 12288
_WISHES_OF_ONE = 512
_TOLD = 4096
_SUN = 4096
_TIMED = 4096
_CAP = 4096
_CONTACT = 4096
_SESSIONS = 4096
_THERMOMETER = 4096
_CLOCK = 2048
_INVERTER = 2048
_INPUT = 6144  # its place in the ring of samples


def missing(before, wanted, fits):
    """For what of `wanted` there is no memory beside what runs `before`, "" if all of it fits.

    fits  would the board find so many more bytes?
    """
    more = len(table.chargers(wanted)) - len(table.chargers(before))
    chargers = "%d more charger%s" % (more, "s" * (more > 1)) if more > 0 else "other chargers"
    needed = 0
    what = []
    for name, of in (
        (chargers, _of_chargers),
        ("more groups", _of_groups),
        ("a voltage", _of_voltage),
        ("what is wished", _of_wishes),
        ("a meter that is polled", _of_meter),
        ("a network", _of_network),
        ("another input to sample", _of_inputs),
    ):
        more = of(wanted) - of(before)
        needed += more
        if more > 0:
            what.append(name)
    return "" if needed <= 0 or fits(needed) else " and ".join(what)


def _of_chargers(values):
    names = [table.of_charger(values, n, "profile") for n in table.chargers(values)]
    first = _FIRST if names else 0
    return first + _CHARGER * len(names) + _FAMILY * len(set(names).difference(families.UNLINED))


def _of_groups(values):
    return _GROUP * len(panel.groups_ma(values))


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
    return _WISHES + sun + timed + sessions + of_all + len(numbers) * _WISHES_OF_ONE
