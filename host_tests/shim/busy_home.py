"""A busy home, its cars and its CTs, window by window, for the standing test of the cars.

Currents are phasors relative to the voltage of their leg. The cars' steps are those that balancing
makes of what the house does, so they come just when the house switches: that is the hard part.
What is right is known here and nowhere else; the same seed gives the same home.
"""

import cmath
import math
import random
from collections import deque

import numpy as np

WINDOW_S = 0.2
VOLTS = 120.0


class Car:
    """Follows its offer late, draws 95 % of it, comes and goes; its charger's meter lags."""

    def __init__(self, chance):
        self.max_a = chance.choice((16, 24, 32, 48))
        self.up_a = chance.choice((1.0, 2.0, 6.0, 30.0)) * WINDOW_S
        self.down_a = chance.choice((6.0, 50.0))  # a window: a cut is obeyed fast
        self.offers = deque([0.0] * chance.randint(2, 15))
        self.meter = deque([0.0] * chance.randint(1, 13))
        self.digit_a = chance.choice((0.1, 0.1, 1.0))
        self.poll = chance.choice((3, 5, 7))  # windows from one report to the next
        self.draw_a = self.shown_a = 0.0
        self.there = True

    def step(self, told_a):
        self.offers.append(told_a)
        offer_a = self.offers.popleft()
        target_a = min(self.max_a, offer_a * 0.95) if offer_a >= 6 and self.there else 0.0
        move_a = target_a - self.draw_a
        self.draw_a += max(-self.down_a, min(self.up_a, move_a))
        self.meter.append(self.draw_a)
        self.shown_a = round(self.meter.popleft() / self.digit_a) * self.digit_a


class Balancing:
    """Down at once, up once there was room for five seconds, paused when the minimum won't fit."""

    def __init__(self, limit_a):
        self.limit_a = limit_a
        self.told_a = 0.0
        self._room_a, self._lasted, self._short = math.inf, 0, 0

    def step(self, base_a, wish_a):
        fits_a = min(self.limit_a - base_a, wish_a)
        self._short = self._short + 1 if fits_a < 6 else 0
        if fits_a < self.told_a:
            self.told_a = max(6.0, fits_a) if self._short < 50 else 0.0
            self._room_a, self._lasted = math.inf, 0
            return
        self._room_a, self._lasted = min(self._room_a, fits_a), self._lasted + 1
        if self._lasted >= (25 if self.told_a else 300):
            if self._room_a >= self.told_a + 1 and self._room_a >= 6:
                self.told_a = self._room_a
            self._room_a, self._lasted = math.inf, 0


def house_alone(seed, chance, legs, windows, solar):
    """The house alone: phasors of the two halves of each window, a row a leg."""
    numbers = np.random.default_rng(seed)
    moves = np.zeros((legs, 2 * windows + 2), complex)
    seconds = windows * WINDOW_S
    for _ in range(chance.randint(12, 30)):
        a = chance.choice((0.3, 0.5, 1, 2, 4, 8, 12, 15, 24))
        least = 0.6 if a <= 4 else 0.9  # small motors; heat pumps and what only heats
        lag = math.acos(chance.uniform(least, 1)) if chance.random() < 0.5 else 0.0
        on_s, off_s = chance.choice((2, 10, 60, 600)), chance.choice((5, 20, 120, 1200))
        inrush = chance.choice((1, 1, 1, 4, 6))
        on = chance.choice([[leg] for leg in range(legs)] + [list(range(legs))])
        count = int(2 * seconds / (on_s + off_s)) + 20
        spans = np.stack(
            [numbers.exponential(off_s, count), numbers.exponential(on_s, count) + 0.5], 1
        )
        ends = np.minimum(np.cumsum(spans.ravel()) / WINDOW_S * 2, 2 * windows).astype(int)
        phasor = a * cmath.exp(-1j * lag)
        for leg in on:
            np.add.at(moves[leg], ends[::2], phasor * inrush)
            runs = np.minimum(ends[::2] + 5, 2 * windows)
            np.add.at(moves[leg], runs, phasor * (1 - inrush))
            np.add.at(moves[leg], ends[1::2], -phasor)
    house = np.cumsum(moves, 1)[:, : 2 * windows]
    if solar:
        t_s = np.arange(2 * windows) * WINDOW_S / 2
        slow_s, most_a = chance.choice((97, 600, 3000)), chance.uniform(10, 40)
        clouds = np.clip(3 * np.sin(t_s / 300 + chance.random()) - 1, 0, 1)
        house = house - most_a * (0.6 + 0.4 * np.sin(t_s / slow_s)) * (1 - 0.7 * clouds)
    return house


class Home:
    """`mistake(legs, house)` gives what the CTs are around.

    loaded   indices of the legs that the cars load
    steps    of the cars' current so far: 4 A and more, from one stand to the next within 0.6 s
    """

    def __init__(
        self, seed, hours, legs=2, loaded=(0, 1), solar=False, battery=False, mistake=None
    ):  # fmt: skip
        self.chance = chance = random.Random(seed)
        self.windows = round(hours * 3600 / WINDOW_S)
        self.legs, self.loaded = legs, loaded
        house = house_alone(seed, chance, legs, self.windows, solar)
        self._house = house.reshape(legs, self.windows, 2).tolist()
        self.cars = [Car(chance) for _ in range(chance.choice((1, 1, 2)))]
        self.balancing = Balancing(chance.choice((60, 80, 100, 150)) * 0.8)
        self._most_a = chance.uniform(12, 30) if battery else 0.0
        self._share = chance.uniform(0.05, 0.25)  # of what is missing, each window: 0.8 s and more
        self._mistake = mistake
        self._gains = [chance.uniform(0.96, 1.04) for _ in range(legs + 1)]
        noise_a = chance.choice((0.05, 0.1, 0.2))
        numbers = np.random.default_rng(seed + 1)
        self._noise = (numbers.standard_normal((self.windows, legs + 1)) * noise_a).tolist()
        self.steps = 0

    def run(self):
        """Yields for each window, in A: RMS of each leg, its part in phase; RMS of the cars."""
        chance, legs, loaded = self.chance, range(self.legs), self.loaded
        gives, wish_a, before_a = [0.0] * self.legs, 80.0, 0.0
        level_a, still, moving = 0.0, 0, 0
        for window in range(self.windows):
            wish_a = self._people(wish_a)
            for car in self.cars:
                car.step(self.balancing.told_a / len(self.cars))
            after_a = sum(car.draw_a for car in self.cars)
            halves_a = (before_a if chance.random() < 0.5 else after_a, after_a)
            if abs(after_a - before_a) >= 0.2:
                moving, still = moving + 1, 0
            else:
                still += 1
            if still == 2:
                self.steps += moving <= 3 and abs(after_a - level_a) >= 4
                moving, level_a = 0, after_a
            before_a = after_a
            squares, alongs = [0.0] * self.legs, [0.0] * self.legs
            for half in (0, 1):
                house = [self._house[leg][window][half] for leg in legs]
                mains = [a + halves_a[half] if leg in loaded else a for leg, a in enumerate(house)]
                if self._most_a:
                    for leg in legs:
                        mains[leg] -= gives[leg]
                        if half:
                            gives[leg] += self._share * mains[leg].real
                            gives[leg] = max(-self._most_a, min(self._most_a, gives[leg]))
                if self._mistake:
                    mains = self._mistake(mains, house)
                for leg in legs:
                    a = mains[leg]
                    squares[leg] += (a.real * a.real + a.imag * a.imag) / 2
                    alongs[leg] += a.real / 2
            noise, gains = self._noise[window], self._gains
            rms_a = [abs(math.sqrt(squares[leg]) * gains[leg] + noise[leg]) for leg in legs]
            along_a = [alongs[leg] * gains[leg] + noise[leg] for leg in legs]
            ev_a = math.sqrt((halves_a[0] ** 2 + halves_a[1] ** 2) / 2) * gains[-1] + noise[-1]
            ev_a = max(0.0, ev_a)
            base_a = max(max(0.0, rms_a[leg] - ev_a) for leg in loaded)
            self.balancing.step(base_a, wish_a)
            yield rms_a, along_a, ev_a

    def _people(self, wish_a):
        chance = self.chance
        for car in self.cars:
            if chance.random() < WINDOW_S / 900:
                car.there = chance.random() < 0.7
        if chance.random() < WINDOW_S / 1200:
            wish_a = chance.choice((10.0, 16.0, 32.0, 80.0)) * len(self.cars)
        return wish_a


# What can be wrong with the CT of L1: what the CTs are around, from all legs' currents and the
# house's alone.
def off(legs, house):
    """It lies beside the conductors: a fiftieth of what the last leg carries, and hum."""
    return [legs[-1] * 0.02 + 0.1, *legs[1:]]


def slipped(legs, house):
    """Its core does not close."""
    return [legs[0] * 0.7, *legs[1:]]


def half(legs, house):
    """Half its burden, or of a type with twice the ratio."""
    return [legs[0] * 0.5, *legs[1:]]


def on_a_branch(legs, house):
    """On a wire that carries the house and not the cars."""
    return [house[0], *legs[1:]]


def swapped(legs, house):
    """The CTs of L1 and L2 have changed places: each is measured with the other's voltage."""
    turn = -1 if len(legs) == 2 else cmath.exp(2j * math.pi / 3)
    return [legs[1] * turn, legs[0] / turn, *legs[2:]]


def turned(legs, house):
    """The wrong way round."""
    return [-legs[0], *legs[1:]]
