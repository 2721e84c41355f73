"""A day of wishes, every option on, for whatever Python runs it; MicroPython's heap is locked.

Each line that it prints is a JSON list, the same wherever it runs: what each charger may have, and
which limit binds, every ten minutes.
"""

import json

from heap import lock, unlock

from headroom import records
from headroom.planning.calendar import Calendar, day_of
from headroom.planning.contact import Contact
from headroom.planning.demand_cap import Capped, DemandCap
from headroom.planning.finish import Finish
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.request import FAST, SUN, SUN_MIN
from headroom.planning.schedule import Schedule
from headroom.planning.sessions import Sessions
from headroom.planning.sun import Sun
from headroom.planning.surplus import Surplus
from headroom.planning.tariff import Tariff
from headroom.planning.temperature import Ntc, Temperature
from headroom.planning.zone import Zone

STEP_MS = 3000
DAY = day_of(2026, 10, 25)  # it has 25 hours


class Home:
    def __init__(self):
        self.plugs = []
        for mode, legs, priority in ((SUN, (0,), 5), (SUN_MIN, (1,), 5), (FAST, (0, 1, 2), 7)):
            state = records.ChargerState(6000, 16000, 80000, 80000, 0, legs, 0, priority)
            state.car = state.online = True
            plug = Plug(state, 230, 1000, mode)
            plug.sun = Sun()
            plug.capped = Capped()
            self.plugs.append(plug)
        self.plugs[2].schedule = Schedule("daily 17:00-20:00 off; sat,sun 10:00-12:00 8A")
        self.plugs[2].tariff = Tariff("daily 06:00-09:00 0.45", "0.25", "0.3")
        self.plugs[0].finish = Finish("21:00", 30)
        self.calendar = Calendar(Zone("CET-1CEST,M3.5.0,M10.5.0/3"))
        power = Power()
        self.contact = Contact(4200)
        self.ntc = Ntc()
        self.temperature = Temperature(60, 80)
        cap = DemandCap(power, self.calendar, 8000, 15)
        limits = (Surplus(power, -100), cap, self.contact, self.temperature)
        self.planner = Planner(self.plugs, self.calendar, power, limits)
        self.sessions = Sessions(3)
        self.seed = 1
        self.now_s = 0
        self.blind = False

    def run(self, seconds):
        for _ in range(seconds * 1000 // STEP_MS):
            second = self.now_s % 86400
            self.calendar.tell(DAY - 1 + self.now_s // 86400, second)
            self.seed = (self.seed * 75 + 74) % 65537
            noon = abs(second - 43200)
            grid_w = 700 + self.seed % 300 - max(0, 20000 - noon) * 6500 // 20000
            if self.seed % 600 < 1 or 40000 < second < 40400:
                grid_w += 3500
            for plug in self.plugs:
                state = plug.state
                bound_ma = min(16000, plug.request.bound_ma)
                state.charging = bound_ma > 0
                plug.draw_w = bound_ma * 230 * len(state.legs) * 15 // 16000
                state.offer_ma = bound_ma
                grid_w += plug.draw_w
            self.contact.tell(STEP_MS, 1 if 50000 < second < 52000 else 0)
            self.temperature.tell(self.ntc.tenths(400 if 60000 < second < 61000 else 2000, 4096))
            self.planner.step(STEP_MS, None if self.blind else grid_w)
            self.sessions.step(self.plugs, STEP_MS, None if self.blind else grid_w, self.calendar)
            self.now_s += STEP_MS // 1000

    def show(self):
        told = [(p.request.bound_ma, p.request.by, p.session_wh) for p in self.plugs]
        print(json.dumps([self.now_s, self.calendar.minute_of_week, told]))


home = Home()
home.run(30)
for part in range(145):
    home.blind = part == 80
    lock()
    try:
        home.run(600)
    finally:
        unlock()
    home.show()
