"""Sampling on an ESP32: MicroPython offers no continuous conversion there, so a timer asks for
each frame.

The timer's callback runs between two bytecodes and can be late. `jitter_us` is the worst lateness
seen. A gap of more than 4 ms (a quarter of a cycle) counts as lost frames, and the window is not
used: each collection of garbage and each write to the flash makes one. The scheduler's queue of
eight still holds frames from before the gap; taken all at once they would be eight samples of the
same moment, so those are dropped.

Results go through the chip's factory calibration (read_uv), which straightens its curved
converter and gives whole millivolts. It never shows the ends of the range as 0 and 4095: what is
outside of board.ADC_RAILS_MV, where the converter is straight, is taken for clipped.
"""

import time
from array import array

import machine
from micropython import const

_RING_MS = const(300)
_GAP_US = const(4000)
_QUEUE = const(8)  # MICROPY_SCHEDULER_DEPTH of the port
_FULL_SCALE = const(4095)


class Sampler:
    """Samples board.ADC_PINS (ADC1, 11 dB) as counts of 3.3 V / 4096 = 805.7 uV."""

    def __init__(self, board):
        self.channels = len(board.ADC_PINS)
        self.rate_hz = board.RATE_HZ
        self.frames = board.RATE_HZ * _RING_MS // 1000
        # From a range, whatever its values: a list of zeros would take twice the ring itself.
        self.samples = array("H", range(self.frames * self.channels))
        self.lost_frames = 0
        self.jitter_us = 0
        self.spacing_ppm = 0  # not known, and not steady: no voltage on this port
        self._inputs = [
            machine.ADC(machine.Pin(pin), atten=machine.ADC.ATTN_11DB) for pin in board.ADC_PINS
        ]
        self._low_uv = board.ADC_RAILS_MV[0] * 1000
        self._high_uv = board.ADC_RAILS_MV[1] * 1000
        self._at = 0
        self._written = 0
        self._taken = 0
        self._late = 0  # callbacks that may still be from before a gap
        self._period_us = 1_000_000 // board.RATE_HZ
        self._last_us = time.ticks_us()
        self._timer = machine.Timer(0)
        self._timer.init(freq=board.RATE_HZ, mode=machine.Timer.PERIODIC, callback=self._sample)

    def advance(self):
        arrived = (self._written - self._taken) & 0xFFFFFF
        self._taken = self._written
        unread = arrived % self.frames
        self.lost_frames += arrived - unread
        return unread

    def _sample(self, timer):
        now_us = time.ticks_us()
        since_us = time.ticks_diff(now_us, self._last_us)
        if self._late:
            self._late -= 1
            if since_us < self._period_us // 2:
                return
        self._last_us = now_us
        late_us = since_us - self._period_us
        if late_us > self.jitter_us:
            self.jitter_us = late_us
        if late_us > _GAP_US:
            self.lost_frames += late_us // self._period_us
            self._late = _QUEUE
        at = self._at
        for converter in self._inputs:
            uv = converter.read_uv()
            if uv <= self._low_uv:
                count = 0
            elif uv >= self._high_uv:
                count = _FULL_SCALE
            else:
                count = (uv * 10 + 4028) // 8057
            self.samples[at] = count
            at += 1
        self._at = at if at < len(self.samples) else 0
        self._written = (self._written + 1) & 0xFFFFFF
