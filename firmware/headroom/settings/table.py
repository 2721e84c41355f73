"""Every setting in one table: name, default, range, unit. For what: console/meanings.py.

The console, the store and docs/settings.md all come from this table. A set of values is a dict; it
is valid as a whole or refused (together.py).
`chargerN.` rows stand for charger1 to charger25, `groupN.` rows for group1 to group8. A charger
exists once it has a profile, a group once it has a breaker. Of these rows a set of values holds
only what differs from the default: 25 chargers would fill a board's memory with zeros.
"""

from collections import namedtuple

from .. import records
from ..charging import families
from ..metering import ct_types
from . import panel

# A word is one of `choices`, "" meaning none; a text has None there and `maximum` characters at
# most; all else is a whole number. Six fields are two blocks of a board's memory, a seventh would
# be a third.
Setting = namedtuple("Setting", ("name", "default", "minimum", "maximum", "unit", "choices"))


_MODES = ("fast", "sun+min", "sun", "off")


class Refused(ValueError):
    """A value or a combination that can't be; the text tells the user what to change."""


TABLE: tuple = (
    Setting("legs", 2, 0, 3, "", ()),
    Setting("breaker_a", 100, 10, 400, "A", ()),
    Setting("derate_pct", 80, 50, 100, "%", ()),
    Setting("ct", "200a50ma", 0, 0, "", ct_types.NAMES),
    Setting("ct_ratio", 4000, 100, 10000, "", ()),
    Setting("burden_mohm", 22000, 1000, ct_types.MOST_MOHM, "mohm", ()),
    Setting("ev_ct", "100a50ma", 0, 0, "", ct_types.NAMES),
    Setting("ev_ct_ratio", 2000, 100, 10000, "", ()),
    Setting("ev_burden_mohm", 22000, 1000, 200000, "mohm", ()),
    Setting("l1_gain_ppm", 1000000, 800000, 1200000, "ppm", ()),
    Setting("l2_gain_ppm", 1000000, 800000, 1200000, "ppm", ()),
    Setting("l3_gain_ppm", 1000000, 800000, 1200000, "ppm", ()),
    Setting("ev_gain_ppm", 1000000, 800000, 1200000, "ppm", ()),
    Setting("l1_noise", 0, 0, 12800, "", ()),
    Setting("l2_noise", 0, 0, 12800, "", ()),
    Setting("l3_noise", 0, 0, 12800, "", ()),
    Setting("ev_noise", 0, 0, 12800, "", ()),
    Setting("nominal_v", 120, 100, 277, "V", ()),
    Setting("voltage", "", 0, 0, "", ("zmpt101b", "adapter9v_230", "adapter9v_120", "adapter9v_cs", "custom")),
    Setting("voltage_ratio", 0, 0, 1270000, "", ()),
    Setting("dead_time_s", 6, 5, 60, "s", ()),
    Setting("rise_window_s", 5, 2, 600, "s", ()),
    Setting("ev_source", "ct", 0, 0, "", ("ct", "register", "estimate")),
    Setting("conservative", 0, 0, 1, "", ()),
    Setting("start_delay_s", 0, 0, 1800, "s", ()),
    Setting("emulate", "", 0, 0, "", ("sdm630", "em112", "em340", "em112_pfb", "em330", "em530", "wall_connector", "wall_connector/total_fourth", "wattnode", "headroom")),
    Setting("emulate_line", "meter", 0, 0, "", ("meter", "charger")),
    Setting("emulate_address", 1, 1, 247, "", ()),
    Setting("emulate_baud", 0, 0, 115200, "", ()),
    Setting("emulate_parity", "N", 0, 0, "", ("N", "E", "O")),
    Setting("emulate_when_bad", "", 0, 0, "", ("silence", "full", "exception")),
    Setting("zone", "UTC0", 0, 60, "", None),
    Setting("import_w", 0, -5000, 5000, "W", ()),
    Setting("sun_hold_min", 10, 1, 60, "min", ()),
    Setting("tariff", "", 0, 300, "", None),
    Setting("tariff_otherwise", "", 0, 8, "", None),
    Setting("cap_w", 0, 0, 100000, "W", ()),
    Setting("cap_window_min", 15, 15, 60, "min", ()),
    Setting("contact_pin", 0, 0, 48, "", ()),
    Setting("contact_limits", "open", 0, 0, "", ("open", "closed")),
    Setting("contact_w", 4200, 0, 100000, "W", ()),
    Setting("contact_a", 0, 0, 80, "A", ()),
    Setting("keep_sessions", 0, 0, 1, "", ()),
    Setting("thermometer", "", 0, 0, "", ("L2", "L3", "EV", "V", "pin", "chip")),
    Setting("warm_c", 60, 30, 115, "C", ()),
    Setting("hot_c", 80, 35, 120, "C", ()),
    Setting("ntc_beta", 3950, 2000, 6000, "", ()),
    Setting("ntc_series_ohm", 10000, 500, 500000, "ohm", ()),
    Setting("commands", 0, 0, 1, "", ()),
    Setting("clock_sda_pin", 0, 0, 48, "", ()),
    Setting("clock_scl_pin", 0, 0, 48, "", ()),
    Setting("inverter_legs", "", 0, 0, "", panel.LEG_MAPS),
    Setting("ctN.lead_mdeg", 0, -15000, 15000, "mdeg", ()),
    Setting("vN.ratio", 0, 0, 1270000, "", ()),
    Setting("groupN.breaker_a", 0, 0, 400, "A", ()),
    Setting("chargerN.profile", "", 0, 0, "", families.CHOICES),
    Setting("chargerN.address", 1, 1, 247, "", ()),
    Setting("chargerN.baud", 0, 0, 115200, "", ()),
    Setting("chargerN.parity", "", 0, 0, "", ("N", "E", "O")),
    Setting("chargerN.circuit_a", 60, 8, 100, "A", ()),
    Setting("chargerN.max_a", 80, 6, 80, "A", ()),
    Setting("chargerN.fallback_a", 6, 0, 80, "A", ()),
    Setting("chargerN.min_a", 6, 6, 32, "A", ()),
    Setting("chargerN.legs", "", 0, 0, "", panel.LEG_MAPS),
    Setting("chargerN.group", 0, 0, 8, "", ()),
    Setting("chargerN.priority", 5, 1, 9, "", ()),
    Setting("chargerN.mode", "fast", 0, 0, "", _MODES),
    Setting("chargerN.schedule", "", 0, 300, "", None),
    Setting("chargerN.schedule_unknown", "fast", 0, 0, "", _MODES),
    Setting("chargerN.charge_below", "", 0, 8, "", None),
    Setting("chargerN.finish", "", 0, 5, "", None),
    Setting("chargerN.finish_kwh", 10, 1, 200, "kWh", ()),
    Setting("chargerN.pin", 0, 0, 48, "", ()),
    Setting("chargerN.readback_pin", 0, 0, 48, "", ()),
    Setting("chargerN.rest_s", 120, 60, 3600, "s", ()),
)  # fmt: skip


_COUNTS = {"chargerN": records.MAX_CHARGERS, "groupN": records.MAX_GROUPS, "ctN": 4, "vN": 3}


def row_of(name):
    """The row of a setting, or None: `charger7.max_a` has the row `chargerN.max_a`."""
    which, dot, key = name.partition(".")
    if dot:
        name = _kind(which) + dot + key
    for row in TABLE:
        if row.name == name:
            return row
    return None


def names(values, prefix=""):
    """Generates the names that begin with `prefix`: in the order of the table, then by number.

    Of the numbered rows only those that differ from their default, unless `prefix` names one
    number: "charger7" is all about charger 7.
    """
    which = prefix.partition(".")[0]
    kind = _kind(which)
    if kind:
        for key in _keys(kind):
            if (which + key).startswith(prefix):
                yield which + key
        return
    for row in TABLE:
        if row.name.startswith(prefix) and "." not in row.name:
            yield row.name
    for kind in sorted(_COUNTS):
        if kind.startswith(prefix):
            yield from _numbered(values, kind)


def _numbered(values, kind):
    """Names of such a kind that `values` holds, number by number."""
    keys = list(_keys(kind))
    for n in range(1, _COUNTS[kind] + 1):
        which = kind[:-1] + str(n)
        for key in keys:
            if which + key in values:
                yield which + key


def _keys(kind):
    """Generates ".profile" and so on."""
    for row in TABLE:
        if row.name.startswith(kind):
            yield row.name[len(kind) :]


def _kind(which):
    """ "chargerN" for charger1 to charger25, "groupN" for group1 to group8, else ""."""
    kind = which.rstrip("0123456789") + "N"
    number = which[len(kind) - 1 :]
    if kind in _COUNTS and number and number[0] != "0" and int(number) <= _COUNTS[kind]:
        return kind
    return ""


_of_board = {}  # defaults that differ on this board
voltage_place = "EV"  # the input that a voltage takes on this board: "V", "EV" or ""
free_pins = ()  # the GPIOs of this board that nothing is wired to yet
board = None  # its data, see boards/
_span_mv = ct_types.VREF_MV  # from peak to peak, around the bias, that its converter shows


def fit(data):
    """From now on the defaults are those of this board: the burdens that its page says to fit.

    And what may be set is what its converter can show between its rails, and what its radio needs.
    """
    global TABLE, _span_mv, voltage_place, free_pins, board
    board = data
    if getattr(board, "RADIO", False) and not row_of("broker"):
        from . import radio  # in memory only there

        TABLE += tuple(Setting(*row) for row in radio.ROWS)
    free_pins = getattr(board, "FREE_PINS", ())
    voltage_place = "V" if "V" in board.CHANNELS else getattr(board, "VOLTAGE", "")
    for name in ("burden_mohm", "ev_burden_mohm"):
        _of_board[name] = board.BURDEN_OHM * 1000
    if hasattr(board, "SPAN_MV"):
        _span_mv = board.SPAN_MV
        return
    low_mv, high_mv = getattr(board, "ADC_RAILS_MV", (0, board.VREF_MV))
    _span_mv = min(board.VREF_MV - 2 * low_mv, 2 * high_mv - board.VREF_MV)


def span_mv():
    """What this board's converter can show, from peak to peak around the bias."""
    return _span_mv


def default_of(row):
    """The default of a row of the table on this board."""
    return _of_board.get(row.name, row.default)


def defaults():
    """The factory values: a dict of every name but the numbered ones."""
    return {row.name: default_of(row) for row in TABLE if "." not in row.name}


def value_of(values, name):
    """The value in a set, the default if the set doesn't hold it."""
    return values[name] if name in values else default_of(row_of(name))


def put(values, name, value):
    """Change one value in a set; a numbered row at its default isn't kept."""
    if "." in name and value == row_of(name).default:
        values.pop(name, None)
    else:
        values[name] = value


def parse(name, text):
    """The value that `text` means for setting `name`; Refused if it can't be."""
    row = row_of(name)
    if row is None:
        raise Refused("unknown setting '%s'; 'get' lists all" % name)
    if row.choices or is_text(row):
        value = "" if text in ('""', "none") else text
    else:
        try:
            value = int(text)
        except ValueError:
            raise Refused("%s takes a whole number %s, not '%s'" % (name, _range(row), text))
    check_value(name, row, value)
    return value


def chargers(values):
    """The numbers of the chargers that exist, in order."""
    return [n for n in range(1, records.MAX_CHARGERS + 1) if values.get("charger%d.profile" % n)]


def of_charger(values, n, key):
    """Value of `charger<n>.<key>`."""
    return value_of(values, "charger%d.%s" % (n, key))


def is_text(row):
    """Is it a text, such as a schedule?"""
    return row.choices is None


def is_secret(name):
    """Is it shown to nobody: not in `get`, `dump`, the log or the hash?"""
    return name.endswith("_password")


def _range(row):
    return "from %d to %d%s" % (row.minimum, row.maximum, " " + row.unit if row.unit else "")


def check_value(name, row, value):
    """Refused unless the setting of this row can have this value."""
    if is_text(row):
        if not isinstance(value, str) or len(value) > row.maximum or not _plain(value):
            raise Refused(
                "%s takes at most %d plain characters, none of them a quotation mark or a "
                "backslash" % (name, row.maximum)
            )
        return
    if row.choices:
        if not isinstance(value, str) or value not in row.choices + ("",) * (not row.default):
            allowed = ", ".join(row.choices) + ("" if row.default else ", or none")
            raise Refused("%s is one of: %s; not '%s'" % (name, allowed, value))
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused("%s takes a whole number %s, not '%s'" % (name, _range(row), value))
    if not row.minimum <= value <= row.maximum:
        raise Refused("%s must be %s, not %d" % (name, _range(row), value))
    if name.endswith(".fallback_a") and 0 < value < 6:
        raise Refused("%s is 0 (pause) or at least 6 A, not %d" % (name, value))


def _plain(text):
    """What can be typed, and be dumped between quotation marks."""
    for character in text:
        if not " " <= character <= "~" or character in '"\\':
            return False
    return True
