"""A charger without a bus: an output switches its contactor, or the contact that enables it.

It has one current, or none. What it needs a contactor to rest for is in balancing/rest.py; here a
pin is on for as long as all of that current is allowed, and off at once when it is not. With a
read-back, which says whether current may flow, one that can't be switched off is seen.
"""

OFF_WHEN_ALONE = "off without power, while it starts, and when blind"
ON_WHEN_BLIND = "on when blind: its current may always flow"
_STUCK = "off, but by its read-back current may flow: welded, or the read-back's wire is broken"


class Relay:
    """A charger as balancing, the bus and people see it; `state.max_ma` is its current.

    gpio, pin     the output: high is on. `pin.value(on)` sets it
    read_back     None, or an input: `read_back.value()` is true while current may flow
    address       0: the line has nothing to do with it
    starts        how often it was switched on
    """

    address = 0

    def __init__(self, name, state, gpio, pin, read_back=None):
        self.name = name
        self.state = state
        self.starts = 0
        self._gpio = gpio
        self._pin = pin
        self._read_back = read_back
        self._on = False
        state.online = state.car = state.charging = True  # nobody tells, so there may be a car
        self.switch(0)

    def where(self):
        """Name, family and pin, for messages."""
        return "%s (relay on GPIO %d)" % (self.name, self._gpio)

    def switch(self, ma):
        """It may draw so much: on if that is all of its current."""
        state = self.state
        on = ma >= state.max_ma
        self._pin.value(1 if on else 0)
        if on and not self._on:
            self.starts += 1
        self._on = on
        flows = on
        if self._read_back:
            flows = bool(self._read_back.value())
            state.charging = flows
            state.held_ma = state.max_ma if flows else 0
        state.offer_ma = state.max_ma if on else 0
        state.ceiling_ma = state.max_ma if on or flows else 0

    def write_now(self, rtu, ma):
        """The last words of a stopping firmware."""
        self.switch(ma)

    @property
    def failsafe(self):
        """What it does when it or the meter is blind, in words."""
        return ON_WHEN_BLIND if self.state.fallback_ma else OFF_WHEN_ALONE

    def facts(self):
        """What only it knows of itself, for people and tools."""
        return {
            "profile": "relay",
            "title": "relay",
            "gpio": self._gpio,
            "read_back": bool(self._read_back),
            "starts": self.starts,
            "failsafe": self.failsafe,
            "note": _STUCK if self.state.ceiling_ma > self.state.offer_ma else "",
            "error": "",
        }
