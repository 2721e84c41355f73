"""On a 32-bit board an integer of 2^30 or more is an object on the heap.

So the firmware is compiled here with every result of + - * // % << >> & | ^ and minus checked, and
then meets the worst: currents far beyond the range, bias at its clamp, clocks that wrap. What is
only computed at start may be large.
"""

import ast
import builtins
import importlib
import importlib.machinery
import random
import sys
from array import array

import pytest

LIMIT = 1 << 30  # MicroPython's small integers on 32-bit boards: -2^30 <= value < 2^30
RATE_HZ = 7680
FRAMES = RATE_HZ * 300 // 1000
TOP = 4095
LARGEST_GAIN_Q8 = 1024 << 8  # mA a count: the coarsest CT that the settings allow is below it
LARGEST_MA = 2_600_000  # 2,560 counts at that gain
ELAPSED_MS = (0, 1, 5, 17, 200, 3000, 10_000)  # the watchdog bites before that


class Checker(ast.NodeTransformer):
    """Hands the result of every arithmetic operation to `_small`."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self._checked(node)

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return self._checked(node)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        value = self._checked(ast.BinOp(read, node.op, node.value))
        return ast.copy_location(ast.Assign([node.target], value), node)

    def _checked(self, node):
        return ast.Call(ast.Name("_small", ast.Load()), [node], [])


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, name):
        tree = Checker().visit(ast.parse(self.get_data(self.path)))
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


class Finder:
    """Finds the firmware's modules and has them compiled by Loader."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] != "headroom":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None:
            spec.loader = Loader(name, spec.origin)
        return spec


class Firmware:
    """The checked modules. Checks happen while `armed`; `largest` is the largest value seen."""

    def __init__(self):
        self.armed = False
        self.largest = 0

    def module(self, name):
        return importlib.import_module("headroom." + name)

    def small(self, value):
        if self.armed and type(value) is int:
            self.largest = max(self.largest, abs(value))
            assert -LIMIT <= value < LIMIT, f"{value} would be an object on the heap"
        return value

    def __enter__(self):
        self.armed = True
        return self

    def __exit__(self, *_):
        self.armed = False


@pytest.fixture(scope="module")
def firmware():
    ours = {name: sys.modules.pop(name) for name in list(sys.modules) if is_firmware(name)}
    firmware = Firmware()
    builtins._small = firmware.small
    sys.meta_path.insert(0, Finder)
    yield firmware
    sys.meta_path.remove(Finder)
    for name in [name for name in sys.modules if is_firmware(name)]:
        del sys.modules[name]
    sys.modules.update(ours)
    del builtins._small


def is_firmware(name):
    return name.split(".")[0] == "headroom"


class Sampler:
    """Plays one period of counts for ever, in chunks of `chunk` frames, on all channels."""

    def __init__(self, channels, chunk):
        self.channels = channels
        self.rate_hz = RATE_HZ
        self.frames = FRAMES
        self.samples = array("H", [2048] * (FRAMES * channels))
        self.lost_frames = 0
        self.jitter_us = 0
        self.wave = [2048]
        self._chunk = chunk
        self._at = 0
        self._played = 0

    def advance(self):
        for _ in range(self._chunk):
            for channel in range(self.channels):
                count = self.wave[(self._played + channel * 43) % len(self.wave)]
                self.samples[self._at * self.channels + channel] = count
            self._at = (self._at + 1) % self.frames
            self._played += 1
        return self._chunk


def square(low, high, frames):
    return [low] * (frames // 2) + [high] * (frames - frames // 2)


NOISE = random.Random(1)
WAVES = {
    "full scale square at 60 Hz": square(0, TOP, 128),
    "full scale square at 45 Hz": square(0, TOP, 171),
    "full scale square at 65 Hz": square(0, TOP, 118),
    "full scale square, every frame": [0, TOP],
    "at the lower rail": [0],
    "at the upper rail": [TOP],
    "one pulse": [0] * 127 + [TOP],
    "small, off to the lower clamp": square(1400, 1410, 128),
    "small, off to the upper clamp": square(2690, 2700, 128),
    "square, off to the lower clamp": square(0, 3072, 128),
    "square, off to the upper clamp": square(1024, TOP, 128),
    "noise": [NOISE.randrange(TOP + 1) for _ in range(1009)],
    "both rails at random": [NOISE.choice((0, TOP)) for _ in range(1009)],
}


@pytest.mark.long
@pytest.mark.parametrize("start_ms", [0, LIMIT - 3000])
def test_metering_of_any_wave(firmware, start_ms):
    channel = firmware.module("metering.channel").Channel
    channels = [channel(LARGEST_GAIN_Q8, 0, TOP, step, step < 10) for step in (0, 5, 10)]
    sampler = Sampler(3, chunk=40)
    meter = firmware.module("metering.meter").Meter(sampler, channels)
    energy = firmware.module("metering.energy").Energy(3)
    health = firmware.module("metering.health").Health()
    windows = 0
    now_ms = start_ms
    for turn, name in enumerate([*WAVES, *reversed(WAVES)]):
        sampler.wave = WAVES[name]
        sampler.lost_frames += turn % 5 == 4
        with firmware:
            for _ in range(160):  # 0.83 s: four windows
                done = meter.poll(now_ms)
                while done:
                    windows += done >> 1
                    if done & 2:
                        energy.add(meter.window, 400)
                        health.good(1 << 20)
                    done = meter.poll(now_ms)
                health.wait(1 << 28)
                now_ms = (now_ms + 5) % LIMIT
    assert windows > 80
    assert firmware.largest > 1 << 25, "the checks are in place"


def test_the_supervisor_at_any_current(firmware):
    supervisor = firmware.module("supervisor").Supervisor
    most = (LARGEST_MA,) * 4
    states = [firmware.module("records").ChargerState(*most, 0, group=2) for _ in range(25)]
    for breaker_ma in (10_000, 100_000, 400_000):
        groups_ma = (0, breaker_ma)
        watched = supervisor(
            ("a", "b"), (1000, 5000), 2, breaker_ma, groups_ma, states, Watchdog()
        )
        with firmware:
            for elapsed_ms in ELAPSED_MS:
                for leg_ma in (0, breaker_ma, 4 * breaker_ma, 4 * breaker_ma + 1, LARGEST_MA):
                    watched.watch([leg_ma, 0], elapsed_ms)
                    watched.check(elapsed_ms)


class Watchdog:
    def feed(self):
        pass


@pytest.mark.long
@pytest.mark.parametrize("breaker_a", [10, 100, 400])
@pytest.mark.parametrize("chargers", [1, 4])
def test_balancing_at_any_current(firmware, breaker_a, chargers):
    names = ("app.building", "records", "settings.table")
    building, records, table = map(firmware.module, names)
    values = table.defaults() | {"breaker_a": breaker_a}
    for n in range(1, chargers + 1):
        values[f"charger{n}.profile"] = "evse_wb"
        values[f"charger{n}.address"] = n
    states = [charger.state for charger in building.chargers(values, "")[0]]
    for state in states:
        state.online = state.car = state.charging = True
    controller = building.controller(values, states, False)
    reading = records.Reading(2)
    chance = random.Random(breaker_a)
    breaker_ma = breaker_a * 1000
    currents = [0, 1, breaker_ma, 2 * breaker_ma, 4 * breaker_ma, 4 * breaker_ma + 1, LARGEST_MA]
    # Mostly quiet, so that currents rise; at times anything at all.
    with firmware:
        for turn in range(4000):
            wild = turn % 400 > 300
            for leg in range(2):
                reading.leg_ma[leg] = chance.choice(currents) if wild else 1000
            reading.ev_ma = chance.choice(currents) if wild else 0
            reading.good = chance.random() < 0.95
            elapsed_ms = chance.choice(ELAPSED_MS) if wild else 200
            blind_ms = chance.choice((0, 200, 601, 1 << 28)) if wild else 200
            if wild and chance.random() < 0.3:
                controller.surge(reading, elapsed_ms)
            controller.step(reading, elapsed_ms, blind_ms)
            for state, allocation in zip(states, controller.allocations, strict=True):
                state.offer_ma = state.ceiling_ma = allocation.allowed_ma
                assert (
                    allocation.allowed_ma == 0
                    or state.min_ma <= allocation.allowed_ma <= state.max_ma
                )


@pytest.mark.long
def test_planning_at_any_power(firmware):
    planning = {
        name: firmware.module("planning." + name)
        for name in (
            "calendar", "zone", "planner", "plug", "power", "sun", "surplus", "demand_cap",
            "contact", "temperature", "sessions",
        )
    }  # fmt: skip
    records = firmware.module("records")
    chance = random.Random(1)
    calendar = planning["calendar"].Calendar(planning["zone"].Zone("CET-1CEST,M3.5.0,M10.5.0/3"))
    for legs, leg_v in (((0,), 277), ((0, 1), 120), ((0, 1, 2), 277)):
        power = planning["power"].Power()
        plugs = []
        for mode in (1, 2, 3):
            state = records.ChargerState(6000, 80_000, 400_000, 80_000, 0, legs)
            state.car = state.charging = True
            plug = planning["plug"].Plug(state, leg_v, 100, mode)
            plug.sun = planning["sun"].Sun()
            plug.capped = planning["demand_cap"].Capped()
            plugs.append(plug)
        limits = (
            planning["surplus"].Surplus(power, 5000),
            planning["demand_cap"].DemandCap(power, calendar, 100_000, 60),
            planning["contact"].Contact(100_000),
            planning["temperature"].Temperature(60, 80),
        )
        planner = planning["planner"].Planner(plugs, calendar, power, limits)
        sessions = planning["sessions"].Sessions(3)
        ntc = planning["temperature"].Ntc()
        day, second = 36_000, 0
        with firmware:
            for turn in range(4000):
                elapsed_ms = chance.choice(ELAPSED_MS)
                second += elapsed_ms // 1000 + 1
                if turn % 7 == 0:
                    calendar.forget()
                else:
                    calendar.tell(day + second // 86_400, second % 86_400)
                grid_w = chance.choice((None, 0, -330_000, 330_000, 20_000, -20_000))
                for plug in plugs:
                    plug.draw_w = chance.choice((-1, 0, 66_000))
                    plug.leg_mv = chance.choice((0, 277_000))
                    plug.draw_ma = chance.choice((-1, 0, LARGEST_MA // 32))
                    plug.state.offer_ma = min(80_000, plug.request.bound_ma)
                limits[2].tell(elapsed_ms, chance.choice((0, 1, None)))
                limits[3].tell(ntc.tenths(chance.randrange(4097), 4096))
                planner.step(elapsed_ms, grid_w)
                sessions.step(plugs, elapsed_ms, grid_w, calendar)
