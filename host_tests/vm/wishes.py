"""Planning at work in the app, from settings, for whatever Python runs it; the heap is locked.

Each line that it prints is a JSON list, the same wherever it runs: what is asked of each charger
and why, every ten minutes of a day, and what fails, which would be an allocation.
"""

import json

from heap import lock, unlock

from headroom.app import building
from headroom.app.planning import Planning
from headroom.app.wished import Wished
from headroom.reporting.wishes import Wishes
from headroom.settings import table, together

STEP_MS = 5000
SETTINGS = {
    "legs": 1,
    "nominal_v": 230,
    "voltage": "zmpt101b",
    "voltage_ratio": 1_200_000,
    "ev_source": "register",
    "zone": "CET-1CEST,M3.5.0,M10.5.0/3",
    "cap_w": 9000,
    "import_w": 100,
    "tariff": "daily 17:00-20:00 0.41",
    "tariff_otherwise": "0.25",
    "charger1.profile": "heidelberg",
    "charger1.mode": "sun",
    "charger1.schedule": "daily 22:00-05:00 fast; sat,sun 20:00-21:00 off",
    "charger2.profile": "evse_wb",
    "charger2.address": 2,
    "charger2.charge_below": "0.3",
    "charger2.finish": "18:00",
    "charger2.finish_kwh": 5,
}


class Grid:
    """In place of app/grid.py: what this script makes of the sun."""

    def __init__(self):
        self.watts = 0

    def look(self, plugs, rows):
        for plug in plugs:
            plug.draw_ma = plug.state.offer_ma

    def inverter_w(self):
        return None


values = table.defaults()
values.update(SETTINGS)
together.check(values)
chargers = building.chargers(values, "")[0]
grid = Grid()
planning = Planning(Wished(values, chargers), ["charger1", "charger2"], chargers, grid)
planning._before_ms = 0
planning.set_time("2026-10-24T22:00:00Z")
for charger in chargers:
    charger.state.online = charger.state.car = True


def live(first_ms, steps):
    for step in range(steps):
        drawn_w = 0
        for charger in chargers:
            state = charger.state
            state.offer_ma = min(16000, state.request_ma)
            state.charging = state.offer_ma > 0
            drawn_w += state.offer_ma * 230 // 1000
        second = planning.clock.second
        sun_w = max(0, 8000 - abs(second - 39_600) // 3)
        grid.watts = 600 + drawn_w - sun_w
        planning.step((first_ms + (step + 1) * STEP_MS) & 0x3FFFFFFF)


live(0, 120)  # the cars come
for part in range(1, 150):
    lock()
    try:
        live(part * 600_000, 120)
    finally:
        unlock()
    told = Wishes(planning)
    asked = [(told.charger(i)["request_ma"], told.why(i)) for i in range(2)]
    print(json.dumps([told.now()["local"], asked, planning.fault()]))
