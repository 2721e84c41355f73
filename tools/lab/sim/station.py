"""A charger on the line and the car at it."""

from .car import EV_V, Car
from .chargers import ChargerModel
from .joints import Served


class Station:
    """`served` answers for the charger on the line; `kwh` is what its car was given.

    place  which slave of the line it is, None where it has no bus
    """

    def __init__(
        self,
        name: str,
        model: ChargerModel,
        car: Car,
        served: Served,
        place: int | None = None,
    ) -> None:
        self.name = name
        self.model = model
        self.car = car
        self.kwh = 0.0
        self.place = place
        self._served = served

    async def switch_on(self, ago_s: float = 0.0) -> None:
        """Power for the charger, since `ago_s`: it boots and is served."""
        await self._served.start(ago_s)

    async def switch_off(self) -> None:
        """Nobody answers any more, and the car gets nothing."""
        await self._served.stop()
        self.car.unplug_power()

    def step(self, now_s: float, dt_s: float) -> float:
        """Let a plugged car follow the pilot for `dt_s`; returns its current in A."""
        pilot_a = self.model.pilot_a if self.model.plugged else 0.0
        amps = self.model.draw_a = self.car.step(now_s, dt_s, pilot_a)
        self.kwh += amps * EV_V * dt_s / 3.6e6
        return amps

    @property
    def min_a(self) -> float:
        """The least that the charger can signal."""
        return self.model.min_a

    @property
    def held_a(self) -> float:
        """What it may be held at though there is no headroom for it."""
        return self.model.held_a

    @property
    def max_a(self) -> float:
        """The most that the charger can signal."""
        return self.model.max_a

    @property
    def finest_a(self) -> float:
        """The finest step that the oracle may take; families differ, this is the best."""
        return 0.1

    @property
    def present(self) -> bool:
        """Whether the charger can be reached and has a car."""
        return self.model.addressable and self.model.plugged
