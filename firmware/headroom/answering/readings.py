"""Our measurement in the words of an energy meter: integers, see models/ for the quantities."""

import time

from micropython import const

from .models import TOTAL, WORST

_OLDEST_MS = const(1000)  # a window ends every 200 ms; a charger may act on 5 s at most


class Readings:
    """What registers.py asks for: measured amperes, nominal volts, their product as watts.

    A power factor of 1 is assumed, and power flows in: without a voltage input the sense of a
    current is not known. Of amperes it has those of the last window: all legs of the same 200 ms
    of whole cycles, each judged for its health. A single cycle would be 0.1 s newer, but it is not
    judged, and has every inrush in it.

    full_ma  what each leg carries at full load, which is shown instead where that is wanted
    """

    fixed = ()

    def __init__(self, meter, health, energy, nominal_v, full_ma):
        self._meter = meter
        self._health = health
        self._energy = energy
        self._volts = nominal_v
        self._full_ma = full_ma
        self._full = False

    def fresh(self):
        """Whether the newest measurement is good and not old."""
        window = self._meter.window
        age_ms = time.ticks_diff(time.ticks_ms(), window.at_ms)
        return window.good and not self._health.stale() and age_ms < _OLDEST_MS

    def begin(self, full):
        """Somebody asks, and is shown what flows, or full load."""
        self._full = full

    def value(self, quantity, leg, which=0):
        """An integer; None for a leg that isn't there, and for what isn't measured."""
        legs = self._meter.window.legs
        if leg >= legs or quantity == "none":
            return None
        if quantity == "mhz":
            return self._meter.frequency.millihertz()
        if quantity == "ma":
            return self._ma(leg)
        if quantity == "mw" or quantity == "mva":
            return self._ma(leg) * self._volts
        if quantity == "mv":
            return self._volts * 1000
        if quantity == "mv_ll":
            return self._between(leg, self._volts * 1000)
        if quantity == "pf_ppt":
            return 1000
        return self._wh(leg) if quantity == "wh" or quantity == "wh_net" else None

    def _ma(self, leg):
        window = self._meter.window
        if self._full:
            return self._full_ma * (window.legs if leg == TOTAL else 1)
        if leg == TOTAL:
            return sum(window.leg_ma)
        return max(window.leg_ma) if leg == WORST else window.leg_ma[leg]

    def _between(self, leg, mv):
        """From a leg to the next, where there is one: of split phase the sum of both."""
        legs = self._meter.window.legs
        if legs == 1 or (legs == 2 and leg > 0):
            return None
        return 2 * mv if legs == 2 else mv * 1732 // 1000

    def _wh(self, leg):
        legs = range(self._meter.window.legs) if leg < 0 else (leg,)
        wh = 0
        for one in legs:
            wh += self._energy.wh(one, self._volts)
        return wh
