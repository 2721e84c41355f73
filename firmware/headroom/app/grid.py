"""What planning is told of a window: the power at the grid, and what each car draws."""


class Grid:
    """watts  + import, - export; None while it is unknown or stale

    Without a voltage all amperes count as import, at `leg_v` volts: never less than is drawn.
    """

    def __init__(self, meter, health, leg_v):
        self._meter = meter
        self._health = health
        self._leg_v = leg_v
        self.watts = None

    def look(self, plugs, rows):
        """Take in the last window; set each plug's draw_ma and draw_w."""
        fresh = self._meter.window.good and not self._health.stale()
        self.watts = self._watts() if fresh else None
        for i in range(len(plugs)):
            plugs[i].draw_ma = rows[i].draw_ma
            plugs[i].draw_w = self._car_w(plugs) if fresh else -1

    def _watts(self):
        reading, power = self._meter.window, self._meter.power
        watts = 0
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
