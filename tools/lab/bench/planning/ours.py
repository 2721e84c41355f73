"""Ours: the firmware's own planner, in mode sun. Each step is a second, the board's are 200 ms."""

from headroom import records
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.request import SUN
from headroom.planning.sun import Sun
from headroom.planning.surplus import Surplus
from headroom.settings import table

from .days import VOLTS
from .loop import Charger, Seen

HOLD_MIN: int = table.row_of("sun_hold_min").default


class Headroom:
    """With what the settings have as they are delivered, unless said otherwise."""

    def __init__(self, hold_min: int = HOLD_MIN, import_w: int = 0) -> None:
        self._hold_ms = hold_min * 60_000
        self._import_w = import_w

    def start(self, charger: Charger) -> None:
        legs = tuple(range(charger.phases))
        max_ma = round(charger.max_a * 1000)
        min_ma = round(charger.min_a * 1000)
        self._state = records.ChargerState(min_ma, max_ma, max_ma, max_ma, 0, legs)
        self._state.online = self._state.car = True
        self._plug = Plug(self._state, round(VOLTS), round(charger.finest_a * 1000), SUN)
        self._plug.sun = Sun(stop_ms=self._hold_ms)
        power = Power()
        self._planner = Planner(
            [self._plug], power=power, limits=(Surplus(power, self._import_w),)
        )

    def step(self, seen: Seen) -> float:
        self._state.offer_ma = round(seen.offer_a * 1000)
        self._state.charging = seen.charging
        self._plug.draw_w = round(seen.car_w)
        self._planner.step(1000, round(seen.grid_w))
        return self._plug.request.bound_ma / 1000
