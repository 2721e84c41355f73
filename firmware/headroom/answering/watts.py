"""Our measurement as an energy meter's, with a voltage: in memory only where one is fitted."""

from . import readings
from .models import TOTAL, WORST

_KNOWN = ("mv", "mv_ll", "mw", "mva", "mvar", "pf_ppt")


class Readings(readings.Readings):
    """Measured volts, watts with their sign, power factor, energy in both directions.

    While the voltage is not healthy, volts, watts and power factor are what they are without one:
    nominal volts, all power drawn. A charger that balances by us goes on, on the safe side.
    """

    def value(self, quantity, leg, which=0):
        """An integer; None for a leg that isn't there."""
        legs = self._meter.window.legs
        power = self._meter.power
        if leg >= legs:
            return None
        if quantity[:2] == "wh":
            return self._energy_wh(quantity, leg)
        if quantity == "mhz" and power.good:
            return power.mhz
        measured = power.known & (1 << legs) - 1 == (1 << legs) - 1
        if quantity not in _KNOWN or not measured or self._full:
            return super().value(quantity, leg)
        if quantity == "mv":
            return self._measured_mv(leg)
        if quantity == "mv_ll":
            return self._between(leg, self._measured_mv(TOTAL))
        if leg == WORST:
            leg = self._worst()
        if quantity == "pf_ppt":
            va = self._sum(power.mva, leg) // 1000
            ppt = (self._sum(power.mw, leg) + va // 2) // va if va else 1000
            return max(-1000, min(1000, ppt))
        of = {"mw": power.mw, "mva": power.mva, "mvar": power.mvar}[quantity]
        return self._sum(of, leg)

    def _sum(self, of, leg):
        return sum(of[: self._meter.window.legs]) if leg == TOTAL else of[leg]

    def _measured_mv(self, leg):
        """Of all legs together: their mean, as of the meters that we answer as."""
        legs = self._meter.window.legs
        if leg >= 0:
            return self._meter.power.leg_mv(leg)
        mv = 0
        for leg in range(legs):
            mv += self._meter.power.leg_mv(leg)
        return mv // legs

    def _worst(self):
        legs_ma = self._meter.window.leg_ma
        return max(range(len(legs_ma)), key=lambda leg: legs_ma[leg])

    def _energy_wh(self, quantity, leg):
        watthours = self._meter.watthours
        channel = watthours.house if leg < 0 else leg
        drawn_wh, fed_wh = watthours.imported(channel), watthours.exported(channel)
        return {"wh": drawn_wh, "wh_out": fed_wh, "wh_net": drawn_wh - fed_wh}[quantity]
