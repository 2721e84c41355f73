"""ESP32: MicroPython offers no continuous ADC there, so a timer asks for each frame.

The timer's callback runs between bytecodes and can be late; `jitter_us` is the worst lateness
seen. A window then lasts a little longer than its whole cycles, which costs up to 1 % of accuracy;
a gap of more than 4 ms counts as lost frames, and the window is not used. board.RATE_HZ is 1,920
there: 32 frames a cycle at 60 Hz.
"""

import time
from array import array

import machine
from micropython import const

from .rs485 import Line  # noqa: F401  part of the interface
from .service import feed_for_service
from .stdio import Terminal  # noqa: F401

_RING_MS = const(300)
_GAP_US = const(4000)  # a quarter of a cycle: beyond it a window is not to be used
_wdt = None


class Sampler:
    """Samples board.ADC_PINS (ADC1, 11 dB) from a timer."""

    def __init__(self, board):
        self.channels = len(board.ADC_PINS)
        self.rate_hz = board.RATE_HZ
        self.frames = board.RATE_HZ * _RING_MS // 1000
        self.samples = array("H", [0] * (self.frames * self.channels))
        self.lost_frames = 0
        self.jitter_us = 0
        attenuation = machine.ADC.ATTN_11DB
        self._adcs = [machine.ADC(machine.Pin(p), atten=attenuation) for p in board.ADC_PINS]
        self._at = 0
        self._written = 0
        self._taken = 0
        self._period_us = 1_000_000 // self.rate_hz
        self._last_us = time.ticks_us()
        self._timer = machine.Timer(0)
        self._timer.init(freq=self.rate_hz, mode=machine.Timer.PERIODIC, callback=self._sample)

    def advance(self):
        arrived = (self._written - self._taken) & 0xFFFFFF
        self._taken = self._written
        if arrived > self.frames:
            self.lost_frames += arrived - self.frames
        return arrived % self.frames

    def _sample(self, timer):
        now_us = time.ticks_us()
        late_us = time.ticks_diff(now_us, self._last_us) - self._period_us
        self._last_us = now_us
        if late_us > self.jitter_us:
            self.jitter_us = late_us
        if late_us > _GAP_US:
            self.lost_frames += late_us // self._period_us
        at = self._at
        for adc in self._adcs:
            self.samples[at] = adc.read_u16() >> 4
            at += 1
        self._at = at if at < len(self.samples) else 0
        self._written = (self._written + 1) & 0xFFFFFF


class Watchdog:
    """The task watchdog; once created it can't be stopped."""

    def __init__(self, board):
        global _wdt
        _wdt = machine.WDT(timeout=board.WATCHDOG_MS)

    def feed(self):
        _wdt.feed()


def reset():
    machine.reset()


def reset_cause():
    return {
        machine.PWRON_RESET: "power on",
        machine.WDT_RESET: "watchdog",
        machine.SOFT_RESET: "soft reset",
    }.get(machine.reset_cause(), "restart")


def data_folder(board):
    return "/data"


def stay_reachable(board):
    if _wdt is not None or machine.reset_cause() == machine.SOFT_RESET:
        feed_for_service(machine.WDT(timeout=board.WATCHDOG_MS), machine.Timer(1))
