"""Metering, balancing and the supervisor in the steady state, with the heap locked.

Any allocation raises MemoryError. Run it on MicroPython only, on a PC or a chip; prints
["locked", windows] at the end. On a chip it finds integers beyond 2^30 too.
"""

import json
from array import array

import micropython

from headroom.app import building
from headroom.metering.health import Health
from headroom.settings import table, together
from headroom.supervisor import Supervisor

FRAMES = 2304


class Board:
    CHANNELS = ("L1", "L2", "EV")
    VREF_MV = 3300
    ADC_BITS = 12
    ADC_STEP = 0
    ADC_SLOPE_PPM = 1_000_000


class House:
    """A sampler whose ring holds a square wave on every channel, 18 cycles of 128 frames."""

    def __init__(self):
        self.channels = 3
        self.rate_hz = 7680
        self.frames = FRAMES
        self.samples = array("H", [2048] * (FRAMES * 3))
        self.lost_frames = 0
        self.jitter_us = 0

    def play(self, l1, l2, ev):
        for at in range(FRAMES):
            sign = 1 if at % 128 < 64 else -1
            self.samples[at * 3] = 2048 + sign * l1
            self.samples[at * 3 + 1] = 2048 + sign * l2
            self.samples[at * 3 + 2] = 2048 + sign * ev

    def advance(self):
        return 38


class Watchdog:
    def feed(self):
        pass


class Meter:
    """The measuring task of app/control.py without its clock: all that it does every 5 ms."""

    def __init__(self):
        values = table.defaults()
        for n in (1, 2, 3, 4):
            table.put(values, "charger%d.profile" % n, "evse_wb")
            table.put(values, "charger%d.address" % n, n)
            table.put(values, "charger%d.group" % n, 1)
        table.put(values, "group1.breaker_a", 100)
        together.check(values)
        self.house = House()
        self.meter = building.meter(values, Board, self.house)
        self.states = [charger.state for charger in building.chargers(values, "")[0]]
        self.controller = building.controller(values, self.states, False)
        self.supervisor = Supervisor(
            ("measure",), (1000,), 2, 100000, (100000,), self.states, Watchdog()
        )
        self.health = Health()
        self.surges = 0
        self.now_ms = 0
        for state in self.states:
            state.online = state.car = state.charging = True

    def run(self, windows):
        while windows:
            self.now_ms = (self.now_ms + 5) & 0x3FFFFFFF
            self.supervisor.beat(0)
            done = self.meter.poll(self.now_ms)
            if done:
                if self.controller.surge(self.meter.cycle, 17):
                    self.surges += 1
            if done & 2:
                windows -= 1
                self._decide()

    def _decide(self):
        reading = self.meter.window
        if reading.good:
            self.health.good(10)
        else:
            self.health.wait(200)
        self.supervisor.watch(reading.leg_ma, 200)
        self.supervisor.check(200)
        self.controller.step(reading, 200, self.health.blind_ms)
        for i in range(len(self.states)):
            state = self.states[i]
            state.offer_ma = state.ceiling_ma = self.controller.allocations[i].allowed_ma


def locked(meter, windows):
    micropython.heap_lock()
    try:
        meter.run(windows)
    finally:
        micropython.heap_unlock()
    print(json.dumps(["locked", windows, meter.surges]))


meter = Meter()
meter.house.play(100, 60, 0)
meter.run(20)
locked(meter, 400)  # long enough to rise
meter.house.play(3, 2, 0)
locked(meter, 20)  # so little that metering asks whether it is a current at all
meter.house.play(450, 60, 200)
locked(meter, 100)  # falls and holds
meter.house.play(1000, 60, 200)
meter.run(100)  # above the breaker's rating: the supervisor trips, in words
locked(meter, 100)  # surges and pauses
meter.house.lost_frames += 1
locked(meter, 5)
meter.health.wait(10_000)
micropython.heap_lock()
try:
    meter.controller.step(meter.meter.window, 200, meter.health.blind_ms)
finally:
    micropython.heap_unlock()
print(json.dumps(["end", [allocation.allowed_ma for allocation in meter.controller.allocations]]))
