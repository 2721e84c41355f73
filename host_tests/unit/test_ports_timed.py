"""The timer-driven samplers (ESP32, MCP3208) on a hand-turned timer and clock."""

import sys
import time
import types

import pytest

PERIOD_US = 1_000_000 // 1920


class Bench:
    """A `machine` module whose timer and clock the test turns."""

    def __init__(self, monkeypatch):
        self.now_us = 1_000
        self.bus = []
        self.levels = [1000, 2000, 3000]
        bench = self

        class Timer:
            PERIODIC = 1

            def __init__(self, number=-1):
                pass

            def init(self, *, freq, mode, callback):
                bench.freq, bench.callback = freq, callback

        class Pin:
            OUT = 1

            def __init__(self, number, mode=None, value=None):
                self.number = number

            def on(self):
                bench.bus.append("deselect")

            def off(self):
                bench.bus.append("select")

        class SPI:
            def __init__(self, number, **settings):
                bench.spi_settings = settings

            def write_readinto(self, request, reply):
                bench.bus.append(bytes(request))
                result = bench.levels[(request[0] & 1) << 2 | request[1] >> 6]
                reply[:] = bytes((0xFF, 0xE0 | result >> 8, result & 0xFF))  # upper bits float

        class ADC:
            ATTN_11DB = 3

            def __init__(self, pin, atten):
                self._pin = pin.number

            def read_uv(self):
                return {34: 0, 35: 1_650_000, 32: 3_400_000}[self._pin]

        machine = types.SimpleNamespace(Timer=Timer, Pin=Pin, SPI=SPI, ADC=ADC)
        monkeypatch.setitem(sys.modules, "machine", machine)
        monkeypatch.setattr(time, "ticks_us", lambda: bench.now_us, raising=False)
        for name in [name for name in sys.modules if name.startswith("headroom.ports")]:
            monkeypatch.delitem(sys.modules, name)

    def tick(self, times=1, late_us=0):
        self.now_us += late_us
        for _ in range(times):
            self.now_us += PERIOD_US
            self.callback(None)


@pytest.fixture
def bench(monkeypatch):
    return Bench(monkeypatch)


@pytest.fixture
def mcp3208(bench):
    from headroom.ports import mcp3208

    pins = {"id": 0, "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "inputs": (0, 1, 2)}
    return mcp3208.sampler(types.SimpleNamespace(ADC_SPI=pins, RATE_HZ=1920))


def test_mcp3208_speaks_the_datasheets_three_bytes(bench, mcp3208):
    """DS21298 figure 6-1: start bit and SGL in the first byte, D2 D1 D0 across the first two."""
    bench.tick()
    requests = [item for item in bench.bus if isinstance(item, bytes)]
    assert requests == [b"\x06\x00\x00", b"\x06\x40\x00", b"\x06\x80\x00"]
    assert bench.bus[0] == "select"
    assert bench.bus[2] == "deselect"
    assert list(mcp3208.samples[:3]) == [1000, 2000, 3000]
    assert bench.spi_settings["baudrate"] <= 1_000_000  # its limit at 2.7 V


def test_frames_are_counted_and_the_ring_wraps(bench, mcp3208):
    bench.tick(mcp3208.frames - 2)
    assert mcp3208.advance() == mcp3208.frames - 2
    bench.levels = [11, 22, 33]
    bench.tick(5)
    assert mcp3208.advance() == 5
    assert list(mcp3208.samples[:9]) == [11, 22, 33] * 3
    assert mcp3208.lost_frames == 0


def test_lateness_is_reported_and_a_long_gap_is_lost_frames(bench, mcp3208):
    bench.tick(10)
    bench.tick(1, late_us=900)
    assert mcp3208.jitter_us == pytest.approx(900, abs=2)
    assert mcp3208.lost_frames == 0
    bench.tick(1, late_us=10_000)
    assert mcp3208.lost_frames == 10_000 * 1920 // 1_000_000


def test_unread_frames_that_were_overwritten_are_lost(bench, mcp3208):
    bench.tick(mcp3208.frames + 7)
    mcp3208.advance()
    assert mcp3208.lost_frames == 7


def test_esp32_counts_come_from_its_calibrated_microvolts(bench):
    from headroom.ports import esp32

    board = types.SimpleNamespace(ADC_PINS=(34, 35, 32), RATE_HZ=1920)
    sampler = esp32.Sampler(board)
    bench.tick()
    assert list(sampler.samples[:3]) == [0, 2048, 4095]  # 0, half and above 3.3 V
