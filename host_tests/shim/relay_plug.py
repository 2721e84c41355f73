"""A charger on a relay in a plant: what its pin, its contactor and its read-back truly do."""

from plug import Honest, Plug


class Welded(Honest):
    """Its contactor no longer opens. `hidden`: nothing reads that back."""

    wild = True

    def __init__(self, hidden):
        self.hidden = hidden

    def pilot_a(self, plug):
        return plug.current_a


class NeverCloses(Honest):
    """Its coil is broken, or its wire."""

    def pilot_a(self, plug):
        return 0.0


class Pins:
    """The pins of a board in memory, all low at first."""

    FREE = (10, 11, 12)

    def __init__(self):
        self.levels = dict.fromkeys(self.FREE, 0)

    def output(self, gpio):
        return _Pin(self.levels, gpio)

    contact = output


class _Pin:
    def __init__(self, levels, gpio):
        self._levels, self._gpio = levels, gpio

    def value(self, level=None):
        if level is not None:
            self._levels[self._gpio] = level
        return self._levels[self._gpio]


class RelayPlug(Plug):
    """Its fixed current flows while its contactor is closed: `pins` has its pin and read-back."""

    least_a = 0.0  # it is never held
    reports = False

    def __init__(self, name, pins, own, car, legs, group):
        self.name, self.car, self.group = name, car, group
        self.legs = legs[: car.phases]
        self.pin, self.read_back, self.current_a = own
        self._levels = pins.levels
        self.model = self
        self.lie = Honest()
        self.cut = False
        self.true_a = 0.0
        self.starts = 0
        self._was_on = False

    @property
    def on(self):
        return self._levels[self.pin] == 1

    @property
    def pilot_a(self):
        return self.current_a if self.on else 0.0

    def power_on(self, seconds):
        pass

    def hear(self, frame):
        return None

    def step(self, now_s, dt_s):
        self.starts += self.on and not self._was_on
        self._was_on = self.on
        closed_a = self.lie.pilot_a(self)
        if self.read_back:
            self._levels[self.read_back] = int(closed_a > 0)
        self.true_a = self.car.step(now_s, dt_s, closed_a)
