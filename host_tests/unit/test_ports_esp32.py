"""The ESP32's sampler and driver release on a hand-turned timer, converter and pulse generator.

The whole app on a strict ESP32 is in host_tests/vm/test_esp32.py.
"""

import asyncio
import sys
import time
import types

import pytest

PERIOD_US = 1_000_000 // 1920
BOARD = types.SimpleNamespace(
    ADC_PINS=(34, 35, 32),
    RATE_HZ=1920,
    ADC_RAILS_MV=(150, 2450),
    LINE={"uart": 2, "tx": 17, "rx": 16, "de": 4},
)


class Bench:
    """Modules `machine` and `esp32` whose timer, clock and levels the test turns."""

    def __init__(self, monkeypatch):
        self.now_us = 1_000
        self.uv = {34: 1_000_000, 35: 1_650_000, 32: 2_000_000}
        self.log = []
        bench = self

        class Timer:
            PERIODIC = 1

            def __init__(self, number):
                pass

            def init(self, *, freq, mode, callback):
                bench.callback = callback

        class ADC:
            ATTN_11DB = 3

            def __init__(self, pin, atten):
                self._pin = pin

            def read_uv(self):
                return bench.uv[self._pin]

        class UART:
            def __init__(self, number, **settings):
                pass

            def write(self, frame):
                bench.log.append(("frame", frame))

            def txdone(self):
                return True

        class RMT:
            def __init__(self, *, pin, resolution_hz):
                self._hz = resolution_hz

            def write_pulses(self, duration, data):
                assert 0 < duration < 1 << 15
                assert all(data)
                assert len(data) <= 2 * 47, "more would be refilled by an interrupt"
                bench.log.append(("driver", duration * len(data) / self._hz))

        machine = types.SimpleNamespace(Timer=Timer, Pin=int, ADC=ADC, UART=UART)
        monkeypatch.setitem(sys.modules, "machine", machine)
        monkeypatch.setitem(sys.modules, "esp32", types.SimpleNamespace(RMT=RMT))
        monkeypatch.setattr(time, "ticks_us", lambda: bench.now_us, raising=False)
        monkeypatch.setattr(asyncio, "sleep_ms", lambda ms: asyncio.sleep(0), raising=False)
        for name in [name for name in sys.modules if name.startswith("headroom.ports")]:
            monkeypatch.delitem(sys.modules, name)

    def tick(self, times=1, late_us=0, apart_us=PERIOD_US):
        self.now_us += late_us
        for _ in range(times):
            self.now_us += apart_us
            self.callback(None)


@pytest.fixture
def bench(monkeypatch):
    return Bench(monkeypatch)


@pytest.fixture
def sampler(bench):
    from headroom.ports import esp32

    return esp32.Sampler(BOARD)


@pytest.fixture
def line(bench):
    from headroom.ports import esp32

    return esp32.Line(BOARD)


def test_frames_are_counted_and_the_ring_wraps(bench, sampler):
    bench.tick(sampler.frames - 2)
    assert sampler.advance() == sampler.frames - 2
    bench.uv = dict.fromkeys(bench.uv, 1_650_000)
    bench.tick(5)
    assert sampler.advance() == 5
    assert list(sampler.samples[:9]) == [2048] * 9
    assert sampler.lost_frames == 0


def test_lateness_is_reported_and_a_long_gap_is_lost_frames(bench, sampler):
    bench.tick(10)
    bench.tick(1, late_us=900)
    assert sampler.jitter_us == pytest.approx(900, abs=2)
    assert sampler.lost_frames == 0
    bench.tick(1, late_us=10_000)
    assert sampler.lost_frames == 10_000 * 1920 // 1_000_000


def test_what_the_queue_held_through_a_gap_is_no_sample(bench, sampler):
    """Eight callbacks a tenth of a period apart: the first is the present, the rest are too."""
    bench.tick(10)
    bench.tick(1, late_us=50_000)
    sampler.advance()
    bench.tick(7, apart_us=PERIOD_US // 10)
    assert sampler.advance() <= 1
    bench.tick(20)
    assert sampler.advance() == 20


def test_a_short_hold_loses_no_frame(bench, sampler):
    """3 ms: the queue held them all, so frames are late but the count is right."""
    bench.tick(10)
    sampler.advance()
    bench.tick(1, late_us=3000 - PERIOD_US)
    bench.tick(5, apart_us=20)
    assert sampler.advance() == 6
    assert sampler.lost_frames == 0


@pytest.mark.parametrize("laps", [1, 2])
@pytest.mark.parametrize("more", [0, 7])
def test_unread_frames_that_were_overwritten_are_lost(bench, sampler, laps, more):
    bench.tick(laps * sampler.frames + more)
    assert sampler.advance() == more
    assert sampler.lost_frames == laps * sampler.frames


@pytest.mark.parametrize(
    ("mv", "count"),
    [(54, 0), (150, 0), (151, 187), (1650, 2048), (2449, 3040), (2450, 4095), (3150, 4095)],
)
def test_counts_are_calibrated_millivolts_and_what_is_bent_is_a_rail(bench, sampler, mv, count):
    bench.uv = dict.fromkeys(bench.uv, mv * 1000)
    bench.tick()
    assert list(sampler.samples[:3]) == [count] * 3


@pytest.mark.parametrize("baud", [1200, 9600, 19_200, 115_200])
@pytest.mark.parametrize("length", [1, 8, 29, 120, 256])
def test_the_driver_is_on_for_the_frame_and_off_before_a_reply(bench, line, baud, length):
    """The UART starts up to 0.2 ms after the pulse; no reply comes within 3.5 characters, or
    1.75 ms at fast rates (Modbus over serial line 1.02, 2.5.1.1)."""
    line.open(baud, "E", 1)
    asyncio.run(line.send(bytes(length)))
    (first, held_s), (second, frame) = bench.log
    assert (first, second) == ("driver", "frame"), "on before the first start bit"
    assert len(frame) == length
    longer_us = held_s * 1e6 - length * 11e6 / baud
    assert 200 < longer_us < 500
