"""The most that could have been charged: an oracle that knows the base load of every moment."""

import copy
import math
from collections.abc import Sequence
from typing import Protocol

from .breaker import Budget
from .car import EFFICIENCY_OF_OFFER, Car


class Place(Protocol):
    """A charger: the least and the most that it can signal, in which steps, and its car."""

    @property
    def min_a(self) -> float: ...
    @property
    def held_a(self) -> float: ...
    @property
    def max_a(self) -> float: ...
    @property
    def finest_a(self) -> float: ...
    @property
    def car(self) -> Car: ...
    @property
    def present(self) -> bool: ...


class Oracle:
    """Charges a twin of every place's car, from the same moment on, under the meter's rules.

    It knows    the true base load, now and to come: no measurement, no CT error, no proof that
                room lasts, no bus. A dead time is nothing to it, it speaks so much earlier;
                only at a car's arrival there is no earlier. It begins to fall in time, so that
                its cars are down in the moment when the room is gone.
    It obeys    rule 1: offers add up to at most `limit_a` (breaker x derate) less the base load
                of the worse leg. Where the minimums of all exceed that it holds them while the
                breaker's budget lasts; then it serves as many as fit. Minimums first, then equal
                parts up to what each can use. One that may not be held (a relay) is off then; it
                needs no rest between two starts.
    Its cars    are those of the places: they draw 95 % of the offer, start at their own minimum,
                rise as slowly, taper and get full by what they were given here.
    Its offers  keep within the charger's minimum and maximum, in the charger's steps.
    """

    def __init__(self, rated_a: float, limit_a: float, places: Sequence[Place]) -> None:
        self.limit_a = limit_a
        self._seats = [_Seat(place) for place in places]
        self._budgets = (Budget(rated_a), Budget(rated_a))
        self._spent = False

    @property
    def kwh(self) -> float:
        """What its cars have taken."""
        return sum(seat.taken_kwh for seat in self._seats)

    def fill_car(self, index: int) -> None:
        """The battery of a place's car is full, whatever it was given here."""
        self._seats[index].twin.fill()

    def step(self, base_a: tuple[float, float], dt_s: float) -> float:
        """Advance by `dt_s`; returns what the oracle's cars draw together."""
        self._offer(self.limit_a - max(base_a), dt_s)
        draw_a = sum(seat.draw(dt_s) for seat in self._seats)
        spent = [b.step(a + draw_a, dt_s) for b, a in zip(self._budgets, base_a, strict=True)]
        if any(spent):
            self._spent = True
        elif all(budget.fill_s == 0.0 for budget in self._budgets):
            self._spent = False
        return draw_a

    def _offer(self, free_a: float, dt_s: float) -> None:
        served = []
        for seat in sorted(self._seats, key=lambda seat: seat.min_a):
            seat.offer_a = 0.0
            held = seat.place.held_a > 0 and not self._spent
            if not seat.takes(dt_s) or (seat.min_a > free_a and not held):
                continue
            seat.offer_a = seat.min_a
            free_a -= seat.min_a
            served.append(seat)
        while served and free_a > 1e-9:
            part_a = free_a / len(served)
            for seat in served:
                free_a -= seat.raise_by(part_a)
            served = [seat for seat in served if seat.most_a - seat.offer_a > 1e-9]


class _Seat:
    """A place, the twin of its car, and what the oracle offers it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.twin = copy.deepcopy(place.car)
        self.min_a = max(place.min_a, self.twin.min_a)
        self.most_a = self.offer_a = self._present_s = 0.0

    @property
    def taken_kwh(self) -> float:
        return self.twin.taken_kwh

    def takes(self, dt_s: float) -> bool:
        """Whether it has a car that can draw; sets the most that this car has a use for."""
        self._present_s = self._present_s + dt_s if self.place.present else 0.0
        able_a = self.twin.target_a(math.inf) / EFFICIENCY_OF_OFFER
        self.most_a = max(self.min_a, min(self.place.max_a, able_a))
        return self._present_s > self.twin.lag_s and able_a > 0 and self.min_a <= self.place.max_a

    def raise_by(self, part_a: float) -> float:
        """Take up to `part_a` more; returns what it took."""
        part_a = min(part_a, self.most_a - self.offer_a)
        self.offer_a += part_a
        return part_a

    def draw(self, dt_s: float) -> float:
        """What its car draws of what is offered, in the charger's steps."""
        if not self.place.present:
            self.twin.unplug_power()
        steps = math.floor(self.offer_a / self.place.finest_a + 1e-6)
        return self.twin.follow(steps * self.place.finest_a, dt_s, math.inf)
