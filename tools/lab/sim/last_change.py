"""The last change of what one charger offers: since when, and whether its car has followed."""

from .car import EFFICIENCY_OF_OFFER
from .chargers import ChargerModel

DEAD_TIME_S = 4.5  # a car has 5 s to follow, less what a frame may wait for a dead neighbour
SHORTEST_DEAD_TIME_S = 1.8
FOLLOWS_SHARE = 0.15
NAMED_A, NAMED_SHARE = 2.0, 1.125  # one that holds more than that a meter has to name
KNOWN_S = 8.5  # so long after it was told: the longest dead time, and its current is read
READ_S = 1.5  # so often a charger's current is read at least
UNDER_WAY_S = 0.3  # an order that left before the meter had that reading
NEVER_S = float("-inf")


class LastChange:
    """`at_s` is when it was, as far as the meter can know; NEVER_S: no current has to follow."""

    def __init__(self, model: ChargerModel) -> None:
        self._model = model
        self._lag_s = DEAD_TIME_S  # what its car was last seen to need
        self.forget()

    def forget(self) -> None:
        """What is offered now is none of the meter's doing."""
        self.at_s = NEVER_S
        self._fell = self._followed = self._on_its_way = self._teaches = False
        self._late_a: float | None = None  # what its car drew when it obeyed an old order at last
        self._late_s = 0.0  # when it still drew that
        self._read_s = NEVER_S  # when the meter has read a current last

    def change(self, at_s: float, rising: bool) -> None:
        """It offers more, or less."""
        self.forget()
        self._fell, self._teaches = not rising, True
        if rising or self._model.plugged:
            self.at_s = at_s

    def obey(self, told_s: float, first_s: float, offer_a: float, rising: bool) -> None:
        """It does at last what it was told long before: its meter knows that by the current only.

        told_s   when it was told that first; first_s: when again
        """
        self.change(told_s, rising)
        self._teaches = False
        draw_a = self._model.draw_a
        if draw_a > offer_a * NAMED_SHARE + NAMED_A and first_s - told_s > KNOWN_S:
            self._late_a, self._late_s = draw_a, first_s

    def watch(self, now_s: float, offer_a: float) -> None:
        """See its car follow; a moment later it may be full, or gone."""
        if self._late_a is not None:
            self._watch_late(now_s, self._late_a)
        elif not self._followed:
            goal_a = EFFICIENCY_OF_OFFER * offer_a
            left_a = goal_a - self._model.draw_a
            apart_a = -left_a if self._fell else abs(left_a)
            self._followed = apart_a <= FOLLOWS_SHARE * goal_a
            if self._followed and self._on_its_way and self._teaches:
                lag_s = now_s - self.at_s
                self._lag_s = min(DEAD_TIME_S, max(SHORTEST_DEAD_TIME_S, lag_s))
            self._on_its_way = not self._followed

    def read(self, at_s: float) -> None:
        """The meter reads its current."""
        self._read_s = at_s

    def _watch_late(self, now_s: float, late_a: float) -> None:
        if late_a - self._model.draw_a <= NAMED_A:
            self._late_s = now_s
        elif now_s - self._late_s > READ_S or self._late_s < self._read_s < now_s - UNDER_WAY_S:
            self._late_a, self.at_s = None, self._late_s

    def shown(self, now_s: float) -> bool:
        """Whether it has had time to show in the car's current."""
        return now_s - self.at_s > (SHORTEST_DEAD_TIME_S if self._followed else self._lag_s)
