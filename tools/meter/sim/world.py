"""The whole simulated world in one asyncio task, in real time.

Every 5 ms: what the house draws, what the car makes of the pilot, what that is on each leg, the
converter's frames for the firmware, and everybody who watches: breaker, oracle, judge.
"""

import asyncio
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .breaker import Breaker
from .car import EV_V, Car
from .chargers import ChargerModel
from .chargers.served import ServedCharger
from .faults import Fault
from .front_end import RATE_HZ, FrontEnd
from .house import Load
from .line import Frame, Line, written
from .oracle import Oracle
from .ports import PseudoTerminal, SampleFifo
from .reaction import ReactionTimer
from .rules import Conditions, Judge, Truth

CHUNK_FRAMES = 38
CHUNK_S = CHUNK_FRAMES / RATE_HZ
CATCH_UP_S = 0.25
SNAPSHOT_S = 0.05
SPOILED_SHARE = 0.2
LATE_S = 0.06
LONG_AGO_S = 3600.0


@dataclass(frozen=True)
class Snapshot:
    """The world at one moment, for the panel and the picture; amperes, RMS."""

    t_s: float
    l1_a: float
    l2_a: float
    base_l1_a: float
    base_l2_a: float
    offer_a: float
    car_a: float
    oracle_a: float


@dataclass
class Totals:
    """Sums over the run."""

    overload_as: list[float] = field(default_factory=lambda: [0.0, 0.0])
    kwh_delivered: float = 0.0


class World:
    """House, car, charger, line, front end and watchers; paths for the firmware to open."""

    def __init__(
        self,
        folder: Path,
        house: Load,
        charger: ChargerModel,
        rated_a: float,
        limit_a: float,
        fallback_a: float,
        car: Car | None = None,
    ) -> None:
        self.house = house
        self.charger = charger
        self.car = car or Car()
        self.limit_a = limit_a
        self.line = Line(charger.serial)
        self.console = PseudoTerminal()
        self.fifo = SampleFifo(folder / "samples")
        self.front_end = FrontEnd()
        self.judge = Judge(charger, rated_a, fallback_a)
        self.breakers = [Breaker(rated_a, preload_a=amps) for amps in house.at(0.0)]
        self.oracle = Oracle(rated_a, limit_a, charger.min_a, min(charger.max_a, self.car.max_a))
        self.reaction = ReactionTimer(rated_a, charger.min_a)
        self.conditions = Conditions()
        self.totals = Totals()
        self.history: list[Snapshot] = []
        self.tripped_at_s: float | None = None
        self.origin_s: float | None = None
        self._served = ServedCharger(charger, self.line.charger.path)
        self._sampled_to_s = 0.0
        self._task: asyncio.Task[None] | None = None
        self.line.listeners.append(self._frame)

    # -- life

    async def start(self) -> asyncio.Task[None]:
        """Switch the world on; the house stays as it is at second 0 until `begin`."""
        self.line.start()
        await self._served.start(ago_s=LONG_AGO_S)
        self.judge.charger_booted()
        self._sampled_to_s = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run())
        return self._task

    def begin(self) -> None:
        """Second 0 of the run: the house comes to life and everything counts from here."""
        self.origin_s = self._sampled_to_s

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._served.stop()
        self.line.close()
        self.console.close()
        self.fifo.close()

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
            self.fifo.drain()
            self.line.firmware.flush()
            self.console.flush()
            self.judge.firmware_started()
        self.conditions.firmware = runs

    def firmware_crashed(self, text: str) -> None:
        self.judge.firmware_crashed(self._sampled_to_s, text)

    async def set_fault(self, fault: Fault, active: bool) -> None:
        """Let a fault begin or end (not `firmware_kill`: the launcher does that)."""
        if fault.kind == "charger_off":
            await self._charger_power(not active)
        elif fault.kind == "line_cut":
            self.line.connected = not active
        elif fault.kind == "samples_off":
            self.conditions.samples = not active
        elif fault.kind == "noise":
            self.line.disturbance.corrupt_share = SPOILED_SHARE if active else 0.0
        elif fault.kind == "drop":
            self.line.disturbance.drop_share = SPOILED_SHARE if active else 0.0
        elif fault.kind == "delay":
            self.line.disturbance.delay_s = LATE_S if active else 0.0
        elif fault.kind == "car_full" and active:
            self.car.fill()
        disturbance = self.line.disturbance
        self.conditions.disturbed = bool(
            disturbance.corrupt_share or disturbance.drop_share or disturbance.delay_s
        )

    async def _charger_power(self, on: bool) -> None:
        if on:
            await self._served.start()
            self.judge.charger_booted()
        else:
            await self._served.stop()
            self.car.unplug_power()

    # -- time

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now_s = loop.time()
            if now_s - self._sampled_to_s > CATCH_UP_S:
                self._sampled_to_s = now_s - CATCH_UP_S
            while now_s - self._sampled_to_s >= CHUNK_S:
                self._advance(self._sampled_to_s)
                self._sampled_to_s += CHUNK_S
            await asyncio.sleep(self._sampled_to_s + CHUNK_S - loop.time())

    def _advance(self, now_s: float) -> None:
        """One chunk, whose first sample is taken at `now_s`."""
        base_a = self.house.at(self.t_s)
        pilot_a = self.charger.pilot_a
        car_a = self.charger.draw_a = self.car.step(now_s, CHUNK_S, pilot_a)
        chunk = self.front_end.sample(CHUNK_FRAMES, base_a, car_a)
        if self.conditions.samples:
            self.fifo.write(chunk)
        if self.origin_s is None:
            return
        channel1, channel2, _ = self.front_end.channels
        mains_a = (channel1.mains_a(base_a[0], car_a), channel2.mains_a(base_a[1], car_a))
        self._account(mains_a, car_a)
        oracle_a = self.oracle.step(
            base_a, CHUNK_S, self.charger.addressable and self.car.wants_energy
        )
        headroom_a = self.limit_a - (max(mains_a) - car_a)
        self.conditions.link = self.line.connected and self.charger.addressable
        self.judge.tick(Truth(now_s, CHUNK_S, mains_a, headroom_a, pilot_a), self.conditions)
        if self.conditions.in_command:
            self.reaction.tick(now_s, headroom_a, pilot_a, max(mains_a))
        else:
            self.reaction.abandon()
        if not self.history or self.t_s - self.history[-1].t_s >= SNAPSHOT_S:
            self.history.append(Snapshot(self.t_s, *mains_a, *base_a, pilot_a, car_a, oracle_a))

    def _account(self, mains_a: tuple[float, float], car_a: float) -> None:
        self.totals.kwh_delivered += car_a * EV_V * CHUNK_S / 3.6e6
        for leg, amps in enumerate(mains_a):
            self.totals.overload_as[leg] += max(0.0, amps - self.limit_a) * CHUNK_S
            if self.breakers[leg].step(amps, CHUNK_S) and self.tripped_at_s is None:
                self.tripped_at_s = self.t_s

    def _frame(self, frame: Frame) -> None:
        if frame.is_request:
            raw = written(frame.sent).get(self.charger.limit_register)
            if raw is not None:
                self.reaction.limit_sent(
                    frame.first_s, self.charger.limit_a(raw), self.judge.offer_a
                )
        self.judge.frame(frame)


def as_columns(history: list[Snapshot], points: int = 600) -> dict[str, list[float]]:
    """At most `points` snapshots, as columns of numbers rounded for a file."""
    step = max(1, -(-len(history) // points))
    rows = [asdict(snapshot) for snapshot in history[::step]]
    return {name: [round(row[name], 3) for row in rows] for name in rows[0]} if rows else {}
