"""A US split-phase home as currents per leg, on a schedule compressed into a minute.

240 V loads flow through both legs, 120 V loads through one. The minute repeats with other
jitter, so a long run does not see the same second twice. The panel stays protectable: apart
from a motor's inrush the house alone never exceeds 80 A, the continuous limit of a 100 A panel.
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

Legs = tuple[float, float]

PERIOD_S = 60.0
TIME_JITTER_S = 0.8
SIZE_JITTER = 0.015
QUIET_LEGS_A: Legs = (6.0, 5.0)
FLICKER_A = 0.25


class Load(Protocol):
    """Whatever can say which current the house draws, the car not included."""

    name: str

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2), `t_s` seconds after the start."""


class Steps:
    """A house that draws (L1, L2) from each second of `steps` on, the first of which is 0."""

    name = "steps"

    def __init__(self, steps: dict[float, Legs]) -> None:
        self._steps = sorted(steps.items())

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2) at `t_s`."""
        return [legs for from_s, legs in self._steps if from_s <= max(0.0, t_s)][-1]


@dataclass(frozen=True)
class Appliance:
    """One appliance: its steady current, its inrush, and when it runs within the period."""

    name: str
    legs: Legs
    windows_s: tuple[tuple[float, float], ...]
    inrush: float = 1.0
    inrush_s: float = 0.0


BOTH: Legs = (1.0, 1.0)
LEG1: Legs = (1.0, 0.0)
LEG2: Legs = (0.0, 1.0)


def _on(legs: Legs, amps: float) -> Legs:
    return (legs[0] * amps, legs[1] * amps)


# First L1 fills up step by step, then L2; each time the last step leaves less than 6 A free.
APPLIANCES = (
    Appliance("water heater", _on(BOTH, 19.0), ((3.0, 36.0),)),
    Appliance("HVAC compressor", _on(BOTH, 24.0), ((13.5, 56.5),), inrush=5.0, inrush_s=0.4),
    Appliance("oven", _on(BOTH, 10.0), ((16.0, 34.0),)),
    Appliance("coffee maker", _on(LEG1, 7.5), ((25.0, 35.0),)),
    Appliance("sump pump", _on(LEG1, 4.5), ((28.0, 34.0),), inrush=4.0, inrush_s=0.3),
    Appliance("toaster", _on(LEG1, 7.0), ((31.0, 33.5),)),
    Appliance("dryer motor", _on(LEG1, 4.5), ((37.5, 57.0),), inrush=4.0, inrush_s=0.3),
    Appliance("dryer element", _on(BOTH, 22.0), ((38.0, 57.0),)),
    Appliance("dishwasher", _on(LEG2, 9.0), ((37.0, 57.0),)),
    Appliance("microwave", _on(LEG2, 11.0), ((51.5, 57.0),)),
    Appliance("iron", _on(LEG2, 7.0), ((54.0, 57.0),)),
)


Plan = list[tuple[float, float, float, float, Legs]]


class House:
    """The built-in home; the same seed gives the same currents."""

    name = "built-in house"

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        self._minute = lru_cache(maxsize=2)(self._plan)

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2) at `t_s`."""
        minute, second = divmod(max(0.0, t_s), PERIOD_S)
        leg1, leg2 = QUIET_LEGS_A
        flicker1, flicker2, plan = self._minute(int(minute))
        slot = int(second)
        leg1 += flicker1[slot]
        leg2 += flicker2[slot]
        for start_s, end_s, inrush_end_s, inrush, (amps1, amps2) in plan:
            if start_s <= second < end_s:
                factor = inrush if second < inrush_end_s else 1.0
                leg1 += amps1 * factor
                leg2 += amps2 * factor
        return (leg1, leg2)

    def _plan(self, minute: int) -> tuple[list[float], list[float], Plan]:
        chance = random.Random(f"{self.seed}/{minute}")
        seconds = range(int(PERIOD_S))
        flicker1 = [chance.uniform(-FLICKER_A, FLICKER_A) for _ in seconds]
        flicker2 = [chance.uniform(-FLICKER_A, FLICKER_A) for _ in seconds]
        plan: Plan = []
        for appliance in APPLIANCES:
            size = 1.0 + chance.uniform(-SIZE_JITTER, SIZE_JITTER)
            shift_s = chance.uniform(-TIME_JITTER_S, TIME_JITTER_S)
            amps = _on(appliance.legs, size)
            for start_s, end_s in appliance.windows_s:
                start_s += shift_s
                plan.append(
                    (
                        start_s,
                        end_s + shift_s,
                        start_s + appliance.inrush_s,
                        appliance.inrush,
                        amps,
                    )
                )
        return flicker1, flicker2, plan
