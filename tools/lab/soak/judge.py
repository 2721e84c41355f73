"""The judge of a soak: every rule of the lab's judge, and what truly flows in each conductor."""

from collections.abc import Callable, Sequence

from lab.sim.circuits import LATE_S, CircuitJudge
from lab.sim.episodes import Breach
from lab.sim.frames import Frame, crc_ok, written
from lab.sim.last_change import NAMED_A, NAMED_SHARE
from lab.sim.rules import Judge
from lab.sim.station import Station
from lab.sim.truth import Conditions, Truth

EVERY_S = 0.2
GROUP_SHARE = 0.8
LEAST_A = 6.0
NAMED_S = LATE_S + 2.0  # the reporter looks once a second
LEGS = ("L1", "L2")


class SoakJudge(Judge):
    """`group` are the indices of the chargers behind one breaker.

    `max_a` is the most that the settings in force let each be told; `on_excess(i)` is called when
    one has had more than it was told for so long that it has to be named.
    """

    def __init__(
        self,
        stations: Sequence[Station],
        rated_a: float,
        fallback_a: float,
        group: tuple[int, ...],
        group_a: float,
    ) -> None:
        super().__init__([(s.name, s.model) for s in stations], rated_a, fallback_a)
        self._stations = stations
        self._rated_a = rated_a
        self._group = group
        self.max_a = [station.model.max_a for station in stations]
        self.on_excess: Callable[[int], None] = lambda i: None
        self.on_tick: Callable[[Truth, Conditions], None] = lambda truth, conditions: None
        self._group_judge = CircuitJudge("the group", group_a, group_a * GROUP_SHARE)
        self._legs: list[CircuitJudge] = []
        self._tame_s = [LATE_S] * len(stations)  # since when each can be lowered
        self._excess_s = [0.0] * len(stations)
        self._since_s = 0.0
        self._reported = 0

    def limit(self, limit_a: float) -> None:
        """The limit of each leg from now on."""
        self._legs = [CircuitJudge(leg, self._rated_a, limit_a) for leg in LEGS]

    def lied(self) -> bool:
        """Whether any charger lies, or did until just now."""
        return any(s.model.wild for s in self._stations) or min(self._tame_s) < LATE_S

    def rooms_a(self, pilots_a: Sequence[float]) -> list[float]:
        """What each may be told more by its own setting and its group."""
        rooms_a = [most_a - pilot_a for most_a, pilot_a in zip(self.max_a, pilots_a, strict=True)]
        left_a = self._group_judge.limit_a - sum(pilots_a[i] for i in self._group)
        for i in self._group:
            rooms_a[i] = min(rooms_a[i], left_a)
        return rooms_a

    def firmware_started(self) -> None:
        super().firmware_started()
        self._excess_s = [0.0] * len(self._stations)  # it has its time from now on

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        if not frame.is_request or not crc_ok(frame.sent):
            return
        for i, (station, most_a) in enumerate(zip(self._stations, self.max_a, strict=True)):
            amps = station.model.ordered_a(written(frame.sent))
            if station.model.hears(frame.unit) and amps is not None and amps > most_a:
                text = f"{self.chargers[i].name}: told {amps:g} A, above its max_a of {most_a:g}"
                self.broken.append(Breach(5, frame.first_s, text))

    def tick(self, truth: Truth, conditions: Conditions) -> None:
        super().tick(truth, conditions)
        self.on_tick(truth, conditions)
        self._since_s += truth.dt_s
        if self._since_s < EVERY_S - 1e-6:
            return
        dt_s, self._since_s = self._since_s, 0.0
        conditions.lied_to = self.lied()
        obeyed = conditions.firmware and conditions.sees
        for i, station in enumerate(self._stations):
            tame = obeyed and truth.links[i] and not station.model.wild
            self._tame_s[i] = self._tame_s[i] + dt_s if tame else 0.0
            self._look_for_excess(i, station.car.draw_a, dt_s, obeyed and truth.links[i])
        cars_a = [station.car.draw_a for station in self._stations]
        for leg, amps in zip(self._legs, truth.mains_a, strict=True):
            self._circuit(leg, truth, amps - sum(cars_a), range(len(cars_a)), dt_s)
        if not any(s.model.wild for s in (self._stations[i] for i in self._group)):
            self._circuit(self._group_judge, truth, 0.0, self._group, dt_s)

    def _circuit(
        self,
        circuit: CircuitJudge,
        truth: Truth,
        house_a: float,
        members: Sequence[int],
        dt_s: float,
    ) -> None:
        own = [i for i in members if self._tame_s[i] < LATE_S]
        cars_a = {i: self._stations[i].car.draw_a for i in members}
        others = [cars_a[i] for i in members if i not in own]
        fixed_a = house_a + sum(cars_a[i] for i in own)
        least_a = sum(min(LEAST_A, amps) for amps in others)
        before = len(circuit.faults)
        circuit.tick(truth.now_s, dt_s, fixed_a, sum(others), least_a, len(members))
        self.broken += [Breach(1, at_s, text) for at_s, text in circuit.faults[before:]]

    def _look_for_excess(self, i: int, car_a: float, dt_s: float, heard: bool) -> None:
        excess = heard and car_a > self.chargers[i].sent_a * NAMED_SHARE + NAMED_A
        before_s = self._excess_s[i]
        self._excess_s[i] = before_s + dt_s if excess else 0.0
        if before_s <= NAMED_S < self._excess_s[i]:
            self.on_excess(i)
