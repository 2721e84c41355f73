"""The metering chip as a meter, for whatever Python runs this; what it takes from the heap.

Each line is a JSON list: of some windows the currents, the voltage, powers and faults. The chip
works, its supply dips, it stands still, its wire breaks.
"""

import gc
import json
import sys

import atm90e32_model

PINS = {
    "id": 2, "sck": 18, "mosi": 23, "miso": 19, "cs": 5, "idle": (4,), "mode": 3, "baud": 500_000,
    "phases": (0, 1, 2),
}  # fmt: skip
chip = atm90e32_model.Atm90e32()
sys.modules["machine"] = atm90e32_model.machine(chip, PINS)

from headroom.app import building  # noqa: E402  `machine` is there now
from headroom.settings import table, together  # noqa: E402


class Board:
    CHANNELS = ("L1", "L2", "EV", "V")
    ATM90E32 = PINS
    SPAN_MV = 2036
    BURDEN_OHM = 22


table.fit(Board)
values = table.defaults()
table.put(values, "voltage", "adapter9v_cs")
together.check(values)
meter = building.front_end(values, Board, None)
SET_UP = 3  # the turn after it, which makes the list of what it sets


class World:
    """Time, and what is taken from the heap: by the model of the chip, and by the firmware."""

    def __init__(self, spi):
        self.now_ms = self.taken = self._of_model = 0
        self._spi = spi
        self._counts = hasattr(gc, "mem_alloc")  # MicroPython

    def exchange(self, frame, answer):
        before = gc.mem_alloc() if self._counts else 0
        self._spi.exchange(frame, answer)
        self._of_model += gc.mem_alloc() - before if self._counts else 0

    def poll(self):
        chip.pass_ms(5)
        self.now_ms += 5
        if not self._counts:
            return meter.poll(self.now_ms)
        gc.collect()
        gc.disable()
        self._of_model = 0
        before = gc.mem_alloc()
        done = meter.poll(self.now_ms)
        taken = gc.mem_alloc() - before - self._of_model
        gc.enable()
        if meter._turn != SET_UP:
            self.taken = max(self.taken, taken)
        return done


world = World(meter._chip._spi)
meter._chip._spi = world


def windows(name, count):
    while count:
        if world.poll() & 2:
            count -= 1
            reading, power = meter.window, meter.power
            print(json.dumps([
                name, reading.good, list(reading.leg_ma), reading.ev_ma, list(reading.faults),
                power.mv, power.mhz, power.known, list(power.mw), list(power.mvar),
                list(meter.cycle.leg_ma),
            ]))  # fmt: skip


chip.u_mv = 490.0
chip.mv = [110.0, 55.0, 82.0]
chip.lag_deg = [30.0, 170.0, 5.0]
windows("well", 12)
chip.mv = [690.0, 0.1, 0.0]
windows("loud", 6)
chip.power_on()
windows("dip", 8)
chip.frozen = True
windows("still", 4)
chip.frozen = False
chip.wired = "high"
windows("cut", 5)
print(json.dumps(["taken", world.taken]))
