"""A home that lives by the hour: appliances come and go by chance, the same for the same seed."""

import random
from bisect import bisect_right
from functools import lru_cache

from lab.sim.house import Legs

MOST_A = 80.0  # of the house alone, an inrush apart: the panel stays protectable
FLICKER_S, FLICKER_A = 20.0, 0.4
QUIET_A: Legs = (3.0, 2.5)
BOTH, LEG1, LEG2 = (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)
# legs, amperes, shortest and longest run in s, the most runs an hour, inrush as a factor
APPLIANCES = (
    (BOTH, 19.0, 200.0, 900.0, 2, 1.0),  # water heater
    (BOTH, 24.0, 180.0, 600.0, 4, 5.0),  # air conditioner
    (BOTH, 22.0, 300.0, 1500.0, 1, 1.0),  # dryer
    (BOTH, 10.0, 60.0, 600.0, 3, 1.0),  # oven
    (BOTH, 7.0, 20.0, 300.0, 6, 1.0),  # range
    (LEG1, 12.0, 60.0, 180.0, 3, 1.0),  # kettle
    (LEG1, 5.0, 20.0, 60.0, 8, 4.0),  # pump
    (LEG2, 11.0, 30.0, 240.0, 6, 1.0),  # microwave
    (LEG2, 9.0, 600.0, 1800.0, 1, 1.0),  # dishwasher
)
INRUSH_S = 0.4
Steps = tuple[list[float], list[Legs]]


class Home:
    """What each leg draws; every hour has its own plan."""

    name = "a home by chance"

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._hour = lru_cache(maxsize=2)(self._plan)

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2), `t_s` seconds after the start."""
        hour, second = divmod(max(0.0, t_s), 3600.0)
        times_s, legs = self._hour(int(hour))
        return legs[bisect_right(times_s, second) - 1]

    def _plan(self, hour: int) -> Steps:
        chance = random.Random(f"{self._seed}/{hour}")
        crowded = chance.choice((0.3, 1.0, 2.0))
        runs = []
        for legs, amps, shortest_s, longest_s, most, inrush in APPLIANCES:
            for _ in range(chance.randint(0, round(most * crowded))):
                begin_s = chance.uniform(0.0, 3600.0)
                end_s = begin_s + chance.uniform(shortest_s, longest_s)
                runs.append((begin_s, end_s, amps * chance.uniform(0.9, 1.1), legs, inrush))
        moments = {0.0, *(FLICKER_S * n for n in range(round(3600 / FLICKER_S)))}
        for begin_s, end_s, *_ in runs:
            moments |= {begin_s, begin_s + INRUSH_S, end_s}
        times_s = sorted(moments)
        return times_s, [self._at(second, runs, chance) for second in times_s]

    def _at(
        self,
        second: float,
        runs: list[tuple[float, float, float, Legs, float]],
        chance: random.Random,
    ) -> Legs:
        steady = [quiet_a + chance.uniform(0, FLICKER_A) for quiet_a in QUIET_A]
        extra = [0.0, 0.0]
        for begin_s, end_s, amps, legs, inrush in runs:
            if begin_s <= second < end_s:
                for leg, part in enumerate(legs):
                    steady[leg] += part * amps
                    if second < begin_s + INRUSH_S:
                        extra[leg] += part * amps * (inrush - 1.0)
        legs_a = [min(MOST_A, a) + more_a for a, more_a in zip(steady, extra, strict=True)]
        return (legs_a[0], legs_a[1])
