"""A summer evening in a US split-phase home: two hours from six o'clock, in true time.

People come home, cook, shower and dry clothes, and the air conditioner runs under its thermostat.
Each appliance has the current of a common one's nameplate: 240 V loads flow through both legs,
120 V loads through one. The house alone stays below the 80 A that a 100 A panel may carry
continuously, but for a compressor's start.
"""

import random
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from .house import BOTH, FLICKER_A, LEG1, LEG2, QUIET_LEGS_A, Legs

DURATION_S = 7200.0
MINUTE_S = 60.0
JITTER = 0.15  # of each time that a thermostat keeps

Step = tuple[float, float, float]  # from this second on, so many amperes more on L1, L2


class Evening:
    """The same seed gives the same currents; the last second lasts for ever."""

    name = "a summer evening at home"

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        steps = sorted([(0.0, *QUIET_LEGS_A), *self._appliances(), *self._flicker()])
        self._times_s = [at_s for at_s, *_ in steps]
        self._leg1_a = list(accumulate(amps for _, amps, _ in steps))
        self._leg2_a = list(accumulate(amps for *_, amps in steps))

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2) at `t_s`."""
        index = bisect_right(self._times_s, max(0.0, t_s)) - 1
        return self._leg1_a[index], self._leg2_a[index]

    def _appliances(self) -> Iterable[Step]:
        # Central air conditioner, 4 tons: 20 A, five times as much for 0.35 s; its blower indoors.
        for start, end in self._thermostat(4, 119, on=12, off=8):
            yield from _run(BOTH, 20.0, start, end, inrush=5.0, inrush_s=0.35)
            yield from _run(LEG2, 4.0, start, end)
        # Range: the oven heats up in ten minutes and keeps warm, then two burners.
        yield from _run(BOTH, 12.5, 10, 20)
        for start, end in self._thermostat(21, 50, on=1, off=1.5):
            yield from _run(BOTH, 12.5, start, end)
        for start, end in self._thermostat(26, 46, on=0.5, off=0.4):
            yield from _run(BOTH, 8.0, start, end)
        # Water heater, 4.5 kW: after two showers, and after the dishes.
        yield from _run(BOTH, 18.8, 30, 56)
        yield from _run(BOTH, 18.8, 94, 106)
        # Dryer, 5.4 kW: the motor on L1; the element steadily, then under its thermostat.
        yield from _run(LEG1, 4.5, 62, 104, inrush=4.0, inrush_s=0.3)
        yield from _run(BOTH, 22.0, 62, 84)
        for start, end in self._thermostat(86, 103, on=3, off=1.5):
            yield from _run(BOTH, 22.0, start, end)
        # On one leg: microwave, kettle, hair dryer, the dishwasher's heater.
        for start, end in ((37, 40), (41.5, 43)):
            yield from _run(LEG1, 13.0, start, end)
        yield from _run(LEG2, 12.0, 47, 50)
        yield from _run(LEG1, 12.5, 57, 60)
        for start, end in ((66, 76), (90, 98)):
            yield from _run(LEG2, 8.0, start, end)

    def _thermostat(
        self, start: float, end: float, on: float, off: float
    ) -> Iterable[tuple[float, float]]:
        """(from, to) of each time that it is on, in minutes."""
        while start < end:
            until = min(end, start + on * self._chance.uniform(1 - JITTER, 1 + JITTER))
            yield start, until
            start = until + off * self._chance.uniform(1 - JITTER, 1 + JITTER)

    def _flicker(self) -> Iterable[Step]:
        """Lights and small devices, anew every second."""
        before: Legs = (0.0, 0.0)
        for second in range(int(DURATION_S)):
            after = (
                self._chance.uniform(-FLICKER_A, FLICKER_A),
                self._chance.uniform(-FLICKER_A, FLICKER_A),
            )
            yield second, after[0] - before[0], after[1] - before[1]
            before = after


def _run(
    legs: Legs, amps: float, start: float, end: float, inrush: float = 1.0, inrush_s: float = 0.0
) -> Iterable[Step]:
    """One appliance from minute `start` to `end`, at first `inrush` times as much."""
    start_s, end_s = start * MINUTE_S, end * MINUTE_S
    more_a = amps * (inrush - 1)
    for at_s, change_a in (
        (start_s, amps + more_a),
        (start_s + inrush_s, -more_a),
        (end_s, -amps),
    ):
        yield at_s, legs[0] * change_a, legs[1] * change_a
