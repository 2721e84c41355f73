"""What planning is told of a window: the power at the grid, and what each car draws."""


class Grid:
    """watts  + import, - export; None while it is unknown or stale

    Without a voltage all amperes count as import, at `leg_v` volts: never less than is drawn; an
    `inverter` (inverter.py, None without) that feeds in ahead of the CTs is taken off them.
    leg_v   what a leg has by the settings
    """

    def __init__(self, meter, health, leg_v, inverter=None):
        self.inverter = inverter
        self._meter = meter
        self._health = health
        self._leg_v = leg_v
        self.watts = None

    def look(self, plugs, rows):
        """Take in the last window; set each plug's volts, draw_ma and draw_w."""
        fresh = self._meter.window.good and not self._health.stale()
        self.watts = self._watts() if fresh else None
        power = self._meter.power
        known = power and power.good
        for i in range(len(plugs)):
            mv = self._mean_mv(plugs[i].state.legs) if known else 0
            self._look_at_volts(plugs[i], mv)
            plugs[i].leg_mv = mv if fresh else 0
            plugs[i].draw_ma = rows[i].draw_ma
            plugs[i].draw_w = self._car_w(plugs) if fresh else -1

    def _mean_mv(self, legs):
        mv = 0
        for leg in legs:
            mv += self._meter.power.leg_mv(leg)
        return mv // len(legs)

    def _look_at_volts(self, plug, mv):
        """Up at once, down by 3 V, so that nothing hangs on a flicker."""
        volts = (mv + 999) // 1000 or self._leg_v
        if not plug.leg_v - 3 <= volts <= plug.leg_v:
            plug.leg_v = volts

    def inverter_w(self):
        """What it makes at least, None where that is unknown."""
        inverter = self.inverter
        return inverter.watts(self._leg_v) if inverter and inverter.ma >= 0 else None

    def _watts(self):
        reading, power = self._meter.window, self._meter.power
        watts = 0
        if self.inverter:
            made_w = self.inverter_w()
            if made_w is None:
                return None
            watts = -made_w
        for leg in range(reading.legs):
            if not power:
                watts += reading.leg_ma[leg] * self._leg_v // 1000
            elif power.known >> leg & 1:
                watts += power.mw[leg] // 1000
            else:
                return None
        return watts

    def _car_w(self, plugs):
        """What the EV CT measures where it sees one charger alone; -1 if it doesn't."""
        power = self._meter.power
        ev = self._meter.window.legs
        if not power or not self._meter.ev_used or len(plugs) != 1 or not power.known >> ev & 1:
            return -1
        return max(0, power.mw[ev] // 1000)
