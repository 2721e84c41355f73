"""The whole simulated world in one asyncio task; its time is that of the event loop.

Every 5 ms, or 50 ms in virtual time: what the house draws, what the cars make of their
pilots, what that is on each leg, the converter's frames for the firmware, and everybody who
watches: breaker, oracle, judge.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .breaker import Breaker
from .car import Car
from .charger_rules import OFFER_TOLERANCE_A, ChargerJudge
from .chargers import ChargerModel
from .chargers.relay import PINS, Contact, Relay
from .fixed import Fixed
from .frames import Frame, written
from .front_end import RATE_HZ
from .house import Load
from .joints import PTYS, Joints
from .line import Line
from .oracle import Oracle
from .reaction import ReactionTimer
from .rules import Judge
from .station import Station
from .truth import Conditions, Truth

CATCH_UP_S = 0.25
SNAPSHOT_S = 0.05
SAME_S = 1e-6  # times are sums of floats
FIXED_A = 16.0  # what people set who have no meter
LONG_AGO_S = 3600.0
COLUMNS = ("t_s", "l1_a", "l2_a", "base_l1_a", "base_l2_a", "offer_a", "car_a", "oracle_a")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The world at one moment, for the panel and the picture; amperes, RMS.

    `offers_a` and `cars_a` are per charger, `oracle_a` is what its cars draw together.
    """

    t_s: float
    l1_a: float
    l2_a: float
    base_l1_a: float
    base_l2_a: float
    offers_a: tuple[float, ...]
    cars_a: tuple[float, ...]
    oracle_a: float

    @property
    def offer_a(self) -> float:
        """All offers together."""
        return sum(self.offers_a)

    @property
    def car_a(self) -> float:
        """All cars together."""
        return sum(self.cars_a)


class World:
    """House, cars, chargers, line, front end and watchers; `joints` lead to the firmware.

    `stations` are charger1, charger2, ... in the order of `chargers`, each with a car.
    """

    def __init__(
        self,
        folder: Path,
        house: Load,
        chargers: Sequence[ChargerModel],
        rated_a: float,
        limit_a: float,
        fallback_a: float,
        joints: Joints = PTYS,
    ) -> None:
        self.house = house
        self.limit_a = limit_a
        lined = [(model.address, model.serial) for model in chargers if model.serial]
        self.line = Line(lined, terminal=joints.terminal)
        self.stations: list[Station] = []
        slaves = iter(enumerate(self.line.slaves))
        for n, model in enumerate(chargers, start=1):
            if isinstance(model, Relay):
                model.wire(folder / PINS)
                self.stations.append(Station(f"charger{n}", model, Car(), Contact(model)))
            else:
                place, terminal = next(slaves)
                served = joints.charger(model, terminal)
                self.stations.append(Station(f"charger{n}", model, Car(), served, place))
        self.console = joints.terminal()
        self.samples_out = joints.samples(folder)
        self.front_end = joints.front_end()
        self.judge = Judge([(s.name, s.model) for s in self.stations], rated_a, fallback_a)
        self._relays = [
            (station.model, judge)
            for station, judge in zip(self.stations, self.judge.chargers, strict=True)
            if isinstance(station.model, Relay)
        ]
        self.breakers = [Breaker(rated_a, preload_a=amps) for amps in house.at(0.0)]
        self.oracle = Oracle(rated_a, limit_a, self.stations)
        self.fixed = Fixed(FIXED_A, rated_a, house.at(0.0), self.stations)
        self.reaction = ReactionTimer(rated_a)
        self.conditions = Conditions()
        self.watchers: list[Callable[[Truth, Conditions], None]] = []
        self.branch: Callable[[float, float], float] | None = None  # see _advance
        self.samples = True
        self.overload_as = [0.0, 0.0]
        self.highest_a = [0.0, 0.0]
        self.history: list[Snapshot] = []
        self.tripped_at_s: float | None = None
        self.origin_s: float | None = None
        self._chunk_frames = joints.chunk_frames
        self._chunk_s = joints.chunk_frames / RATE_HZ
        self._lag_s = 0.0 if joints.ahead else self._chunk_s
        self._sampled_to_s = 0.0
        self._task: asyncio.Task[None] | None = None
        self.line.listeners.append(self._frame)

    # -- life

    async def start(self) -> asyncio.Task[None]:
        """Switch the world on; the house stays as it is at second 0 until `begin`."""
        self.line.start()
        for index in range(len(self.stations)):
            await self.charger_power(index, True, LONG_AGO_S)
        self._sampled_to_s = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run())
        return self._task

    def begin(self) -> None:
        """Second 0 of the run: the house comes to life and everything counts from here."""
        self.origin_s = self._sampled_to_s
        for station in self.stations:
            station.kwh = 0.0
        for judge in self.judge.chargers:
            judge.pauses = judge.lowered = 0

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        for station in self.stations:
            await station.switch_off()
        self.line.close()
        self.console.close()
        self.samples_out.close()

    @property
    def t_s(self) -> float:
        """Seconds since `begin`, 0 before."""
        return 0.0 if self.origin_s is None else self._sampled_to_s - self.origin_s

    def run_time_s(self, now_s: float) -> float:
        """A time of the loop's clock in seconds since `begin`."""
        return now_s - (self.origin_s or now_s)

    def firmware_runs(self, runs: bool) -> None:
        """The firmware process starts or is gone; a new one finds no stale bytes."""
        if runs:
            self.samples_out.drain()
            self.line.master.flush()
            self.console.flush()
            self.judge.firmware_started()
        for model, _ in self._relays:
            model.release()
        self.conditions.firmware = runs

    def firmware_crashed(self, text: str) -> None:
        self.judge.firmware_crashed(self._sampled_to_s, text)

    async def charger_power(self, index: int, on: bool, ago_s: float = 0.0) -> None:
        """Switch a charger on (`ago_s` ago) or off."""
        if on:
            await self.stations[index].switch_on(ago_s)
            self.judge.chargers[index].booted()
        else:
            await self.stations[index].switch_off()

    def fill_car(self, index: int) -> None:
        """Its battery is full, and so are those of its twins."""
        self.stations[index].car.fill()
        self.oracle.fill_car(index)
        self.fixed.fill_car(index)

    # -- time

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now_s = loop.time()
            if now_s - self._sampled_to_s > CATCH_UP_S:
                self._sampled_to_s = now_s - CATCH_UP_S
            while self._sampled_to_s + self._lag_s <= now_s + SAME_S:
                self._advance(self._sampled_to_s)
                self._sampled_to_s += self._chunk_s
            await asyncio.sleep(self._sampled_to_s + self._lag_s - loop.time())

    def _advance(self, now_s: float) -> None:
        """One chunk, whose first sample is taken at `now_s`."""
        base_a = self.house.at(self.t_s)
        for model, judge in self._relays:
            if model.look():
                self._switched(now_s, model, judge)
        pilots_a = tuple(station.model.pilot_a for station in self.stations)
        cars_a = tuple(station.step(now_s, self._chunk_s) for station in self.stations)
        car_a = sum(cars_a)
        # What nobody commands on the branch of the cars: (now_s, dt_s) -> A on both legs.
        ev_a = car_a + (self.branch(now_s, self._chunk_s) if self.branch else 0.0)
        chunk = self.front_end.sample(self._chunk_frames, base_a, ev_a)
        if self.samples:
            self.samples_out.write(chunk)
        if self.origin_s is None:
            return
        channel1, channel2, _ = self.front_end.channels
        mains_a = (channel1.mains_a(base_a[0], ev_a), channel2.mains_a(base_a[1], ev_a))
        self._load_breakers(mains_a)
        oracle_a = self.oracle.step(base_a, self._chunk_s)
        self.fixed.step(now_s, base_a, self._chunk_s)
        headroom_a = self.limit_a - (max(mains_a) - car_a)
        links = tuple(
            s.model.addressable and (s.place is None or self.line.reaches(s.place))
            for s in self.stations
        )
        truth = Truth(now_s, self._chunk_s, mains_a, headroom_a, pilots_a, links)
        self.judge.tick(truth, self.conditions)
        for watch in self.watchers:
            watch(truth, self.conditions)
        self._time_reaction(truth)
        if not self.history or self.t_s > self.history[-1].t_s + SNAPSHOT_S - self._chunk_s / 2:
            self.history.append(Snapshot(self.t_s, *mains_a, *base_a, pilots_a, cars_a, oracle_a))

    def _load_breakers(self, mains_a: tuple[float, float]) -> None:
        for leg, amps in enumerate(mains_a):
            self.highest_a[leg] = max(self.highest_a[leg], amps)
            self.overload_as[leg] += max(0.0, amps - self.limit_a) * self._chunk_s
            if self.breakers[leg].step(amps, self._chunk_s) and self.tripped_at_s is None:
                self.tripped_at_s = self.t_s

    def _time_reaction(self, truth: Truth) -> None:
        if not (self.conditions.sees and self.conditions.firmware and all(truth.links)):
            self.reaction.abandon()
            return
        can_fall = any(
            pilot_a > station.held_a + OFFER_TOLERANCE_A
            for pilot_a, station in zip(truth.pilots_a, self.stations, strict=True)
        )
        self.reaction.tick(
            truth.now_s, truth.headroom_a, sum(truth.pilots_a), max(truth.mains_a), can_fall
        )

    def _switched(self, now_s: float, model: Relay, judge: ChargerJudge) -> None:
        amps = model.max_a if model.closed else 0.0
        self.reaction.limit_sent(now_s, amps, judge.offer_a)
        self.judge.switched(judge, amps, now_s)

    def _frame(self, frame: Frame) -> None:
        if frame.is_request:
            for station, judge in zip(self.stations, self.judge.chargers, strict=True):
                if not station.model.hears(frame.unit):
                    continue
                amps = station.model.ordered_a(written(frame.sent))
                if amps is not None:
                    self.reaction.limit_sent(frame.first_s, amps, judge.offer_a)
        self.judge.frame(frame)


def as_columns(history: list[Snapshot], points: int = 600) -> dict[str, list[float]]:
    """At most `points` snapshots, as columns of numbers rounded for a file.

    Offers and cars are sums; `charger2_offer_a`, `charger2_car_a` are those of the second one.
    """
    columns: dict[str, list[float]] = {}
    for snapshot in history[:: max(1, -(-len(history) // points))]:
        row = {name: getattr(snapshot, name) for name in COLUMNS}
        for n, (offer_a, car_a) in enumerate(zip(snapshot.offers_a, snapshot.cars_a, strict=True)):
            row |= {f"charger{n + 1}_offer_a": offer_a, f"charger{n + 1}_car_a": car_a}
        for name, value in row.items():
            columns.setdefault(name, []).append(round(value, 3))
    return columns
