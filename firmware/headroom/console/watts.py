"""Volts, watts and watt-hours for people: in memory only where a voltage is fitted."""


def lines(now):
    """Beneath the currents of the status: the voltage and the power of each leg."""
    volts = now["voltage"]
    yield "%s, %s to %s since the start%s\n" % (
        _units(volts["mv"] // 100, 10, "V"),
        _units(volts["low_mv"] // 100, 10, "V"),
        _units(volts["high_mv"] // 100, 10, "V"),
        "" if volts["good"] else "; watts are unknown, see the faults",
    )
    for leg in now["legs"] + ([now["ev"]] if "ev" in now else []):
        if leg["w"] is None:
            yield "%-4s power unknown\n" % leg["name"]
            continue
        factor = leg["pf_ppt"]
        yield "%-4s %7d W %7d VA %7d VAr%s%s\n" % (
            leg["name"],
            leg["w"],
            leg["va"],
            leg["var"],
            "" if factor is None else ", power factor " + _units((factor + 5) // 10, 100, ""),
            _whose(leg),
        )


def energy(now):
    """What was drawn and fed in since the counters began, line by line."""
    yield "%-5s %12s %12s\n" % ("", "imported", "exported")
    for total in now["energy"] + [now["house"]]:
        yield "%-5s %8s kWh %8s kWh\n" % (
            total.get("name", "house"),
            _units(total["import_wh"] // 10, 100, ""),
            _units(total["export_wh"] // 10, 100, ""),
        )


def _whose(leg):
    """What voltage it was measured with, where that is not L1's own."""
    if leg["assumed"]:
        return "; its voltage is taken to be like L1's"
    return "; at %s" % _units(leg["mv"] // 100, 10, "V") if leg["name"] in ("L2", "L3") else ""


def _units(number, over, unit):
    """12345 over 10 V as "1234.5 V"."""
    sign = "-" if number < 0 else ""
    digits = len(str(over)) - 1
    text = "%s%d.%0*d" % (sign, abs(number) // over, digits, abs(number) % over)
    return text + " " + unit if unit else text
