"""What is told of volts and watts besides: in memory only where a voltage is fitted.

Keys are added to those of the status, none is changed; what is unknown is null.
"""

from .. import records
from ..metering import voltage
from .reporter import KEPT_MS, Reporter
from .status import Status

_MINUTE_S = 60
_NONE_MVA = 5000  # below 5 VA a power factor says nothing


class WattStatus(Status):
    """Status of a PowerMeter."""

    def energy(self):
        found = super().energy()
        found["house"] = self.house()
        return found

    def collect(self):
        now = yield from super().collect()
        now["voltage"] = self.voltage()
        yield
        if self._meter.ev_used:
            now["ev"] = self.ev()
        return now

    def meter(self):
        found = super().meter()
        power = self._meter.power
        if power.good:
            found["mains_mhz"] = power.mhz  # steadier than what the currents show
        return found

    def voltage(self):
        """The voltage that is measured."""
        power = self._meter.power
        return {
            "mv": power.mv,
            "low_mv": power.low_mv,
            "high_mv": power.high_mv,
            "mhz": power.mhz,
            "good": power.good,
            "faults": voltage.names(power),
        }

    def ev(self):
        """Of the EV branch, where its CT is used."""
        found = {"name": "EV"}
        if self._meter.ev_used:
            found.update(self._power(self._meter.window.legs))
        return found

    def house(self):
        """All legs together, window by window."""
        return self._watt_hours(self._meter.watthours.house)

    def faults(self):
        yield from super().faults()
        yield from voltage.names(self._meter.power)

    def leg(self, i):
        found = super().leg(i)
        found["mv"] = self._meter.power.leg_mv(i)
        found.update(self._power(i))
        return found

    def total(self, c):
        found = super().total(c)
        found.update(self._watt_hours(c))
        return found

    def _watt_hours(self, c):
        """Drawn and fed in so far, in Wh."""
        watthours = self._meter.watthours
        return {"import_wh": watthours.imported(c), "export_wh": watthours.exported(c)}

    def _power(self, c):
        """Real, apparent and reactive power in W, VA, VAr; the power factor in thousandths."""
        power = self._meter.power
        known = power.known >> c & 1
        mva = power.mva[c]
        factor = None
        if known and mva >= _NONE_MVA:
            factor = max(-1000, min(1000, _rounded(power.mw[c], mva // 1000)))
        return {
            "w": _units(power.mw[c]) if known else None,
            "va": _units(mva) if known else None,
            "var": _units(power.mvar[c]) if known else None,
            "pf_ppt": factor,
            "assumed": bool(power.assumed >> c & 1),
        }


class WattReporter(Reporter):
    """Reporter of a PowerMeter; `idle_w` is of the means of a minute in which no car charged."""

    def __init__(self, events, meter, *others):
        super().__init__(events, meter, *others)
        self._power = meter.power
        self._of_voltage = 0
        self._idle_s = self._idle_sum_w = 0

    def look(self, elapsed_ms):
        super().look(elapsed_ms)
        # Samples that are lost concern all channels and are counted in the status.
        now = self._power.faults & ~records.LOST
        for bit, text in voltage.FAULT_NAMES.items():
            if (now ^ self._of_voltage) & bit:
                what = self._power.where(bit) + " " if now & bit else " no longer "
                self._tell("voltage%s%s" % (what, text), KEPT_MS)
        self._of_voltage = now
        self._look_at_house()

    def _look_at_house(self):
        """With each second."""
        legs = self._reading.legs
        known = self._power.known & (1 << legs) - 1 == (1 << legs) - 1
        for charger in self._bus.chargers:
            known = known and charger.state.online and not charger.state.charging
        if not known:
            self._idle_s = self._idle_sum_w = 0
            return
        for leg in range(legs):
            self._idle_sum_w += self._power.mw[leg] // 1000
        self._idle_s += 1
        if self._idle_s < _MINUTE_S:
            return
        mean_w = max(0, self._idle_sum_w // _MINUTE_S)
        self.idle_w = mean_w if self.idle_w < 0 else min(self.idle_w, mean_w)
        self._idle_s = self._idle_sum_w = 0


def _units(milli):
    return _rounded(milli, 1000)


def _rounded(number, over):
    return (number + over // 2) // over
