"""`lab polled`: nights of a Wall Connector that polls the firmware as its meter, in virtual time.

The house is that of the demo's evening, or a quiet night; the Wall Connector has its own law
(sim/wall_connector.py), alone or beside a charger that is driven. Judged by what truly flows: no
more above its limit than its law tolerates, no distrust, no breaker near its trip, and the driven
one has what the house and the other leave of our own limit.

Our limit is 10 A below the Wall Connector's: a car takes up to 5 s to make way, and the Wall
Connector opens its contactor after 20 A s. With both alike a step of 18 A makes it trip.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.lockstep.memory import MEMORY
from lab.lockstep.meter_line import APART_S, MeterLine
from lab.lockstep.windows import WINDOWS
from lab.sim.chargers import SmartEvse
from lab.sim.circuits import CircuitJudge
from lab.sim.evening import DURATION_S, Evening
from lab.sim.house import Load
from lab.sim.wall_connector import DEAD_BAND_A, TRIP_AS, WallConnector

RATED_A, L_A = 100.0, 80.0
DERATE_PCT, ALIKE_PCT = 70, 80
CIRCUIT_A, MAX_A = 40, 32.0
SEES_S = 6 * APART_S  # from what flows to what it has in its hands: a window, a question, a chunk
SETTLED_S = 20.0
CHARGED_S = 3 * 3600.0  # then the car is full, and another comes


class Night:
    """Evenings one after the other, each another one; with `calm`, a base load that wanders."""

    name = "a night at home"

    def __init__(self, seed: int, calm: bool) -> None:
        self._seed, self._calm = seed, calm
        self._evenings: dict[float, Evening] = {}

    def at(self, t_s: float) -> tuple[float, float]:
        """RMS amperes on (L1, L2) at `t_s`."""
        number, second = divmod(max(0.0, t_s), DURATION_S)
        if number not in self._evenings:
            self._evenings[number] = Evening(self._seed + int(number))
        leg1_a, leg2_a = self._evenings[number].at(second)
        return (leg1_a * 0.4, leg2_a * 0.4) if self._calm else (leg1_a, leg2_a)


@dataclass
class Judge:
    """`faults` are sentences; `most_as` is the largest excess of an episode above L, in A s.

    course  each second: s, the Wall Connector's offer, its car, what the driven one is told
    An episode lasts from the first ampere above its dead band until nothing is above its limit.
    """

    faults: list[str] = field(default_factory=list)
    worst_a: float = 0.0
    most_as: float = 0.0
    kwh: float = 0.0
    driven_kwh: float = 0.0
    course: list[tuple[float, float, float, float]] = field(default_factory=list)
    _now_as: float = 0.0
    _peak_a: float = 0.0

    def tick(self, over_a: float, dt_s: float, flows: bool, at_s: float) -> None:
        """The worst leg is so far above L while its car draws (`flows`)."""
        if over_a <= 0 or not flows:
            self._now_as = self._peak_a = 0.0
            return
        if over_a > DEAD_BAND_A:
            self._peak_a = max(self._peak_a, over_a)
            self._now_as += over_a * dt_s
            self.most_as = max(self.most_as, self._now_as)
        tolerated_as = TRIP_AS + self._peak_a * SEES_S
        if self._now_as > tolerated_as:
            text = f"{self._now_as:.0f} A s above L at {at_s:.0f} s, {tolerated_as:.0f} tolerated"
            self.faults.append(text)
            self._now_as = 0.0


async def night(
    seconds: float,
    house: Load,
    beside: bool,
    ev_ct: bool,
    windows: bool,
    derate_pct: int,
    folder: Path,
) -> tuple[Judge, WallConnector, MeterLine]:
    """Play it; what was judged."""
    clock = asyncio.get_running_loop().time
    driven = [SmartEvse(2, clock)] if beside else []
    joints = WINDOWS if windows else MEMORY
    limit_a = RATED_A * derate_pct / 100
    plant = Installation(folder, house, driven, RATED_A, limit_a, joints)
    if windows:
        plant.firmware.variables["HEADROOM_WINDOWS"] = "1"
    world = plant.world
    charger = WallConnector(L_A, MAX_A)
    line = MeterLine(charger, plant.firmware)
    world.branch = charger.step
    for model in driven:
        model.plugged = True
    judge = Judge()
    async with plant:
        source = "ct" if ev_ct else "register" if beside else "estimate"
        line.start()
        number = 2 if beside else 1
        await plant.set_up(
            f"derate_pct {derate_pct} ev_source {source} emulate wall_connector"
            f" charger{number}.profile polled charger{number}.circuit_a {CIRCUIT_A}"
        )
        charger.plugged = True
        world.begin()
        legs = [CircuitJudge(name, RATED_A, limit_a) for name in ("L1", "L2")]
        plugged_s = seen_s = 0.0
        while world.t_s < seconds:
            await asyncio.sleep(0.05)
            plant.check()
            line.check()
            now_s = world.t_s
            dt_s, seen_s = now_s - seen_s, now_s
            if now_s - plugged_s > CHARGED_S:
                plugged_s = now_s
                charger.come_anew()
            house_a = house.at(now_s)
            own_a, driven_a = charger.car.draw_a, sum(s.car.draw_a for s in world.stations)
            for leg, leg_a in zip(legs, house_a, strict=True):
                leg.tick(now_s, dt_s, leg_a + own_a, driven_a, 6.0 * beside, int(beside))
            worst_a = max(house_a) + own_a + driven_a
            judge.worst_a = max(judge.worst_a, worst_a)
            judge.kwh += own_a * 240 * dt_s / 3.6e6
            if not judge.course or now_s > judge.course[-1][0] + 0.99:
                told_a = sum(station.model.pilot_a for station in world.stations)
                judge.course.append((now_s, charger.offer_a, charger.car.draw_a, told_a))
            if now_s > SETTLED_S:
                judge.tick(worst_a - L_A, dt_s, own_a > 0, now_s)
        judge.driven_kwh = sum(station.kwh for station in world.stations)
        judge.faults += [f"{text} ({at_s:.0f} s)" for leg in legs for at_s, text in leg.faults]
        if ev_ct:  # its tolerances are those of a car that is measured
            judge.faults += [f"rule {b.rule}: {b.text}" for b in world.judge.broken]
        if world.tripped_at_s is not None:
            judge.faults.append(f"the breaker tripped at {world.tripped_at_s:.0f} s")
        if charger.distrusted:
            judge.faults.append("distrusted: " + charger.distrusted)
        if not line.found:
            judge.faults.append("it has not found its meter")
        await line.stop()
    return judge, charger, line


def play(
    seconds: float,
    house: Load,
    beside: bool = False,
    ev_ct: bool = True,
    windows: bool = False,
    derate_pct: int = DERATE_PCT,
) -> tuple[Judge, WallConnector, MeterLine]:
    """A night in virtual time."""

    async def whole() -> tuple[Judge, WallConnector, MeterLine]:
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            where = Path(folder)
            return await night(seconds, house, beside, ev_ct, windows, derate_pct, where)

    found: tuple[Judge, WallConnector, MeterLine] = virtual.run(whole())
    return found


def polled(hours: float, seed: int) -> bool:
    """Nights of so many hours, alone and beside another; True if none has a fault."""
    good = True
    for calm in (True, False):
        for beside, ev_ct in ((False, True), (True, True), (True, False)):
            begun_s = time.monotonic()
            house = Night(seed, calm)
            judge, charger, line = play(hours * 3600, house, beside, ev_ct, windows=True)
            print(
                f"{'calm' if calm else 'busy'} house, {'beside another' if beside else 'alone'},"
                f" {'EV CT' if ev_ct else 'no EV CT'}: {judge.kwh:.1f} kWh"
                f" (+ {judge.driven_kwh:.1f}), worst leg {judge.worst_a:.1f} A,"
                f" {judge.most_as:.1f} A s above its limit at most, {charger.trips} trips,"
                f" {charger.pauses} pauses; {line.answered} answers, {line.missed} missed,"
                f" the slowest {1000 * line.slowest_s:.0f} ms;"
                f" {hours * 3600 / (time.monotonic() - begun_s):.0f} x real time"
            )
            for fault in judge.faults:
                print("  " + fault)
            good = good and not judge.faults
    return good
