"""The whole firmware as a law: what the converter shows in, Modbus out, on MicroPython in virtual
time.

The scenario's house, cars and errors are played in the simulated world, whose chargers are EVSE-WB
boards with a cable for 48 A, which don't say what their cars draw, Terra AC wall boxes, which do,
or relays, with windows ready-made. The judge is that of the other
laws and sees the same steps; where the world is finer than STEP_S, it looks in the middle of each.
"""

import asyncio
import math
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.lockstep.windows import CHUNK_FRAMES, WINDOWS, Windows
from lab.sim.chargers import Abb, ChargerModel, EvseWb, Relay
from lab.sim.chargers.evse_wb import CENTIAMPERE_BIT, CONFIG
from lab.sim.frames import Frame, written
from lab.sim.front_end import RATE_HZ, SOUND
from meter.build import board_data

from .judge import Judge, Score
from .scenario import STEP_S, Legs, Plug, Scenario

FREE_PINS = board_data("unix")["FREE_PINS"]


class Base:
    """The house of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.name = scenario.name
        self._base = scenario.base

    def at(self, t_s: float) -> Legs:
        """RMS amperes on (L1, L2) at `t_s`; the last ones after the end."""
        return self._base[min(int(t_s / STEP_S + 1e-6), len(self._base) - 1)]


class Late(Windows):
    """A front end that shows what flowed `late` chunks ago."""

    def __init__(self, late: int) -> None:
        super().__init__()
        self._late = late
        self._flowed: deque[tuple[Legs, float]] = deque()

    def sample(self, count: int, legs_a: Legs, ev_a: float) -> bytes:
        """What the next frames show, of the currents of then."""
        self._flowed.append((legs_a, ev_a))
        if len(self._flowed) > self._late + 1:
            self._flowed.popleft()
        return super().sample(count, *self._flowed[0])


class Board(EvseWb):
    """An EVSE-WB whose cable carries what the plug may offer, in the plug's steps."""

    def __init__(self, address: int, clock: Callable[[], float], plug: Plug) -> None:
        self.max_a = plug.max_a
        super().__init__(address, clock)
        self.holding[CONFIG] = CENTIAMPERE_BIT if plug.finest_a < 1.0 else 0


def charger(n: int, clock: Callable[[], float], plug: Plug) -> ChargerModel:
    """The charger of that plug, and its address or pin."""
    if plug.reports:
        return Abb(n, clock)
    if not plug.switched:
        return Board(n, clock, plug)
    model = Relay(FREE_PINS[n - 1], clock)
    model.min_a = model.max_a = model.step_a = plug.max_a
    return model


def play(scenario: Scenario) -> Score:
    """Play a scenario to its end."""

    async def in_virtual_time() -> Score:
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            return await _Run(scenario, Path(folder)).play()

    return virtual.run(in_virtual_time())


class _Run:
    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.scenario = scenario
        self.judge = Judge(scenario)
        clock = asyncio.get_running_loop().time
        self.plant = Installation(
            folder,
            Base(scenario),
            [charger(n, clock, plug) for n, plug in enumerate(scenario.plugs, start=1)],
            scenario.rated_a,
            scenario.limit_a,
            WINDOWS,
        )
        self.plant.firmware.variables["HEADROOM_WINDOWS"] = "1"
        self.world = self.plant.world
        self.told_a: dict[int, float] = {}
        for station, plug in zip(self.world.stations, scenario.plugs, strict=True):
            station.car = plug.car
        self.world.line.listeners.append(self._heard)

    async def play(self) -> Score:
        scenario, world = self.scenario, self.world
        async with self.plant as plant:
            derate_pct = round(100 * scenario.limit_a / scenario.rated_a)
            await plant.set_up(f"breaker_a {scenario.rated_a:.0f} derate_pct {derate_pct}")
            self._spoil()
            self.judge.score.writes = 0
            world.begin()
            loop = asyncio.get_running_loop()
            begun_s = loop.time() - world.t_s
            for step, base in enumerate(scenario.base):
                self._arrive(step * STEP_S)
                await asyncio.sleep(begun_s + (step + 0.5) * STEP_S - loop.time())
                self._look(step * STEP_S)
                self.judge.step(step, base)
                del world.history[:-1]
                plant.check()
        return self.judge.end()

    def _spoil(self) -> None:
        """From now on the world is as bad as the scenario says."""
        scenario, world = self.scenario, self.world
        if scenario.meter_delay_s:
            world.front_end = Late(round(scenario.meter_delay_s * RATE_HZ / CHUNK_FRAMES))
        errors = (*scenario.ct_error, scenario.ev_ct_error)
        world.front_end.gain = [SOUND * (1 + error) for error in errors]
        # An exchange is two frames: this share of each loses `lost_share` of the exchanges.
        world.line.disturbance.drop_share = 1 - math.sqrt(1 - scenario.lost_share)
        world.conditions.disturbed = scenario.lost_share > 0

    def _arrive(self, t_s: float) -> None:
        for station, plug in zip(self.world.stations, self.scenario.plugs, strict=True):
            plug.present = station.model.plugged = plug.connected(t_s)

    def _look(self, t_s: float) -> None:
        for station, plug in zip(self.world.stations, self.scenario.plugs, strict=True):
            offer_a = station.model.pilot_a
            if offer_a != plug.pilot_a:
                self.judge.score.writes += plug.switched
                self.judge.offered(t_s, plug, offer_a)
            plug.draw_a = plug.car.draw_a

    def _heard(self, frame: Frame) -> None:
        """Count the limits that differ from the last one to the same charger."""
        if frame.is_request:
            model = self.world.stations[frame.unit - 1].model
            amps = model.ordered_a(written(frame.sent))
            if amps is not None and amps != self.told_a.get(frame.unit):
                self.told_a[frame.unit] = amps
                self.judge.score.writes += 1
