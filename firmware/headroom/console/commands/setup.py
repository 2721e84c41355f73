"""The questions of `setup`: in memory only while they are asked, see installer.py."""

from ...charging.families import RELAY
from ...settings import cts, table, together

_CHARGERS = (
    "FAMILY ADDRESS BREAKER, as in: heidelberg 1 20, evse_wb 2 60; relay PIN BREAKER; or none"
)


def questions(configuration, access):
    """The job; the two are the topics that take what is answered."""
    access.require_open("setup changes what protects the panel")
    values = configuration.wanted()
    yield "Eight questions. Enter alone keeps what is in brackets; 'stop' changes nothing.\n"
    yield "1. Legs of the service, each with a CT: 1, 2 (split phase) or 3"
    yield from _until_taken(values, values["legs"], _take_legs)
    yield "2. Rating of the main breaker in A"
    yield from _until_taken(values, values["breaker_a"], _take_breaker)
    yield "3. Type of the mains CTs: " + ", ".join(sorted(table.row_of("ct").choices))
    yield from _until_taken(values, values["ct"], _take_ct, _checking_ratings)
    yield "4. Burden resistor of each CT in ohm, as fitted; unused for 333 mV types"
    fitted = "%g" % (values["burden_mohm"] / 1000)
    yield from _until_taken(values, fitted, _take_burden, together.checking_cts)
    yield "5. Chargers: %s\n   families: " % _CHARGERS
    yield ", ".join(sorted(table.row_of("charger1.profile").choices))
    yield from _until_taken(values, "as they are", _take_chargers, together.checking)
    yield "6. Current of each charger when it or the meter is blind, in A; 0 pauses"
    yield from _until_taken(values, "as it is", _take_fallback, together.checking)
    yield "7. GPIO of the grid operator's contact, closed while all is free; or none"
    pin = values["contact_pin"] or "none"
    yield from _until_taken(values, pin, _take_contact, together.checking)
    yield from configuration.take(values)
    yield "8. PIN for what protects the panel, 4 to 16 digits, or none"
    yield from _ask_pin(access)
    yield from configuration.save((), "setup")


def _checking_ratings(values):
    yield
    problem = cts.too_weak(values)
    if problem:
        raise table.Refused(problem)


def _ask_pin(access):
    while True:
        pin = yield from _answer("the present one" if access.has_pin() else "none")
        if not pin:
            return
        try:
            yield from access.pin([pin])
            return
        except table.Refused as refusal:
            yield "   %s" % refusal


def _until_taken(values, default, take, checking=None):
    """Ask until `take(values, text)` changes the values to some that can be.

    checking  what must fit together by now: a generator of steps, None for nothing yet
    """
    while True:
        text = yield from _answer(default)
        wanted = values.copy()
        try:
            if text:
                take(wanted, text)
            if checking:
                yield from checking(wanted)
        except table.Refused as refusal:
            yield "   %s" % refusal
            continue
        values.clear()
        values.update(wanted)
        return


def _answer(default):
    """The next line that is typed."""
    yield " [%s]: " % default
    line = None
    while line is None:
        line = yield ""
    return line


def _put(values, name, text):
    table.put(values, name, table.parse(name, text))


def _take_legs(values, text):
    if text == "0":
        raise table.Refused("0 legs need groups: see 'help legs' and 'help group1'")
    _put(values, "legs", text)
    if values["legs"] == 3 and values["ev_source"] == "ct":
        _put(values, "ev_source", "estimate")  # one EV CT can't tell three legs apart


def _take_breaker(values, text):
    _put(values, "breaker_a", text)


def _take_ct(values, text):
    _put(values, "ct", text)


def _take_burden(values, text):
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isdigit() or len(fraction) > 3:
        raise table.Refused("the burden is in ohm, like 18 or 9.1, not '%s'" % text)
    for name in ("burden_mohm", "ev_burden_mohm"):
        _put(values, name, whole + (fraction + "000")[:3])


def _take_chargers(values, text):
    chargers = [] if text == "none" else [part.split() for part in text.split(",")]
    for name in list(values):
        if name.startswith("charger"):
            del values[name]
    for n in range(len(chargers)):
        if len(chargers[n]) != 3:
            raise table.Refused("each charger is " + _CHARGERS)
        name = "charger%d." % (n + 1)
        relay = chargers[n][0] == RELAY
        for key, word in zip(("profile", "pin" if relay else "address", "circuit_a"), chargers[n]):
            _put(values, name + key, word)
        if relay:  # it draws what its circuit may carry for hours, and is off when blind
            circuit_a = table.value_of(values, name + "circuit_a")
            _put(values, name + "max_a", str(circuit_a * 80 // 100))
            _put(values, name + "fallback_a", "0")


def _take_contact(values, text):
    _put(values, "contact_pin", "0" if text == "none" else text)


def _take_fallback(values, text):
    for n in table.chargers(values):
        if table.of_charger(values, n, "profile") != RELAY:  # it stays off
            _put(values, "charger%d.fallback_a" % n, text)
