"""Our measurement in the words of an energy meter."""

from .meters import TOTAL, WORST


class Readings:
    """What slave.py asks for: measured amperes, nominal volts, their product as watts.

    A power factor of 1 is assumed, and power flows in: without a voltage input the sense of a
    current is not known.
    """

    def __init__(self, meter, health, energy, nominal_v):
        self._meter = meter
        self._health = health
        self._energy = energy
        self._volts = nominal_v

    def fresh(self):
        """Whether the newest measurement is good and not old."""
        return self._meter.window.good and not self._health.stale()

    def value(self, quantity, leg):
        """In V, A, W, VA, Hz or kWh; None for a leg that isn't there."""
        if quantity == "hz":
            return self._meter.frequency.millihertz() / 1000
        if quantity == "pf":
            return 1
        if leg >= self._meter.window.legs or quantity in ("none", "var", "kwh_out"):
            return None
        if quantity == "v":
            return self._volts
        if quantity == "kwh":
            return self._kwh(leg)
        amperes = self._amperes(leg)
        return amperes if quantity == "a" else amperes * self._volts

    def _amperes(self, leg):
        legs = self._meter.window.leg_ma
        if leg == TOTAL:
            return sum(legs) / 1000
        return (max(legs) if leg == WORST else legs[leg]) / 1000

    def _kwh(self, leg):
        legs = range(self._meter.window.legs) if leg < 0 else (leg,)
        return sum(self._energy.wh(one, self._volts) for one in legs) / 1000
