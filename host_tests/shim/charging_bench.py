"""The firmware's bus and chargers on a line in memory, with pymodbus's servers at its end."""

import asyncio

import pytest
from micropython import TICKS_PERIOD
from scripted_line import Line

from headroom import records
from headroom.charging import profile
from headroom.charging.bus import Bus
from headroom.charging.charger import Charger
from headroom.charging.rtu import Rtu
from lab.fast_clock import FastClock
from lab.sim.chargers.in_memory import InMemory

IDLE_S = 0.02  # the firmware looks every 2 ms; nothing here is that fine


class Bench:
    """Chargers of the families of `models`, driven by the exact bus; time passes in `run` only.

    Use as a context. `allocations[i]` is what the balancing room would decide.
    """

    def __init__(self, *makers, fallback_a=6, profiles=None):
        self.clock = FastClock()
        self._patch = pytest.MonkeyPatch()
        self._makers = makers
        self._profiles = profiles
        self._fallback_a = fallback_a

    def __enter__(self):
        self.clock.install(self._patch)
        self.models = [make(clock=lambda: self.clock.ms / 1000) for make in self._makers]
        self.server = InMemory(self.models)
        for model in self.models:
            model.turnaround_s = 0.0
            model.power_on(3600.0)
        self.line = Line(self.clock, self.server.answer)
        self.rtu = Rtu(self.line)
        names = self._profiles or [model.name for model in self.models]
        self.chargers = [
            self.charger(profile.load(name), model.address)
            for name, model in zip(names, self.models, strict=True)
        ]
        self.allocations = [records.Allocation(6000) for _ in self.chargers]
        self.bus = Bus(self.rtu, self.chargers, self.allocations)
        return self

    def __exit__(self, *_):
        self._patch.undo()

    def charger(self, family, address):
        fallback_ma = self._fallback_a * 1000
        state = records.ChargerState(family.min_ma, family.max_ma, 80000, 80000, fallback_ma)
        return Charger(f"charger at {address}", family, address, state)

    def allocate(self, *amps):
        """Decide these currents on a fresh measurement."""
        for allocation, a in zip(self.allocations, amps, strict=True):
            allocation.allowed_ma = round(a * 1000)
            allocation.ready = allocation.fresh = True

    def blind(self):
        """No measurement any more: the fallback for all."""
        for allocation in self.allocations:
            allocation.allowed_ma = min(allocation.allowed_ma, self._fallback_a * 1000)
            allocation.fresh = False

    def run(self, seconds):
        """Let the bus work."""
        self.clock.run(self._serve(self.clock.ms + seconds * 1000))

    def pass_time(self, seconds):
        """Let time go by without a firmware."""
        self.clock.advance(seconds * 1000)

    async def _serve(self, until_ms):
        while self.clock.ms < until_ms:
            if not await self.bus.turn(self.clock.us // 1000 % TICKS_PERIOD):
                await asyncio.sleep(IDLE_S)
