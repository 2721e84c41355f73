"""A Tesla Wall Connector polls an emulated Pico that is kept busy: it is answered within 66 ms.

With the firmware frozen in: copied onto MicroPython as released there is no memory for it. Timed
from the last stop bit of a request to the first start bit of its answer, on the wire.
"""

import struct
from functools import partial

import pytest

from lab.chip.fork import in_a_copy
from lab.chip.rig import OFFER_A, SETTINGS, Rig
from lab.chip.wallbox import crc16

pytestmark = pytest.mark.frozen
WANTED_MS = 66
METER_UART = 1
POWERS, CURRENTS, IDENTITY = (0x0088, 10), (0x00F4, 8), (0x0001, 55)
CHARACTER_NS = 10 * 1e9 / 115200
L1_A, L2_A = 40, 30
HELD_MS = 25
START_MS = 10_000  # it has a meter more to load
HOLD, COLLECT = 13, 15
BUSY = f"""
import gc
import time

def held(pin):
    time.sleep_ms({HELD_MS})

def collect(pin):
    gc.collect()

Pin({HOLD}, Pin.IN, Pin.PULL_DOWN).irq(held, Pin.IRQ_RISING)
Pin({COLLECT}, Pin.IN, Pin.PULL_DOWN).irq(collect, Pin.IRQ_RISING)
"""


@pytest.fixture(scope="module")
def polled(image, firmware):
    """A meter that drives a charger, with a Wall Connector on its second line."""
    rig = Rig(image, firmware, SETTINGS | {"emulate": "wall_connector"}, hooks=BUSY)
    rig.set_currents(L1_A, L2_A, OFFER_A)
    rig.start(START_MS)
    rig.until_told(6)
    return rig


def asked(rig, register, count):
    """(ms from the request's end to the answer's first byte, and to its last; its registers)."""
    chip = rig.chip
    request = struct.pack(">BBHH", 1, 3, register, count)
    request += crc16(request).to_bytes(2, "little")
    begun = len(chip.uart_log)
    chip.receive(METER_UART, request)
    end_ns = chip.ns + len(request) * CHARACTER_NS

    def answer():
        return [event for event in chip.uart_log[begun:] if event[0] == METER_UART]

    size = 5 + 2 * count
    chip.run_until(lambda: len(answer()) >= size, 1000)
    data = bytes(byte for _, byte, _, _ in answer())
    assert crc16(data) == 0
    assert data[:3] == bytes([1, 3, 2 * count])
    first_ms, last_ms = (answer()[0][2] - end_ns) / 1e6, (answer()[-1][3] - end_ns) / 1e6
    return first_ms, last_ms, data[3:-2]


def test_its_answers_are_right_and_in_time(polled):
    for register, count in (POWERS, CURRENTS, IDENTITY):
        first_ms, last_ms, data = asked(polled, register, count)
        print(f"0x{register:04X}, {count}: first byte {first_ms:.1f} ms, last {last_ms:.1f} ms")
        assert last_ms < WANTED_MS
        if register == CURRENTS[0]:
            amperes = struct.unpack(">4f", data)
            assert amperes == pytest.approx((L1_A, L2_A, 0, 0), abs=0.1)


def asked_while(rig, what, n):
    """ms to the first byte of its powers."""
    if what == "console":
        rig.chip.usb.send(b"json status\r")
        rig.chip.run_ms(5 + 4 * n)
    else:
        rig.edge(HOLD if what == "held" else COLLECT)
        rig.chip.run_ms(n)
    return asked(rig, *POWERS)[0]


@pytest.mark.parametrize("what", ["held", "collection", "console"])
def test_while_the_loop_is_held(polled, what):
    """The hold begins up to 8 ms before the request's last bit, in steps that hit every phase."""
    found = []
    for n in range(8):
        found.append(in_a_copy(partial(asked_while, polled, what, n)))
        polled.chip.run_ms(13.7)
    print(what, "ms to the first byte:", " ".join(f"{ms:.1f}" for ms in sorted(found)))
    assert max(found) < WANTED_MS
