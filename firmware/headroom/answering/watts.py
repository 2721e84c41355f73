"""Our measurement as an energy meter's, with a voltage: in memory only where one is fitted."""

from . import readings
from .meters import TOTAL, WORST

_KNOWN = ("v", "w", "va", "var", "pf")


class Readings(readings.Readings):
    """Measured volts, watts with their sign, power factor, energy in both directions.

    While the voltage is not healthy, volts, watts and power factor are what they are without one:
    nominal volts, all power drawn. A charger that balances by us goes on, on the safe side.
    """

    def value(self, quantity, leg):
        """In V, A, W, VA, VAr, Hz or kWh; None for a leg that isn't there."""
        legs = self._meter.window.legs
        power = self._meter.power
        if leg >= legs:
            return super().value(quantity, leg)
        if quantity in ("kwh", "kwh_out"):
            return self._energy_kwh(quantity == "kwh_out", leg)
        if quantity == "hz" and power.good:
            return power.mhz / 1000
        measured = power.known & (1 << legs) - 1 == (1 << legs) - 1
        if quantity not in _KNOWN or not measured:
            return super().value(quantity, leg)
        if quantity == "v":
            return self._measured_v(leg)
        if leg == WORST:
            leg = self._worst()
        if quantity == "pf":
            va = self._sum(power.mva, leg)
            return max(-1, min(1, self._sum(power.mw, leg) / va)) if va else 1
        of = {"w": power.mw, "va": power.mva, "var": power.mvar}[quantity]
        return self._sum(of, leg) / 1000

    def _sum(self, of, leg):
        return sum(of[: self._meter.window.legs]) if leg == TOTAL else of[leg]

    def _measured_v(self, leg):
        """Of all legs together: their mean, as of the meters that we answer as."""
        legs = self._meter.window.legs
        of = (leg,) if leg >= 0 else range(legs)
        return sum([self._meter.power.leg_mv(i) for i in of]) / 1000 / len(of)

    def _worst(self):
        legs_ma = self._meter.window.leg_ma
        return max(range(len(legs_ma)), key=lambda leg: legs_ma[leg])

    def _energy_kwh(self, out, leg):
        watthours = self._meter.watthours
        of = watthours.exported if out else watthours.imported
        return of(watthours.house if leg < 0 else leg) / 1000
