"""Samples to readings to allocations, in one task, so that nothing waits between the two.

Every mains cycle may lower a current (surge), every window of 200 ms decides. Where no window
comes, time passes all the same, and the third missing one ends in the fallback.
"""

import asyncio
import time

from micropython import const

from .. import records
from ..metering.meter import WINDOW

_LATE_MS = const(300)  # a window that is so late isn't coming
_LONGEST_MS = const(3000)  # counted as energy at once


class Control:
    """meter, health, energy  see metering/; controller  balancing/controller.py
    supervisor               hears of every window
    bus                      its relays are told at once
    planning                 app/planning.py, None where nothing is wished
    """

    def __init__(self, meter, health, energy, controller, supervisor, bus, planning=None):
        self._meter = meter
        self._health = health
        self._energy = energy
        self._controller = controller
        self._supervisor = supervisor
        self._bus = bus
        self._planning = planning
        self._decided_ms = 0
        self._waited_ms = 0

    async def run(self, beat):
        """For ever; `beat()` with each turn."""
        self.begin(time.ticks_ms())
        while True:
            beat()
            self.turn(time.ticks_ms())
            # Behind or not, the others have their turn.
            await asyncio.sleep_ms(time.ticks_diff(self._meter.due_ms, time.ticks_ms()))

    def begin(self, now_ms):
        """Time counts from here."""
        self._decided_ms = self._waited_ms = now_ms

    def turn(self, now_ms):
        """Take in what was sampled by now, and decide on it."""
        done = self._meter.poll(now_ms)
        if done:
            if not self._health.stale():  # else there is the fallback, and no keep-alive
                self._surge(now_ms)
            if done & WINDOW:
                self._window(now_ms)
        if time.ticks_diff(now_ms, self._waited_ms) >= _LATE_MS:
            self._no_window(now_ms)
        self._bus.switch()

    def _surge(self, now_ms):
        if self._controller.surge(self._meter.cycle, self._elapsed_ms(now_ms)):
            self._decided_ms = now_ms

    def _window(self, now_ms):
        reading = self._meter.window
        waited_ms = time.ticks_diff(now_ms, self._waited_ms)
        for test in self._meter.ct_tests:
            test.look(reading)
        if reading.good:
            self._health.good(time.ticks_diff(now_ms, reading.at_ms))
        else:
            self._health.wait(waited_ms)
        self._supervisor.watch(reading.leg_ma, records.WINDOW_MS)
        self._energy.add(reading, min(waited_ms, _LONGEST_MS))
        self._step(now_ms)

    def _no_window(self, now_ms):
        self._health.wait(time.ticks_diff(now_ms, self._waited_ms))
        if self._health.stale():
            self._step(now_ms)
        else:
            self._waited_ms = now_ms

    def _step(self, now_ms):
        if self._planning:
            self._planning.step(now_ms)
        elapsed_ms = self._elapsed_ms(now_ms)
        self._controller.step(self._meter.window, elapsed_ms, self._health.blind_ms)
        self._decided_ms = self._waited_ms = now_ms

    def _elapsed_ms(self, now_ms):
        return time.ticks_diff(now_ms, self._decided_ms)
