"""The pure rooms at work, for whatever Python runs this: CPython, the PC's MicroPython, a chip.

Needs no arguments and no files, so a board's raw REPL takes it too. Everything comes from one
pseudo-random generator; each line that it prints is a JSON list, the same wherever it runs.
"""

import json
import os
from array import array

import micropython  # noqa: F401  on CPython the shim, which the firmware needs

from headroom import records
from headroom.app import building
from headroom.charging import rtu
from headroom.metering.health import Health
from headroom.settings import table, together
from headroom.settings.store import Store
from headroom.supervisor import Supervisor

RATE_HZ = 7680
FRAMES = 2304
FOLDER = "scenario-settings"


class Chance:
    """x = 16,645 x + 11 modulo 2^16: below 2^30 on the way, the same everywhere."""

    def __init__(self, seed):
        self._x = seed

    def below(self, limit):
        self._x = (self._x * 16645 + 11) & 0xFFFF
        return (self._x >> 4) % limit


class Board:
    CHANNELS = ("L1", "L2", "EV")
    VREF_MV = 3300
    ADC_BITS = 12
    ADC_STEP = 0
    ADC_SLOPE_PPM = 1_000_000


class House:
    """A sampler that plays triangles at 60 Hz with noise, written anew only when a load changes.

    The ring holds 18 whole cycles of 128 frames. Peaks are in counts: of two legs, and of the cars
    that load both.
    """

    def __init__(self):
        self.channels = 3
        self.rate_hz = RATE_HZ
        self.frames = FRAMES
        self.samples = array("H", [2048] * (FRAMES * 3))
        self.lost_frames = 0
        self.jitter_us = 0
        self._chance = Chance(7)
        self._loads = ()

    def play(self, l1, l2, cars):
        if (l1, l2, cars) == self._loads:
            return
        self._loads = (l1, l2, cars)
        peaks = (l1 + cars, l2 + cars, 2 * cars)
        for at in range(FRAMES):
            height = 32 - abs(at % 128 - 64)  # -32 to 32
            noise = self._chance.below(4)
            for channel in range(3):
                count = 2040 + 7 * channel + (height * peaks[channel] >> 5) + noise
                self.samples[at * 3 + channel] = count

    def advance(self):
        return 38


class Watchdog:
    fed = 0

    def feed(self):
        self.fed += 1


def tell(*values):
    print(json.dumps(list(values)))


def house_with_two_chargers():
    values = table.defaults()
    for n, profile in ((1, "heidelberg"), (2, "evse_wb")):
        table.put(values, "charger%d.profile" % n, profile)
        table.put(values, "charger%d.address" % n, n)
    together.check(values)
    return values


def balance(windows):
    """Metering and balancing in a closed loop: the cars draw what they are offered."""
    values = house_with_two_chargers()
    house = House()
    meter = building.meter(values, Board, house)
    states = [charger.state for charger in building.chargers(values, FOLDER)[0]]
    controller = building.controller(values, states, False)
    supervisor = Supervisor(("measure",), (1000,), 2, 100000, (), states, Watchdog())
    health = Health()
    chance = Chance(1)
    loads = (300, 200)
    now_ms = (1 << 30) - 20000  # the clock wraps on the way
    seen = 0
    while seen < windows:
        now_ms = (now_ms + 5) & 0x3FFFFFFF
        done = meter.poll(now_ms)
        if done and controller.surge(meter.cycle, 0):
            tell("surge", seen, list(meter.cycle.leg_ma))
        if not done & 2:
            continue
        seen += 1
        reading = meter.window
        if reading.good:
            health.good(10)
        else:
            health.wait(200)
        supervisor.watch(reading.leg_ma, 200)
        supervisor.beat(0)
        supervisor.check(200)
        controller.step(reading, 200, health.blind_ms)
        offered_ma = 0
        for i in range(2):
            state = states[i]
            state.online = seen > 5
            state.car = state.charging = seen > 10
            state.offer_ma = state.ceiling_ma = controller.allocations[i].allowed_ma
            offered_ma += state.offer_ma
        if seen % 130 == 0:
            loads = (100 + chance.below(900), 100 + chance.below(700))
        if seen == windows - 40:
            loads = (1300, 100)
        if seen == windows // 2:
            house.lost_frames += 1
        house.play(loads[0], loads[1], offered_ma // 120 if seen > 20 else 0)
        if seen % 10 == 0:
            show(seen, reading, controller, supervisor.tripped)
    controller.step(meter.window, 200, records.STALE_MS + 1)
    show("blind", meter.window, controller, supervisor.tripped)


def show(what, reading, controller, tripped):
    tell(
        what,
        list(reading.leg_ma),
        reading.ev_ma,
        reading.good,
        [
            (a.allowed_ma, a.fits_ma, a.reason, a.limit, a.since_ms, a.ready, a.fresh)
            for a in controller.allocations
        ],
        tripped,
    )


def store():
    """Saves in turn, and what comes up with the newest cut off or flipped."""
    try:
        os.mkdir(FOLDER)
    except OSError:
        pass
    kept = Store(FOLDER)
    values = house_with_two_chargers()
    for breaker_a in (80, 90):
        values["breaker_a"] = breaker_a
        kept.save(values)
    path = FOLDER + "/settings.b"
    with open(path, "rb") as file:
        whole = file.read()
    chance = Chance(3)
    for _ in range(12):
        cut = chance.below(len(whole))
        flipped = bytearray(whole)
        flipped[cut] ^= 1 << chance.below(8)
        for content in (whole[:cut], flipped):
            with open(path, "wb") as file:
                file.write(content)
            fresh = Store(FOLDER)
            breaker_a = fresh.load()["breaker_a"]
            tell("store", breaker_a, fresh.source, fresh.note != "")
    for name in ("a", "b"):
        os.remove(FOLDER + "/settings." + name)
    os.rmdir(FOLDER)


def refusals():
    """What can't be, in the words that the user reads."""
    values = house_with_two_chargers()
    for name, text in (
        ("colour", "red"),
        ("breaker_a", "9"),
        ("breaker_a", "1e2"),
        ("charger1.address", "2"),
        ("charger1.fallback_a", "17"),
        ("charger2.profile", "nobody"),
    ):
        changed = dict(values)
        try:
            table.put(changed, name, table.parse(name, text))
            together.check(changed)
            tell("accepted", name, text)
        except table.Refused as refusal:
            tell("refused", str(refusal))


def frames():
    """Frames with their CRC."""
    chance = Chance(5)
    for length in (0, 1, 5, 5, 5, 60, 250):
        pdu = bytes([chance.below(256) for _ in range(length)])
        tell("frame", list(rtu.frame(chance.below(248), pdu)))


balance(400)
store()
refusals()
frames()
tell("end")
