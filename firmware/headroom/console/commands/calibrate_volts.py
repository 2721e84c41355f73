"""`calibrate V` and `calibrate phase`: in memory only where a voltage is fitted.

    calibrate V 241.3       a voltmeter at the sensor's place shows 241.3 V; V2 and V3 where L2 and
                            L3 have sensors of their own
    calibrate phase L1      on L1 hardly anything flows but a resistive load, 5 A or more: a
                            heater, an oven, or a car that charges (power factor 0.99 or better)

With a resistive load current and voltage are in phase, so what they are apart is the lead of the
CT that its type did not say, or that of the sensor.
"""

import math

from ...metering import voltage_types
from ...settings import table

_LEAST_MA = 5000  # the angle is then known to a tenth of a degree
_FURTHEST_DEG = 8  # no CT with its burden leads further than it is thought to
_LAGS_MDEG = 3000  # no CT lags: so much is left to a sensor that leads more than it is thought to
_PUREST_PPT = 985  # of the apparent power, in the fundamental


def run(calibrate, where, what):
    """(setting, value); table.Refused says why not. Calibrate knows the meter and its settings."""
    if not calibrate.meter.power:
        raise table.Refused("no voltage is fitted: set voltage first")
    if where != "PHASE":
        return _volts(calibrate.meter, calibrate.values, where, what)
    name = what.upper()
    return _phase(calibrate.meter, calibrate.values, name, calibrate.channel(name))


def _volts(meter, values, where, text):
    leg = int(where[1:] or 1) - 1
    ratios = voltage_types.ratios(values)
    if leg >= len(ratios):
        raise table.Refused("L%d has no sensor of its own: v%d.ratio is 0" % (leg + 1, leg + 1))
    from ...metering import voltage  # there already, where one is fitted

    reference_mv = _millivolts(text)
    nominal_mv = values["nominal_v"] * 1000
    if abs(reference_mv - nominal_mv) * 5 > nominal_mv:
        raise table.Refused(
            "%s V is more than 20 %% off nominal_v, %d V" % (text, values["nominal_v"])
        )
    off = voltage.OPEN | voltage.LOW | voltage.HIGH  # as a wrong ratio makes it
    if meter.power.faults_of(leg) & ~off:
        raise table.Refused("%s; only a sound one can be matched" % voltage.names(meter.power)[0])
    shown_mv = meter.steady_mv(leg)
    if shown_mv < 0:
        raise table.Refused("the voltage moves; it must be steady within 2 % for 2 s")
    ratio = ratios[leg] * reference_mv // max(shown_mv, 1)
    of_type = voltage_types.TYPES[values["voltage"]][0] or ratios[leg]
    if abs(ratio - of_type) * 5 > of_type:
        raise table.Refused(
            "shown %d mV, reference %d mV: more than 20 %% off is a wrong sensor or voltage_ratio"
            % (shown_mv, reference_mv)
        )
    return "v%d.ratio" % (leg + 1) if leg else "voltage_ratio", ratio


def _phase(meter, values, where, c):
    power = meter.power
    if not power.known >> c & 1:
        raise table.Refused("the power of %s is unknown: see 'faults'" % where)
    ma = meter.channels[c].steady_ma()
    if ma < 0:
        raise table.Refused("the current of %s moves; it must be steady for 2 s" % where)
    if ma < _LEAST_MA:
        raise table.Refused(
            "%s carries %d mA: the phase needs 5 A or more of a resistive load" % (where, ma)
        )
    mw, mvar, mva = power.mw[c], power.mvar[c], power.mva[c]
    if mw <= 0:
        raise table.Refused(
            "%s feeds in %d W: its CT or the voltage's sensor is on backwards, or the sun shines"
            % (where, -mw // 1000)
        )
    angle_deg = math.degrees(math.atan2(mvar, mw))
    seen = "power factor %.2f, the current %s by %.1f degrees" % (
        mw / mva,
        "lags" if angle_deg > 0 else "leads",
        abs(angle_deg),
    )
    if math.sqrt(mw * mw + mvar * mvar) * 1000 < mva * _PUREST_PPT:
        raise table.Refused("no resistive load: the current is no sine (%s)" % seen)
    if abs(angle_deg) > _FURTHEST_DEG:
        raise table.Refused("no resistive load: " + seen)
    name = "ct%s.lead_mdeg" % ("4" if where == "EV" else where[1])
    mdeg = table.value_of(values, name) - round(angle_deg * 1000)
    ct = "ev_" if where == "EV" else ""
    lead_mdeg = mdeg + voltage_types.lead_mdeg(values[ct + "ct"], values[ct + "burden_mohm"])
    if lead_mdeg < -_LAGS_MDEG and values["voltage"] != "custom":
        raise table.Refused("no resistive load, for a CT leads: %s; a motor beside it?" % seen)
    return name, mdeg


def _millivolts(text):
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or (fraction and not fraction.isdigit()) or len(fraction) > 3:
        raise table.Refused("'%s' is not a voltage: volts like 241.3" % text)
    return int(whole) * 1000 + int((fraction + "000")[:3])
