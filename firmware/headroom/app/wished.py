"""From the settings to what planning works by: each file of planning/ only where its option is on.

Needed only to build it, see memory.py.
"""

from ..planning.plug import Plug
from ..planning.request import MODES, OFF, SUN, SUN_MIN
from ..settings import asked, table
from .clock import Clock


class Wished:
    """plugs  in the order of the chargers
    calendar  None where nothing hangs on the time
    counts    whether the cars' sessions are counted
    power, surplus, cap, contact, thermometer, tariff, told  None where they are off
    limits    what is on, in the planner's order
    inputs    what tells them of the world with each window: look(elapsed_ms)
    clock     a Clock (clock.py); clock_chip: what keeps it (ds3231.py), None without
    """

    def __init__(self, values, chargers, thermometer=None):
        self._values = values
        self.thermometer = thermometer
        self.clock = Clock()
        self.tariff = self.calendar = self.power = self.surplus = self.cap = self.contact = None
        self.counts = bool(values["keep_sessions"])
        self.plugs = [self._plug(charger) for charger in chargers]
        capped = timed = bool(values["cap_w"])
        sunny = False
        for plug in self.plugs:
            sunny = sunny or plug.sun is not None
            timed = timed or plug.schedule or plug.tariff or plug.finish
        if timed:
            from ..planning.calendar import Calendar
            from ..planning.zone import Zone

            self.calendar = Calendar(Zone(values["zone"]))
        if sunny or capped:
            from ..planning.power import Power

            self.power = Power()
        self.told = None
        if asked.commands(values):
            from ..planning.told import Told

            self.told = Told(
                self.plugs, sunny and not (values["voltage"] or values["inverter_legs"])
            )
        self.inputs: list = []
        self.clock_chip = None
        if values["clock_sda_pin"]:
            from . import ds3231

            self.clock_chip = ds3231.built(values, self.clock)
            self.inputs.append(self.clock_chip)
        self.limits = tuple(self._limits())

    def _plug(self, charger):
        """One charger and what is wished of it."""
        n = int(charger.name[len("charger") :])

        def get(key):
            return table.of_charger(self._values, n, key)

        step_ma = 1000
        if charger.address:  # else it is a relay, with no steps
            item = charger.profile.limit
            step_ma = min(1000, item.get("step_ma") or item.get("ma_per_count", 1000))
        mode = MODES.index(get("mode"))
        plug = Plug(charger.state, self._values["nominal_v"], step_ma, mode)
        unknown = MODES.index(get("schedule_unknown"))
        sunny = SUN <= mode <= SUN_MIN
        if get("schedule"):
            from ..planning.schedule import Schedule

            plug.schedule = Schedule(get("schedule"), unknown)
            sunny = sunny or plug.schedule.names_sun() or SUN <= unknown <= SUN_MIN
        if get("charge_below"):
            from ..planning.tariff import Tariff

            prices, otherwise = self._values["tariff"], self._values["tariff_otherwise"]
            plug.tariff = Tariff(prices, otherwise, get("charge_below"), unknown != OFF)
            self.tariff = plug.tariff
        if get("finish"):
            plug.finish = self._finish(get("finish"), get("finish_kwh"), unknown != OFF)
        if sunny:
            from ..planning.sun import Sun

            plug.sun = Sun(stop_ms=self._values["sun_hold_min"] * 60_000)
        return plug

    def _finish(self, start, kwh, unknown):
        from ..planning.finish import Finish

        self.counts = True
        return Finish(start, kwh, unknown)

    def _limits(self):
        values = self._values
        for plug in self.plugs:
            if plug.sun and not self.surplus:
                from ..planning.surplus import Surplus

                self.surplus = Surplus(self.power, values["import_w"])
                yield self.surplus
        if values["cap_w"]:
            from ..planning.demand_cap import Capped, DemandCap

            for plug in self.plugs:
                plug.capped = Capped()
            window_min = values["cap_window_min"]
            self.cap = DemandCap(self.power, self.calendar, values["cap_w"], window_min)
            yield self.cap
        if values["contact_pin"]:
            from . import contact

            self.contact, found = contact.built(values)
            self.inputs.append(found)
            yield self.contact
        if self.thermometer:
            self.inputs.append(self.thermometer)
            yield self.thermometer.temperature
