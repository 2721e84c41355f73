"""The whole app on the ESP32 of esp32_chip/, in virtual time; prints what truly happened as JSON.

argv: how many virtual seconds; then, at which second what happens: `l1=60000@30` loads leg 1 with
60 A (house.base_ma) from then on; `de=none` leaves "de" out of the board's LINE.
"""

import builtins
import json
import sys

import tasks

sys.modules["_asyncio"] = tasks
import asyncio

import chip
import house
import machine
import wire

import board

FOLDER = "esp32-data"
FLASH_US = 50_000  # each file that is written
COLLECT_US = 15_000  # and once a second a collection of garbage
LOOP_US = 150  # of Python, each time a task has its turn
TURNAROUND_US = 2000  # to a reply: the 3.5 characters that Modbus RTU wants, the least there is

seconds = int(sys.argv[1])
events = []  # (second, leg, mA)
for word in sys.argv[2:]:
    if word == "de=none":
        del board.LINE["de"]
    else:
        load, second = word.split("@")
        events.append((int(second), int(load[1]) - 1, int(load[3:])))

pins = board.LINE
line = wire.Wire(pins["tx"], pins["rx"], pins.get("de"), house.answer, TURNAROUND_US)
chip.stalled.append(line.stall)
machine.ADC.source_mv = lambda pin: house.mv(pin, board.ADC_PINS, chip.now_us)
plain_open = open


def open_on_flash(path, mode="r"):
    if "w" in mode or "a" in mode:
        chip.flash(FLASH_US)
    return plain_open(path, mode)


builtins.open = open_on_flash


class Idle:
    """In place of asyncio's waiting for I/O: time passes, and the world goes on."""

    map = ()

    def __init__(self):
        self._collect_us = chip.now_us + 1_000_000

    def wait_io_event(self, ms):
        chip.spend(LOOP_US + max(ms, 0) * 1000)
        if chip.now_us >= self._collect_us:
            chip.hold(COLLECT_US)
            self._collect_us += 1_000_000
            look(chip.now_us // 1_000_000)


def look(second):
    while events and events[0][0] <= second:
        _, leg, ma = events.pop(0)
        house.base_ma[leg] = ma
    window = app._control._meter.window
    tell(
        second=second,
        legs=[house.leg_ma(0), house.leg_ma(1), house.car_ma()],
        read=list(window.leg_ma) + [window.ev_ma],
        faults=list(window.faults),
        seen=window.seq,
        fallback=house.registers[262] * 100,
    )
    if second >= seconds:
        raise KeyboardInterrupt


def tell(**what):
    print(json.dumps(what))


asyncio.core.IOQueue = Idle
asyncio.new_event_loop()

from headroom import app as the_app
from headroom import ports
from headroom.ports import esp32
from headroom.settings import table, together
from headroom.settings.store import Store
from headroom.storage.pair import make_folder


class Nobody:
    def __init__(self, board):
        pass

    def read_into(self, buffer):
        return 0

    def write(self, buffer, count):
        return count


esp32.Terminal = Nobody
esp32.data_folder = lambda board: FOLDER
ports.current = lambda: esp32

make_folder(FOLDER)
table.fit(board)  # with the burdens that its page says to fit, as house.py has them
values = table.defaults()
table.put(values, "charger1.profile", "heidelberg")
table.put(values, "charger1.address", 1)
together.check(values)
Store(FOLDER).save(values)
app = the_app.assembled(board)
begun_us = chip.now_us
lost = 0
try:
    asyncio.run(app.run())
except KeyboardInterrupt:
    app.last_words()
line.received(chip.now_us + 1_000_000)
tell(
    frames=line.frames,
    unheard=line.unheard,
    spoiled=line.spoiled,
    late_us=line.late_us,
    inits=machine.Timer.inits,
    dropped=chip.dropped,
    lost=app._control._meter.lost_frames,
    jitter_us=app._control._meter.jitter_us(),
    tripped=app._supervisor.tripped,
)
