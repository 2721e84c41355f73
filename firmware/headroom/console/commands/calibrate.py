"""The `calibrate` command: from a clamp meter's reading, or from the noise, to a setting.

    calibrate L1 23.4    a clamp meter on L1 shows 23.4 A, and the current is steady
    calibrate L1 zero    the CT of L1 is off its conductor
    calibrate V ..., calibrate phase ...    see calibrate_volts.py

The result waits in the settings until `save`; what was in force before stays until then.
"""

from ... import records
from ...metering import calibration, ct_types
from ...settings import table

_NO_CURRENT = records.NO_SIGNAL | records.STUCK  # only a leg is asked for these


class Calibrate:
    """Knows the channels of a meter and the `values` that it was built from."""

    def __init__(self, meter, values):
        self.meter = meter
        self.values = values

    def run(self, where, what):
        """(setting, value) for a channel "L1", "L2", "L3" or "EV"; table.Refused says why not.

        what  amperes as text like "23.4", or "zero"
        where may be "V", "V2", "V3" too, and "PHASE", `what` being the channel then
        """
        if where in ("V", "V2", "V3", "PHASE"):
            from . import calibrate_volts  # in memory only then

            return calibrate_volts.run(self, where, what)
        c = self.channel(where)
        channel = self.meter.channels[c]
        prefix = where.lower()
        try:
            if what == "zero":
                current = where != "EV" and not channel.faults & _NO_CURRENT
                noise_q7 = calibration.new_noise_q7(
                    channel.raw_power_q7, channel.steady_ma(), current
                )
                return prefix + "_noise", noise_q7
            name = prefix + "_gain_ppm"
            gain_ppm = calibration.new_gain_ppm(
                self.values[name], channel.steady_ma(), _milliamperes(what), self._rated_ma(where)
            )
            return name, gain_ppm
        except calibration.NotNow as reason:
            raise table.Refused(str(reason))

    def channel(self, where):
        names = ["L%d" % (leg + 1) for leg in range(self.meter.window.legs)]
        if self.meter.ev_used:
            names.append("EV")
        if where not in names:
            raise table.Refused("no channel '%s'; there are: %s" % (where, ", ".join(names)))
        return names.index(where)

    def _rated_ma(self, where):
        ct = self.values["ev_ct" if where == "EV" else "ct"]
        return ct_types.TYPES[ct][0] * 1000


def _milliamperes(text):
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or (fraction and not fraction.isdigit()) or len(fraction) > 3:
        raise table.Refused("'%s' is not a current: amperes like 23.4, or zero" % text)
    return int(whole) * 1000 + int((fraction + "000")[:3])
