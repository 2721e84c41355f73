"""As a Wall Connector's meter: what a look at a silent line takes from the heap, and an answer.

Prints ["idle", looks] with the heap locked, then ["bytes", of powers, of currents] of an answer.
"""

import gc
import json
import struct
import time

import micropython

from headroom.answering.readings import Readings
from headroom.answering.slave import Slave
from headroom.charging.receiver import crc16

LOOKS, ANSWERS = 1000, 100


class Line:
    def open(self, baud, parity, stop):
        pass

    def read_into(self, buffer):
        return 0


class Window:
    good = True
    legs = 2
    leg_ma = (12345, 6789)
    at_ms = time.ticks_ms()


class Meter:
    window = Window()
    power = None


class Health:
    def stale(self):
        return False


def request(register, count):
    body = struct.pack(">BBHH", 1, 3, register, count)
    crc = crc16(body)
    return memoryview(body + bytes([crc & 0xFF, crc >> 8]))


def bytes_of(slave, question):
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(ANSWERS):
        Window.at_ms = time.ticks_ms()
        assert slave.reply(question)
    taken = gc.mem_alloc() - before
    gc.enable()
    return taken // ANSWERS


slave = Slave(
    Line(), (0, "N", 1), "wall_connector", 1, Readings(Meter(), Health(), None, 120, 100_000)
)
micropython.heap_lock()
for _ in range(LOOKS):
    slave._read()
    slave._asked()
micropython.heap_unlock()
print(json.dumps(["idle", LOOKS]))
questions = [request(0x0088, 10), request(0x00F4, 8)]
print(json.dumps(["bytes"] + [bytes_of(slave, question) for question in questions]))
