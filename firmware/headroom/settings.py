"""Every setting in one table: name, kind, default, range, unit and meaning.

The console, the storage and the README all read this table. A set of values is valid as a whole
or refused: `check` gives the one sentence that says what is wrong and what is allowed.
`chargerN.` rows stand for charger1 to charger4; a charger exists once it has a profile.
"""

from . import records


class Setting:
    """One row. kind is "int" or "str"; a "str" row lists its `choices`, "" meaning none."""

    def __init__(self, name, kind, default, minimum, maximum, unit, meaning, choices=()):
        self.name = name
        self.kind = kind
        self.default = default
        self.minimum = minimum
        self.maximum = maximum
        self.unit = unit
        self.meaning = meaning
        self.choices = choices


class Refused(ValueError):
    """A value or a combination that can't be; the text tells the user what to change."""


PROFILES = ("heidelberg", "evse_wb")

TABLE = (
    Setting("legs", "int", 2, 1, 2, "", "service legs with a CT: 1 single phase, 2 split phase"),
    Setting("mains_hz", "int", 60, 50, 60, "Hz", "mains frequency: 50 or 60"),
    Setting("breaker_a", "int", 100, 10, 400, "A", "rating of the main breaker"),
    Setting("derate_pct", "int", 80, 50, 100, "%", "share of the rating that may flow for hours"),
    Setting("ct_ratio", "int", 4000, 500, 10000, "", "mains CT, primary to secondary: 200 A:50 mA is 4000"),
    Setting("burden_mohm", "int", 22000, 1000, 200000, "mohm", "burden resistor of each mains CT"),
    Setting("ev_ct_ratio", "int", 2000, 500, 10000, "", "EV branch CT, primary to secondary"),
    Setting("ev_burden_mohm", "int", 22000, 1000, 200000, "mohm", "burden resistor of the EV branch CT"),
    Setting("dead_time_s", "int", 6, 5, 60, "s", "time that a change needs to show: the car's lag"),
    Setting("rise_window_s", "int", 20, 10, 600, "s", "room must have lasted this long before a rise"),
    Setting("chargerN.profile", "str", "", 0, 0, "", "charger family; empty: no charger N", PROFILES),
    Setting("chargerN.address", "int", 1, 1, 247, "", "Modbus address"),
    Setting("chargerN.circuit_a", "int", 60, 8, 100, "A", "breaker of the charger's circuit; 80 % is used"),
    Setting("chargerN.max_a", "int", 80, 6, 80, "A", "the most that the car may draw"),
    Setting("chargerN.fallback_a", "int", 6, 0, 32, "A", "current when charger or meter is blind; 0 pauses"),
)  # fmt: skip


def _rows():
    for row in TABLE:
        if row.name.startswith("chargerN."):
            for n in range(1, records.MAX_CHARGERS + 1):
                yield row.name.replace("N", str(n), 1), row
        else:
            yield row.name, row


ROWS = dict(_rows())
NAMES = tuple(name for name, _ in _rows())


def defaults():
    """The factory values, as a dict of every name."""
    return {name: ROWS[name].default for name in NAMES}


def parse(name, text):
    """The value that `text` means for setting `name`; Refused if it can't be."""
    row = ROWS.get(name)
    if row is None:
        raise Refused("unknown setting '%s'; 'get' lists all" % name)
    if row.kind == "str":
        value = "" if text in ('""', "none") else text
    else:
        try:
            value = int(text)
        except ValueError:
            raise Refused("%s takes a whole number %s, not '%s'" % (name, _range(row), text))
    _check_value(name, row, value)
    return value


def check(values):
    """Refused unless `values` (a dict of every name) can be, each alone and all together."""
    for name in NAMES:
        if name not in values:
            raise Refused("setting '%s' is missing" % name)
        _check_value(name, ROWS[name], values[name])
    for name in values:
        if name not in ROWS:
            raise Refused("unknown setting '%s'" % name)
    _check_measuring(values)
    _check_chargers(values)


def chargers(values):
    """The numbers of the chargers that exist, in order."""
    return [n for n in range(1, records.MAX_CHARGERS + 1) if values["charger%d.profile" % n]]


def of_charger(values, n, key):
    """Value of `charger<n>.<key>`."""
    return values["charger%d.%s" % (n, key)]


def _range(row):
    return "from %d to %d%s" % (row.minimum, row.maximum, " " + row.unit if row.unit else "")


def _check_value(name, row, value):
    if row.kind == "str":
        if not isinstance(value, str) or (value and value not in row.choices):
            allowed = ", ".join(row.choices)
            raise Refused("%s is one of: %s, or none; not '%s'" % (name, allowed, value))
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused("%s takes a whole number %s, not '%s'" % (name, _range(row), value))
    if not row.minimum <= value <= row.maximum:
        raise Refused("%s must be %s, not %d" % (name, _range(row), value))
    if name == "mains_hz" and value not in (50, 60):
        raise Refused("mains_hz is 50 or 60, not %d" % value)
    if name.endswith(".fallback_a") and 0 < value < 6:
        raise Refused("%s is 0 (pause) or at least 6 A, not %d" % (name, value))


def _check_measuring(values):
    for ratio, burden in (("ct_ratio", "burden_mohm"), ("ev_ct_ratio", "ev_burden_mohm")):
        if values[ratio] * 1000 > values[burden] * 1200:
            raise Refused(
                "%s %d with %s %d is too coarse: above 1 A a count; raise the burden"
                % (ratio, values[ratio], burden, values[burden])
            )
    # A sine's RMS at the rails: 3.3 V / 2 / sqrt 2 = 1.167 V over the burden, times the ratio.
    range_a = values["ct_ratio"] * 1167 // values["burden_mohm"]
    if range_a * 4 < values["breaker_a"] * 5:
        raise Refused(
            "ct_ratio %d with burden_mohm %d shows at most %d A; breaker_a %d needs 1.25 times "
            "its rating" % (values["ct_ratio"], values["burden_mohm"], range_a, values["breaker_a"])
        )


def _check_chargers(values):
    limit_a = values["breaker_a"] * values["derate_pct"] // 100
    owners = {}
    fallbacks_a = 0
    for n in chargers(values):
        address = of_charger(values, n, "address")
        if address in owners:
            raise Refused(
                "charger%d and charger%d have the same address %d; give each its own"
                % (owners[address], n, address)
            )
        owners[address] = n
        fallback_a = of_charger(values, n, "fallback_a")
        circuit_a = of_charger(values, n, "circuit_a") * 80 // 100
        allowed_a = min(circuit_a, of_charger(values, n, "max_a"))
        if fallback_a > allowed_a:
            raise Refused(
                "charger%d.fallback_a %d is above what its circuit and max_a allow: %d A"
                % (n, fallback_a, allowed_a)
            )
        fallbacks_a += fallback_a
    if fallbacks_a > limit_a:
        raise Refused(
            "the fallbacks add up to %d A, above the limit of %d A (breaker_a x derate_pct)"
            % (fallbacks_a, limit_a)
        )
