"""A house, its chargers and the whole firmware between them, in virtual time.

The firmware is the real one from the settings on: Controller, Bus, Chargers, Rtu, Supervisor,
Reporter. Only its tasks are called from here, in the rhythm of app/: a decision a window, a look
at a cycle between two, the bus all the time. The meter is a `Reading` of what truly flows, with
the CTs' errors on top.
"""

import asyncio
import itertools
import random
import time
from types import SimpleNamespace

import pytest
from plug import FAMILIES, Car, Plug
from relay_plug import Pins, RelayPlug
from scripted_line import Line
from truth_judge import Judge

from headroom import records
from headroom.app import building
from headroom.charging.bus import Bus
from headroom.charging.rtu import Rtu
from headroom.metering.health import Health
from headroom.ports import options
from headroom.reporting.reporter import Reporter
from headroom.reporting.status import Status
from headroom.settings import panel, table, together
from headroom.supervisor import Supervisor
from lab.fast_clock import FastClock

TICK_S = 0.1  # half a window
IDLE_MS = 40  # the app looks every 10 ms; nothing here is that fine
CT_GAIN = 0.003
CT_NOISE_A = 0.05


class PlantLine(Line):
    """The line in memory; keeps what was replied, and disturbs it while `babble` bytes are due."""

    def __init__(self, clock, chance):
        super().__init__(clock)
        self.replies = []
        self.babble = 0  # bytes in each tick
        self.spoiled = 0.0  # the share of requests that it spoils
        self._chance = chance

    def arrive(self, data, in_ms=0):
        super().arrive(data, in_ms)
        self._arriving.sort(key=lambda piece: piece[0])

    def tick(self):
        if self.babble:
            self.arrive(self._chance.randbytes(self.babble))


class Plant:
    """`chargers`: (family, its settings as a dict, Car). Use as a context.

    house(t_s)     amperes of each leg without the cars
    values         settings, `group1__breaker_a` for `group1.breaker_a`
    ev_ct_factor   what the EV branch's CT makes of an ampere
    texts, faults  what the meter said and when, and what it says now
    """

    def __init__(self, chargers, house, seed=1, **values):
        self.clock = FastClock()
        self.chance = random.Random(seed)
        self.house = house
        self.values = table.defaults()
        self._values = values
        self._specs = chargers
        self._patch = pytest.MonkeyPatch()
        self._agenda = []
        self.ev_ct_factor = 1.0
        self.texts = []  # (s, sentence)
        self.faults = set()

    def __enter__(self):
        self.clock.install(self._patch)
        self._pins = Pins()
        self._patch.setattr(options, "pins", lambda: self._pins)
        self._patch.setattr(table, "free_pins", Pins.FREE)
        for name, value in self._values.items():
            table.put(self.values, name.replace("__", "."), value)
        self.plugs = []
        for n, (family, own, car) in enumerate(self._specs, 1):
            line = {} if family == "relay" else {"address": n + 1}
            for key, value in {"profile": family, **line, **own}.items():
                table.put(self.values, f"charger{n}.{key}", value)
            self.plugs.append(self._plug(n, family, car))
        together.check(self.values)
        self._start()
        self.judge = Judge(self)
        return self

    def __exit__(self, *_):
        self._patch.undo()

    def _plug(self, n, family, car):
        legs = panel.legs_of(self.values, table.of_charger, n)
        group = table.of_charger(self.values, n, "group")
        if family == "relay":
            own = [table.of_charger(self.values, n, k) for k in ("pin", "readback_pin", "max_a")]
            return RelayPlug(f"charger{n}", self._pins, own, car or Car(), legs, group)
        model = FAMILIES[family.partition("/")[0]][0](n + 1, clock=lambda: self.now_s)
        model.turnaround_s = 0.0
        plug = Plug(f"charger{n}", model, car or Car(), legs, group)
        model.power_on(3600.0)
        return plug

    def _start(self):
        self.line = PlantLine(self.clock, self.chance)
        self.line.answer = self._answer
        self.chargers, problems = building.chargers(self.values, "")
        assert not problems
        states = [charger.state for charger in self.chargers]
        self.controller = building.controller(self.values, states, False)
        self.bus = Bus(Rtu(self.line), self.chargers, self.controller.allocations)
        legs = self.values["legs"]
        self.supervisor = Supervisor(
            (),
            (),
            legs,
            self.values["breaker_a"] * 1000,
            panel.groups_ma(self.values),
            states,
            SimpleNamespace(feed=int),
        )
        self.reading = records.Reading(legs)
        self.reading.good = True
        self.health = Health()
        events = SimpleNamespace(note=lambda text: self.texts.append((self.now_s, text)))
        meter = SimpleNamespace(window=self.reading, ct_tests=())
        self._reporter = Reporter(
            events, meter, self.health, self.controller, self.bus, self.supervisor
        )
        self._status = Status(
            [None] * 5,
            (SimpleNamespace(note="", source="a file"), None, None),
            meter,
            self.health,
            None,
            self.controller,
            self.bus,
            self.supervisor,
            [],
        )
        self._gains = [1 + self.chance.uniform(-CT_GAIN, CT_GAIN) for _ in range(legs + 1)]
        self._ticks = itertools.count(1)
        self._due_us = 0
        self._wake_us = 0
        self._unused_ms = 0
        self._serving = self._serve()

    @property
    def now_s(self):
        return self.clock.us / 1e6

    @property
    def all_report(self):
        """Whether every charger's registers tell its current."""
        return all(plug.reports for plug in self.plugs)

    def told_a(self, i):
        """What charger i may draw, in A; its own watchdog gives it the fallback in a trip."""
        ma = self.controller.allocations[i].allowed_ma
        if self.bus.failsafe:
            ma = max(ma, self.chargers[i].state.fallback_ma)
        return ma / 1000

    def kept_a(self, i):
        """What the controller keeps for charger i besides, in A."""
        return self.controller.allocations[i].kept_ma / 1000

    def at(self, s, action):
        """Let `action()` happen at that second."""
        self._agenda.append((s, action))
        self._agenda.sort(key=lambda entry: entry[0])

    def run(self, seconds):
        end_us = self.clock.us + round(seconds * 1_000_000)
        while self.clock.us < end_us:
            if self._due_us <= self._wake_us:
                self.clock.us = max(self.clock.us, self._due_us)
                self._due_us += round(TICK_S * 1_000_000)
                self._tick(next(self._ticks))
            else:
                self.clock.us = max(self.clock.us, self._wake_us)
                pause_us = self._serving.send(None)
                self._wake_us = self.clock.us + pause_us

    async def _serve(self):
        while True:
            if not await self.bus.turn(time.ticks_ms()):
                await asyncio.sleep_ms(IDLE_MS)

    # -- the world

    def _answer(self, frame):
        if self.chance.random() < self.line.spoiled:
            return None
        found = None
        for plug in self.plugs:
            reply = plug.hear(frame)
            if reply is not None:
                found = reply
                self.line.replies = [*self.line.replies[-7:], reply]
        return found

    def _tick(self, number):
        while self._agenda and self._agenda[0][0] <= self.now_s:
            self._agenda.pop(0)[1]()
        self.line.tick()
        for plug in self.plugs:
            plug.step(self.now_s, TICK_S)
        self.house_a = self.house(self.now_s)
        self._measure()
        self._unused_ms += round(TICK_S * 1000)
        if number % 2:
            if self.controller.surge(self.reading, self._unused_ms):
                self._unused_ms = 0
        else:
            self._decide()
            self.judge.tick(2 * TICK_S)
        self._oversee()
        if number % 10 == 0:
            self._reporter.look(1000)
            self.faults = set(self._status.faults())

    def _oversee(self):
        self.supervisor.check(round(TICK_S * 1000))
        tripped = bool(self.supervisor.tripped)
        if self.bus.failsafe and not tripped:
            self.controller.begin_again()
        self.bus.failsafe = tripped
        self.bus.switch()

    def _decide(self):
        self.reading.seq += 1
        self.health.good(records.WINDOW_MS)
        self.supervisor.watch(self.reading.leg_ma, records.WINDOW_MS)
        self.controller.step(self.reading, self._unused_ms, self.health.blind_ms)
        self._unused_ms = 0

    def _measure(self):
        reading = self.reading
        for leg in range(reading.legs):
            a = self.house_a[leg] + self.drawn_a(leg)
            reading.leg_ma[leg] = self._seen_ma(leg, a)
        ev_a = sum(plug.true_a for plug in self.plugs)
        if self.values["ev_source"] == "ct":
            reading.ev_ma = self._seen_ma(reading.legs, ev_a * self.ev_ct_factor)

    def _seen_ma(self, channel, a):
        a = a * self._gains[channel] + self.chance.gauss(0, CT_NOISE_A)
        return max(0, round(a * 1000))

    def drawn_a(self, leg, wild_too=True):
        """What the cars draw of a leg."""
        return sum(p.true_a for p in self.plugs if leg in p.legs and (wild_too or not p.wild))
