"""A relay through on, off, rest and a welded contact, with the heap locked; on MicroPython only.

Prints, for each part, how often it was switched on and what is kept for it in the end.
"""

import json

import micropython

from headroom import records
from headroom.balancing.controller import Controller
from headroom.charging.bus import Bus
from headroom.charging.relay import Relay


class Pin:
    level = 0

    def value(self, level=None):
        if level is not None:
            self.level = level
        return self.level


def run(house_a, seconds, welded):
    for _ in range(seconds * 5):
        car_ma = 40_000 if pin.level else 0
        for leg in range(2):
            reading.leg_ma[leg] = house_a * 1000 + car_ma
        reading.ev_ma = car_ma
        back.level = max(back.level, pin.level) if welded else pin.level
        controller.surge(reading, 17)
        controller.step(reading, 200, 50)
        bus.switch()


state = records.ChargerState(40_000, 40_000, 48_000, 40_000, 0, (0, 1), rest_ms=120_000)
pin, back = Pin(), Pin()
relay = Relay("charger1", state, 10, pin, back)
controller = Controller(2, 100_000, 80, 6000, 5000, [state])
bus = Bus(None, [relay], controller.allocations)
reading = records.Reading(2)
reading.good = True
run(20, 1, False)  # what is made once is made
for house_a, seconds, welded in (
    (20, 150, False),
    (70, 10, False),
    (20, 150, False),
    (70, 20, True),
):
    micropython.heap_lock()
    try:
        run(house_a, seconds, welded)
    finally:
        micropython.heap_unlock()
    print(json.dumps([relay.starts, pin.level, controller.allocations[0].kept_ma]))
