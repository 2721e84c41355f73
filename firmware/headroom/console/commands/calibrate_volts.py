"""`calibrate V` and `calibrate phase`: in memory only where a voltage is fitted.

    calibrate V 241.3       a voltmeter at the sensor's place shows 241.3 V
    calibrate phase L1      on L1 hardly anything flows but a resistive load, 5 A or more: a
                            heater, an oven, or a car that charges (power factor 0.99 or better)

With a resistive load current and voltage are in phase, so what they are apart is the lead of the
CT that its type did not say, or that of the sensor.
"""

import math

from ...metering import calibration
from ...settings import table

_LEAST_MA = 5000  # the angle is then known to a tenth of a degree
_FURTHEST_DEG = 8  # no CT with its burden leads further than it is thought to
_PUREST_PPT = 985  # of the apparent power, in the fundamental


def volts(meter, values, text):
    """(setting, value) from what a voltmeter shows; NotNow says why not."""
    if not meter.watts:
        raise calibration.NotNow("no voltage is fitted: set voltage first")
    reference_mv = _millivolts(text)
    nominal_mv = values["nominal_v"] * 1000
    if abs(reference_mv - nominal_mv) * 100 > nominal_mv * 20:
        raise calibration.NotNow(
            "%s V is more than 20 %% off nominal_v, %d V" % (text, values["nominal_v"])
        )
    shown_mv = meter.watts.voltage.channel.steady_ma()
    if shown_mv < 0:
        raise calibration.NotNow("the voltage moves; it must be steady within 2 % for 2 s")
    gain_ppm = values["voltage_gain_ppm"] * reference_mv // max(shown_mv, 1)
    row = table.row_of("voltage_gain_ppm")
    if not row.minimum <= gain_ppm <= row.maximum:
        raise calibration.NotNow(
            "shown %d mV, reference %d mV: more than 20 %% off is a wrong sensor or voltage_ratio"
            % (shown_mv, reference_mv)
        )
    return "voltage_gain_ppm", gain_ppm


def phase(meter, values, where, c):
    """(setting, value) for the CT of channel `c`, called `where`; NotNow says why not."""
    power = meter.power
    if not power:
        raise calibration.NotNow("no voltage is fitted: set voltage first")
    if not power.known >> c & 1:
        raise calibration.NotNow("the power of %s is unknown: see 'faults'" % where)
    ma = meter.channels[c].steady_ma()
    if ma < 0:
        raise calibration.NotNow("the current of %s moves; it must be steady for 2 s" % where)
    if ma < _LEAST_MA:
        raise calibration.NotNow(
            "%s carries %d mA: the phase needs 5 A or more of a resistive load" % (where, ma)
        )
    mw, mvar, mva = power.mw[c], power.mvar[c], power.mva[c]
    if mw <= 0:
        raise calibration.NotNow(
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
        raise calibration.NotNow("no resistive load: the current is no sine (%s)" % seen)
    if abs(angle_deg) > _FURTHEST_DEG:
        raise calibration.NotNow("no resistive load: " + seen)
    name = where.lower() + "_lead_mdeg"
    return name, values[name] - round(angle_deg * 1000)


def _millivolts(text):
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or (fraction and not fraction.isdigit()) or len(fraction) > 3:
        raise calibration.NotNow("'%s' is not a voltage: volts like 241.3" % text)
    return int(whole) * 1000 + int((fraction + "000")[:3])
