"""A random week of a house under a demand cap, in steps of five seconds, judged by its own power.

House, cars and the utility's meter are of this file; of the firmware is only what limits the cars.
All is random, and the same for the same seed.
"""

import random

import numpy as np

from headroom.planning.calendar import Calendar
from headroom.planning.demand_cap import Capped, DemandCap
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.zone import Zone
from headroom.records import ChargerState

STEP_S = 5
DAY_S = 86_400
MONDAY = 9585
VOLTS = 230
TAKEN = 0.95  # of an offer


def house_of(chance, steps, cap_w):
    """Watts of each step: what is always on, loads under thermostats, perhaps a roof."""
    watts = np.full(steps, chance.uniform(0.03, 0.25) * cap_w)
    for _ in range(chance.randint(2, 7)):
        load_w = chance.uniform(0.05, 0.9) * cap_w
        on_s = chance.choice((20, 60, 300, 1500, 6000))
        off_s = on_s * chance.choice((1, 3, 10, 40))
        at = chance.uniform(0, off_s) / STEP_S
        while at < steps:
            lasts = max(1, on_s * chance.uniform(0.5, 1.5) / STEP_S)
            watts[int(at) : int(at + lasts)] += load_w
            at += lasts + off_s * chance.uniform(0.5, 1.5) / STEP_S
    if chance.random() < 0.3:
        sun = np.sin(np.linspace(0, 2 * np.pi * steps * STEP_S / DAY_S, steps) - np.pi / 2)
        clouds = np.repeat(np.random.default_rng(chance.randrange(99)).random(steps // 60 + 1), 60)
        watts -= np.clip(sun, 0, None) * clouds[:steps] * chance.uniform(0.3, 2) * cap_w
    return watts.round().astype(int)


class Car:
    """Comes and goes, follows what it was told one or two steps later."""

    def __init__(self, chance, steps):
        phases = chance.choice((1, 1, 3))
        self.max_a = chance.choice((16, 32)) if phases == 1 else chance.choice((11, 16))
        self.state = ChargerState(
            6000, self.max_a * 1000, 80_000, 80_000, 0, tuple(range(phases)),
            priority=chance.randint(1, 9),
        )  # fmt: skip
        self.volts = VOLTS * phases
        self.lag = chance.randint(0, 1)
        self.told = [0, 0]
        self.there = np.zeros(steps, bool)
        at = 0
        while at < steps:
            at += chance.randint(0, 8 * 720)
            end = at + chance.randint(60, 14 * 720)
            self.there[at:end] = True
            at = end

    def draw_w(self, step):
        self.state.car = bool(self.there[step])
        amps = self.told[-1 - self.lag] if self.state.car else 0
        self.state.charging = amps > 0
        return round(TAKEN * amps * self.volts)

    def tell(self, bound_ma):
        amps = min(self.max_a, bound_ma // 1000)
        self.told = [self.told[-1], amps if amps >= 6 else 0]
        self.state.offer_ma = self.told[-1] * 1000


class Week:
    """After run(): `import_w`, `house_w`, `cars_w` of each step, `known` if it knew the time."""

    def __init__(self, seed, days=7, clock=None):
        chance = random.Random(seed)
        self.steps = days * DAY_S // STEP_S
        self.minutes = chance.choice((15, 15, 30, 60))
        self.cap_w = chance.randrange(2500, 15_000, 100)
        self.house_w = house_of(chance, self.steps, self.cap_w)
        self.cars = [Car(chance, self.steps) for _ in range(chance.choice((1, 1, 2)))]
        self.clock = chance.random() < 0.8 if clock is None else clock
        self.cars_w = np.zeros(self.steps, int)
        self.pauses = 0
        self.calendar = Calendar(Zone("UTC0"))
        power = Power()
        self.cap = DemandCap(power, self.calendar, self.cap_w, self.minutes)
        self.plugs = []
        for car in self.cars:
            plug = Plug(car.state, VOLTS)
            plug.capped = Capped()
            self.plugs.append(plug)
        self.planner = Planner(self.plugs, self.calendar, power, (self.cap,))

    def run(self):
        house_w = self.house_w.tolist()
        for step in range(self.steps):
            total_w = 0
            for car, plug in zip(self.cars, self.plugs, strict=True):
                plug.draw_w = car.draw_w(step)
                total_w += plug.draw_w
            self.cars_w[step] = total_w
            if self.clock:
                now_s = (step + 1) * STEP_S
                self.calendar.tell(MONDAY + now_s // DAY_S, now_s % DAY_S)
            self.planner.step(STEP_S * 1000, house_w[step] + total_w)
            for car, plug in zip(self.cars, self.plugs, strict=True):
                charging = car.state.charging and car.told[-1] > 0
                self.pauses += charging and not plug.request.bound_ma
                car.tell(plug.request.bound_ma)
        return self

    def excess_wh(self):
        """The worst window: what it had above the cap, less what the house alone made of it.

        Windows of the clock where the meter knows it. Else any, and what the house alone draws
        counts from 15/16 of the cap on: the window may begin with what surprised the cars.
        """
        window = self.minutes * 60 // STEP_S
        over_w = np.clip(self.house_w + self.cars_w, 0, None) - self.cap_w
        from_w = self.cap_w if self.clock else self.cap_w * 15 // 16
        alone_w = np.clip(self.house_w - from_w, 0, None)
        every = window if self.clock else 1
        over = _sums(over_w, window)[::every]
        alone = _sums(alone_w, window)[::every]
        return float(np.max(over - alone)) * STEP_S / 3600

    def energy_kwh(self):
        """(what the cars took, what an oracle with the clock could have given them)."""
        window = self.minutes * 60 // STEP_S
        count = self.steps // window
        shape = (count, window)
        house_w = self.house_w[: count * window].reshape(shape)
        most_w = np.zeros(shape)
        for car in self.cars:
            there = car.there[: count * window].reshape(shape)
            most_w += there * (car.max_a * car.volts * TAKEN)
        roof_w = np.minimum(most_w, np.clip(-house_w, 0, None)).mean(axis=1)
        left_w = self.cap_w - np.clip(house_w, 0, None).mean(axis=1)
        best_w = np.minimum(most_w.mean(axis=1), roof_w + np.clip(left_w, 0, None))
        hours = window * STEP_S / 3600
        return self.cars_w.sum() * STEP_S / 3.6e6, best_w.sum() * hours / 1000


def _sums(values, window):
    """Of each stretch of so many values."""
    total = np.concatenate(([0], np.cumsum(values)))
    return total[window:] - total[:-window]
