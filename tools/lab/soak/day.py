"""A day in the life of one meter: what happens to it, and what is looked at after each hour."""

import asyncio
import contextlib
import random
from collections.abc import Coroutine, Sequence
from typing import Any, cast

from lab.lockstep.machine import Machine
from lab.session import RATED_A
from lab.sim.car import Car
from lab.sim.faults import Fault, inject
from lab.sim.truth import Conditions, Truth
from meter.errors import MeterError

from . import on_flash
from .hour import BLINDING, CLIPPED, FLASH_CHANGES, LINE, Happening, plan
from .leak import leaks
from .ledger import Ledger
from .liars import KINDS, Liar
from .meter import CHARGERS, Soaked
from .overloads import Overloads
from .person import Person

MOST_A = 80.0  # of a charger's max_a
UP_S = 30.0  # a start, the telling of a crash included
WRAPS_US = (1 << 30, 1000 << 30)  # of ticks_us and of ticks_ms
PATIENCE_S = 120.0  # real: two soaks may share a core


class Day:
    """Of a meter that has been set up, from second 0 of its world on."""

    def __init__(self, seed: str, session: Soaked) -> None:
        self.seed = seed
        self.wear = on_flash.Wear()
        self.starts = 0
        self._session = session
        self._chance = random.Random(f"{seed}/day")
        self._world = session.world
        self._machine = cast(Machine, session.firmware)
        self.ledger = Ledger(session.data, session.console)
        self._person = Person(session.console, self.ledger, random.Random(f"{seed}/person"))
        self._overloads = Overloads()
        self._tasks: set[asyncio.Task[None]] = set()
        self._memory: list[tuple[int, int]] = []
        self._worn = 0  # blocks, until the last look
        self._next_cut = ""
        self._judge = session.judge
        self._judge.on_tick = self._tick
        self._judge.on_excess = self._excess
        machine = self._machine
        machine.patience_s = PATIENCE_S
        machine.on_change = self._changed
        machine.on_flash = self._flash_changes
        machine.on_memory = self._memory_used
        machine.on_power_cut = lambda: self._do(self._power_returns())
        self._prepare_start()

    # -- the hours

    async def hour(self, hour: int) -> None:
        """What the seed has for it."""
        await self.live(plan(self.seed, hour), (hour + 1) * 3600.0)

    async def live(self, happenings: Sequence[Happening], until_s: float) -> None:
        """Let them happen, in order; then everything is looked at."""
        for happening in happenings:
            await self._until(happening.start_s)
            self._do(self._happen(happening))
        await self._until(until_s)
        self._world.history.clear()
        await self._check()

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def take_broken(self) -> list[tuple[float, str]]:
        """What is broken since the last call."""
        world = self._world
        found = [
            (world.run_time_s(breach.at_s), f"rule {breach.rule}: {breach.text}")
            for breach in world.judge.broken
        ]
        found += [(world.t_s, text) for text in self.ledger.broken]
        found += [(world.run_time_s(at_s), text) for at_s, text in self._session.idle.found]
        self._session.idle.found.clear()
        world.judge.broken.clear()
        self.ledger.broken.clear()
        return sorted(found)

    async def _until(self, t_s: float) -> None:
        await asyncio.sleep(max(0.0, t_s - self._world.t_s))
        self._session.check()
        for task in [task for task in self._tasks if task.done()]:
            self._tasks.discard(task)
            task.result()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(asyncio.create_task(work))

    async def _happen(self, happening: Happening) -> None:
        what, index = happening.what, happening.charger
        lasts_s = happening.end_s - happening.start_s
        if what in ("person", "onlooker"):
            await self._person.act(what == "onlooker")
        elif what == "car":
            self._car(index)
        elif what in LINE or what in BLINDING or what == "charger_off":
            fault = Fault(what, happening.start_s, happening.end_s, index + 1)
            if what == CLIPPED:  # an overload, for all that the meter can know
                self._overloads.began(self._world.t_s)
            await inject(self._world, fault, True)
            await asyncio.sleep(lasts_s)
            await inject(self._world, fault, False)
            self.ledger.uncertain()
            if what == CLIPPED and await self._person.let_them_charge():
                self._look_if_it_may_wait()
        elif what == "nothing":
            with contextlib.suppress(asyncio.TimeoutError):
                await self.ledger.check_energy()
                await asyncio.sleep(lasts_s)
                await self.ledger.check_energy()
        elif what in KINDS:
            await self._lie(what, index, lasts_s)
        elif what.startswith("power"):
            await self._power(lasts_s, range(len(CHARGERS)) if what.endswith("all") else ())
        elif what == "flash":
            change, share = self._chance.randint(1, FLASH_CHANGES), self._chance.randrange(256)
            self._next_cut = f"{change} {share}"
            await self._power(1.0, ())
            await asyncio.sleep(10.0)
            with contextlib.suppress(asyncio.TimeoutError):  # the power fails in it, or before
                await self._person.save_a_change()

    def _car(self, index: int) -> None:
        station = self._world.stations[index]
        station.model.plugged = not station.model.plugged
        if station.model.plugged:
            station.car = Car(
                max_a=self._chance.choice((16.0, 32.0, 40.0)),
                lag_s=self._chance.uniform(0.3, 3.0),
                need_kwh=self._chance.uniform(1.0, 30.0),
            )
        else:
            station.car.fill()

    async def _lie(self, kind: str, index: int, lasts_s: float) -> None:
        model = cast(Liar, self._world.stations[index].model)
        if kind == "restarted":
            await self._world.charger_power(index, False)
            await asyncio.sleep(0.5)
            model.begin(kind)
            await self._world.charger_power(index, True, model.boot_s)
        else:
            model.begin(kind)
        await asyncio.sleep(lasts_s)
        if model.lie:
            model.lie = ""
            self._judge.chargers[index].look_again()

    async def _power(self, lasts_s: float, chargers: range | tuple[int, ...]) -> None:
        await self._machine.kill()
        for index in chargers:
            await self._world.charger_power(index, False)
        await asyncio.sleep(lasts_s)
        for index in chargers:
            await self._world.charger_power(index, True)
        if not self._machine.running:
            self._machine.start()

    async def _power_returns(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.5, 5.0))
        if not self._machine.running:
            self._machine.start()

    # -- the firmware's starts

    def _prepare_start(self) -> None:
        """Its clock shall wrap soon: ticks_us and ticks_ms in turn."""
        early_us = round(self._chance.uniform(0.5, 60.0) * 1e6)
        self._machine.starts_us = WRAPS_US[self.starts % len(WRAPS_US)] - early_us
        self._machine.variables["HEADROOM_SEED"] = str(self.starts + 1)
        self._machine.variables["HEADROOM_CUT"] = self._next_cut or "0 0"
        self._next_cut = ""

    def _changed(self, runs: bool) -> None:
        self._world.firmware_runs(runs)
        if not runs:
            self._look_for_a_leak()
            self._prepare_start()
            return
        self.starts += 1
        self._memory = []
        found = self.ledger.started()
        if found:
            self._world.limit_a = RATED_A * found["derate_pct"] / 100
            self._judge.limit(self._world.limit_a)
            self._judge.proof.window_s = found["rise_window_s"]
            for i in range(len(CHARGERS)):
                self._judge.max_a[i] = found.get(f"charger{i + 1}.max_a", MOST_A)

    # -- what is looked at

    def _tick(self, truth: Truth, conditions: Conditions) -> None:
        self._overloads.tick(self._world.t_s, truth.mains_a)
        car_a = sum(station.car.draw_a for station in self._world.stations)
        self.ledger.tick(truth, car_a, conditions.firmware, conditions.sees)
        self._session.idle.tick(truth, conditions, self._judge.rooms_a(truth.pilots_a))

    def _flash_changes(self, change: str) -> None:
        self.wear.note(change)
        if change.startswith("close energy"):
            self.ledger.energy_saved()

    def _memory_used(self, used: int, modules: int) -> None:
        self._memory.append((used, modules))

    def _excess(self, index: int) -> None:
        self._do(self._look_for_name(index))

    async def _look_for_name(self, index: int) -> None:
        name = self._world.stations[index].name
        try:
            said = await self._session.console.ask("json faults")
        except asyncio.TimeoutError:
            return
        if name not in said and "the EV CT shows" not in said:
            self.ledger.broken.append(
                f"{name} has more than it was told, and is not named: {said}"
            )

    async def _check(self) -> None:
        try:
            await self._session.console.until_up(UP_S)
            await self.ledger.check()
        except (MeterError, asyncio.TimeoutError):
            if self._machine.running:
                self.ledger.broken.append(f"the console has not answered for {UP_S:g} s")
        self._look_for_a_leak()
        if (years := self.wear.years(1, self._worn)) < on_flash.LEAST_YEARS:
            self.ledger.broken.append(f"such hours wear the flash out in {years:.1f} years")
        self._worn = self.wear.erasures.total()

    def _look_if_it_may_wait(self) -> None:
        if not self._overloads.may_wait(self._world.t_s):
            self.ledger.broken.append("the chargers waited for 'resume' after an overload or two")

    def _look_for_a_leak(self) -> None:
        """In the memory of one start: that is longest just before the next."""
        if leaks(self._memory):
            self.ledger.broken.append(f"memory in use grows: {self._memory}")
