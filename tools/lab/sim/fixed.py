"""What the same cars would get at the same house with no meter: a current set once for all."""

import copy
from collections.abc import Sequence

from .breaker import Breaker
from .oracle import Place


class Fixed:
    """Every place offers a twin of its car `amps`, or the most that it can, whenever it may.

    Its breakers are those of the house; once one has tripped there is nothing more.
    """

    def __init__(
        self, amps: float, rated_a: float, base_a: tuple[float, float], places: Sequence[Place]
    ) -> None:
        self.amps = amps
        self.tripped = False
        self._breakers = [Breaker(rated_a, preload_a=leg_a) for leg_a in base_a]
        self._seats = [(place, copy.deepcopy(place.car)) for place in places]

    @property
    def kwh(self) -> float:
        """What its cars have taken."""
        return sum(twin.taken_kwh for _, twin in self._seats)

    def fill_car(self, index: int) -> None:
        """The battery of a place's car is full."""
        self._seats[index][1].fill()

    def step(self, now_s: float, base_a: tuple[float, float], dt_s: float) -> None:
        """Advance by `dt_s`."""
        if self.tripped:
            return
        draw_a = 0.0
        for place, twin in self._seats:
            if not place.present:
                twin.unplug_power()
            draw_a += twin.step(now_s, dt_s, min(self.amps, place.max_a) if place.present else 0.0)
        for breaker, leg_a in zip(self._breakers, base_a, strict=True):
            self.tripped |= breaker.step(leg_a + draw_a, dt_s)
