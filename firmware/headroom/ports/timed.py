"""A sampler for converters that give one result at a time: a timer asks for each frame.

The timer's callback runs between bytecodes and can be late. `jitter_us` is the worst lateness
seen. Frames that never came make a window last longer, and the frequency, which is counted in
frames, follows; a gap of more than 4 ms (a quarter of a cycle) counts as lost frames, and the
window is not used.
"""

import time
from array import array

import machine
from micropython import const

_RING_MS = const(300)
_GAP_US = const(4000)


class TimedSampler:
    """The Sampler interface of ports/__init__.py on top of `converters`.

    converters  one function a channel that returns its count
    rate_hz     frames a second; timer: a machine.Timer
    """

    def __init__(self, converters, rate_hz, timer):
        self.channels = len(converters)
        self.rate_hz = rate_hz
        self.frames = rate_hz * _RING_MS // 1000
        # From a range, whatever its values: a list of zeros would take twice the ring itself.
        self.samples = array("H", range(self.frames * self.channels))
        self.lost_frames = 0
        self.jitter_us = 0
        self._converters = converters
        self._at = 0
        self._written = 0
        self._taken = 0
        self._period_us = 1_000_000 // rate_hz
        self._last_us = time.ticks_us()
        timer.init(freq=rate_hz, mode=machine.Timer.PERIODIC, callback=self._sample)

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
        for converter in self._converters:
            self.samples[at] = converter()
            at += 1
        self._at = at if at < len(self.samples) else 0
        self._written = (self._written + 1) & 0xFFFFFF
