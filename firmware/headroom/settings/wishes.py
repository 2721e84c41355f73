"""What people would like, as settings: may it be, alone and all together?

In memory only while such a setting that isn't at its default is looked at. Each text is read by
the file of planning/ that will work by it, whose refusal says what is allowed.
"""

from . import asked, table


def problem(values, numbers):
    """Why these wishes can't be, as a sentence; "" if they can. A generator of small steps."""
    for look in (_zone, _cap, _contact, _inverter, _thermometer, _tariff):
        yield
        found = look(values)
        if found:
            return found
    for n in numbers:
        for look in (_mode, _schedule, _price, _finish):
            yield
            found = look(values, n)
            if found:
                return found
    return ""


def _zone(values):
    if values["zone"] == table.row_of("zone").default:
        return ""
    from ..planning.zone import Zone

    return _read("zone", Zone, values["zone"])


def _cap(values):
    if values["cap_window_min"] not in (15, 30, 60):
        return "cap_window_min is 15, 30 or 60, not %d" % values["cap_window_min"]
    if not values["cap_w"]:
        return ""
    if not values["legs"]:
        return "cap_w %d needs CTs that see the house: legs is 0" % values["cap_w"]
    if values["cap_w"] < 1000:
        return "cap_w is 0 (no cap), or 1000 to 100000 W, not %d" % values["cap_w"]
    return ""


def _contact(values):
    if not values["contact_pin"]:
        return ""
    from ..planning.contact import Contact

    watts, amperes = values["contact_w"], values["contact_a"]
    return _read("contact_w and contact_a", Contact, watts, amperes * 1000)


def _inverter(values):
    """It takes the input of the EV's CT, and has nothing to say beside a voltage."""
    legs = values["inverter_legs"]
    if not legs:
        return ""
    text = "inverter_legs %s: " % legs
    if values["voltage"]:
        return text + "the voltage tells what is fed in; one of the two"
    if values["ev_source"] == "ct":
        return text + "its CT takes the input of the EV's: ev_source register or estimate"
    channels = getattr(table.board, "CHANNELS", ())
    if hasattr(table.board, "ATM90E32"):
        return text + "this board has a voltage, which tells what is fed in: set voltage"
    if values["legs"] == 3 and "L3" not in channels:
        return text + "on this board the CT of L3 has the input that it would take"
    if int(max(legs.split("L"))) > values["legs"]:
        return text + "the panel has %d (legs)" % values["legs"]
    return ""


def _thermometer(values):
    if not values["thermometer"]:
        return ""
    from . import thermometer

    return thermometer.problem(values)


def _tariff(values):
    if not (values["tariff"] or values["tariff_otherwise"]):
        return ""
    from ..planning.tariff import Tariff

    if not values["tariff_otherwise"]:
        return "tariff_otherwise is missing: the price outside of tariff's windows, such as 0.25"
    found = _read("tariff_otherwise", Tariff, "", values["tariff_otherwise"], "0")
    return found or _read("tariff", Tariff, values["tariff"], "0", "0")


def _mode(values, n):
    return _sun_needs(values, n, "mode", table.of_charger(values, n, "mode"))


def _schedule(values, n):
    text = table.of_charger(values, n, "schedule")
    unknown = table.of_charger(values, n, "schedule_unknown")
    if not text:
        return ""
    from ..planning.schedule import Schedule

    found = _read("charger%d.schedule" % n, Schedule, text)
    if found:
        return found
    if Schedule(text).names_sun():
        found = _sun_needs(values, n, "schedule", "sun")
    return found or _sun_needs(values, n, "schedule_unknown", unknown)


def _sun_needs(values, n, key, mode):
    """Surplus has a sign, which amperes alone don't tell.

    And where the sun feeds the car the mains have less than the EV branch, which metering must
    take for a CT that reads low: nothing would be raised any more.
    """
    if mode not in ("sun", "sun+min"):
        return ""
    if values["inverter_legs"]:
        return ""
    if asked.commands(values) and not values["voltage"]:
        if values["cap_w"]:
            return (
                "charger%d.%s %s goes by what 'grid' tells, and cap_w by the CTs: one of the two, "
                "or fit a sensor of the voltage" % (n, key, mode)
            )
        return ""
    if values["voltage"]:
        if values["ev_source"] == "ct":
            return (
                "charger%d.%s %s with ev_source ct: a CT on the EV branch is doubted while the "
                "sun feeds the car, and nothing rises; ev_source register or estimate"
                % (n, key, mode)
            )
        return ""
    return (
        "charger%d.%s %s follows what the house feeds in, which CTs alone don't tell from what it "
        "draws: fit a sensor of the voltage (see 'help voltage') or name a CT on an inverter that "
        "feeds in ahead of them ('help inverter_legs'), or have it told ('help commands'), or "
        "choose fast or off" % (n, key, mode)
    )


def _price(values, n):
    below = table.of_charger(values, n, "charge_below")
    if not below:
        return ""
    if not values["tariff_otherwise"]:
        return "charger%d.charge_below needs prices: set tariff_otherwise, and tariff" % n
    from ..planning.tariff import price_of

    return _read("charger%d.charge_below" % n, price_of, below)


def _finish(values, n):
    start = table.of_charger(values, n, "finish")
    if not start:
        return ""
    if table.of_charger(values, n, "profile") == "relay":
        return "charger%d.finish: a relay is not told when a car comes; choose a schedule" % n
    from ..planning.week import minute_of

    return _read("charger%d.finish" % n, minute_of, start)


def _read(name, read, *values):
    """What `read` finds wrong with them, "" if nothing."""
    try:
        read(*values)
    except ValueError as error:
        return "%s: %s" % (name, error)
    return ""
