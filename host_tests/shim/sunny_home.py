"""A home with a roof and cars around the planner, second by second; judged by its own watts."""

from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.request import SUN
from headroom.planning.sun import Sun
from headroom.planning.surplus import Surplus
from headroom.records import ChargerState
from lab.sim.car import Car

VOLTS = 230


class Home:
    """`surplus(t)`: watts that the roof leaves beside the house, by the second."""

    def __init__(
        self, surplus, cars=1, mode=SUN, phases=1, import_w=0, max_a=32, priorities=(), hold_min=10
    ):
        self.surplus = surplus
        self.now_s = 0
        self.cars = [Car(6.0, max_a, need_kwh=1e6) for _ in range(cars)]
        self.w_per_a = VOLTS * phases
        self.plugs = []
        for i in range(cars):
            state = ChargerState(
                6000, max_a * 1000, 80_000, 80_000, 0, tuple(range(phases)),
                priority=priorities[i] if priorities else 5,
            )  # fmt: skip
            state.car = state.online = True
            plug = Plug(state, VOLTS, 1000, mode)
            plug.sun = Sun(stop_ms=hold_min * 60_000)
            self.plugs.append(plug)
        power = Power()
        self.limit = Surplus(power, import_w)
        self.planner = Planner(self.plugs, power=power, limits=(self.limit,))
        self.known = True
        self.offers = [0.0] * cars
        self.starts = [0] * cars
        self.log = []  # (second, surplus, what each car drew)

    def run(self, seconds):
        for _ in range(seconds):
            surplus = self.surplus(self.now_s)
            drawn = []
            for car, plug, offer_a in zip(self.cars, self.plugs, self.offers, strict=True):
                watts = car.step(self.now_s, 1.0, offer_a if plug.state.car else 0) * self.w_per_a
                drawn.append(watts)
                plug.state.charging = watts > 50
                plug.state.offer_ma = round(offer_a * 1000)
                plug.draw_w = round(watts)
            self.planner.step(1000, round(sum(drawn) - surplus) if self.known else None)
            for i, plug in enumerate(self.plugs):
                offer_a = plug.request.bound_ma // 1000
                self.starts[i] += offer_a > 0 and self.offers[i] == 0
                self.offers[i] = offer_a
            self.log.append((self.now_s, surplus, drawn))
            self.now_s += 1
        return self

    def mean_w(self, seconds, car=0):
        """What a car drew, and what was imported beside it, on the average of the last so many."""
        last = self.log[-seconds:]
        drawn = sum(row[2][car] for row in last) / len(last)
        bought = sum(max(0, sum(row[2]) - row[1]) for row in last) / len(last)
        return drawn, bought

    def first_draw_s(self, car=0):
        return next((row[0] for row in self.log if row[2][car] > 0), None)
