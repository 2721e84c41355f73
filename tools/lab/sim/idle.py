"""Whether a charger is left with less though there is more: the meter is there to charge cars.

That endangers nobody, so it is none of the rules. For houses where nobody wishes for less.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .car import EFFICIENCY_OF_OFFER
from .front_end import SOUND
from .station import Station
from .truth import Conditions, Truth
from .world import World

ROOM_A = 3.0  # beyond all offers: more than is kept back
RISES_S = 90.0  # the dead time, the rise window and the longest patience after a fall, twice
STARTS_S = 500.0  # the longest of the first pauses, two minutes of room, and as much again
MOST_PAUSES = 8  # later ones last half an hour


@dataclass
class _Seat:
    station: Station
    since_s: float = 0.0  # there has been more for it, and it was not raised
    pilot_a: float = 0.0
    told: bool = False


class Idle:
    """`found` has (s, sentence), one for each time that a charger was left so."""

    def __init__(self, world: World) -> None:
        self.found: list[tuple[float, str]] = []
        self._world = world
        self._seats = [_Seat(station) for station in world.stations]

    def tick(self, truth: Truth, conditions: Conditions, rooms_a: Sequence[float] = ()) -> None:
        """One instant; `rooms_a` is what each may have more by what limits it beside the legs."""
        well = conditions.sees and conditions.firmware and all(truth.links)
        well = well and not (conditions.disturbed or conditions.lied_to)
        well = well and all(gain == SOUND for gain in self._world.front_end.gain)
        room_a = truth.headroom_a - sum(truth.pilots_a)
        for i, seat in enumerate(self._seats):
            pilot_a = truth.pilots_a[i]
            more_a = min(room_a, _appetite_a(seat.station) - pilot_a, *rooms_a[i : i + 1])
            least_a = ROOM_A if pilot_a else seat.station.min_a + ROOM_A
            patient = self._world.judge.chargers[i].pauses <= MOST_PAUSES
            if not (well and patient) or more_a < least_a or pilot_a > seat.pilot_a:
                seat.since_s, seat.told = truth.now_s, False
            seat.pilot_a = pilot_a
            lasts_s = truth.now_s - seat.since_s
            if lasts_s > (RISES_S if pilot_a else STARTS_S) and not seat.told:
                seat.told = True
                text = f"{seat.station.name}: left at {pilot_a:.1f} A for {lasts_s:.0f} s"
                self.found.append((truth.now_s, f"{text} though there are {more_a:.1f} A more"))


def _appetite_a(station: Station) -> float:
    """The most that its car has a use for; 0 without one, and for a relay, which has to rest."""
    if not (station.present and station.held_a):
        return 0.0
    return min(station.max_a, station.car.target_a(math.inf) / EFFICIENCY_OF_OFFER)
