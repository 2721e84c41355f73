"""A charger that takes no orders: it polls our meter (answering/) and balances by its own law.

What it may draw is kept for it, see balancing/limits.py. Nobody tells whether it has a car.
"""

import time

from micropython import const

from .ages import Ages

_SILENT_MS = const(15_000)  # a Wall Connector asks five times a second, others every few seconds
_NOT_ASKED = "it has not asked for its meter for 15 s: see 'log', and docs/meters.md"


class Polled:
    """A charger as balancing, the bus and people see it; `state.ceiling_ma` is what it may draw.

    slave    answering/slave.py, which counts what it has answered
    address  0: the chargers' line has nothing to do with it
    """

    address = 0

    def __init__(self, name, state):
        self.name = name
        self.state = state
        self.slave = None
        self._answered = 0
        self._ages = Ages(1, time.ticks_ms())
        state.car = state.charging = True
        state.online = False

    def where(self):
        """Name and what it is, for messages."""
        return "%s (polls this meter)" % self.name

    @property
    def error(self):
        """What is wrong with it."""
        return "" if self.state.online else _NOT_ASKED

    def switch(self, ma):
        """After each decision: it is told nothing, but does it still ask?"""
        now_ms = time.ticks_ms()
        if self.slave and self.slave.asked != self._answered:
            self._answered = self.slave.asked
            self._ages.begin(0, now_ms)
            self.state.online = True
        elif self._ages.of(0, now_ms) >= _SILENT_MS:
            self.state.online = False

    def write_now(self, rtu, ma):
        """The last words of a stopping firmware: it hears that nobody answers."""

    @property
    def failsafe(self):
        """What it does without its meter, in words."""
        return "by itself: %d A without its meter, as set" % (self.state.fallback_ma // 1000)

    def facts(self):
        """What only it knows of itself, for people and tools."""
        return {
            "profile": "polled",
            "title": "polls this meter",
            "asked": self._answered,
            "failsafe": self.failsafe,
            "note": "",
            "error": self.error,
        }
