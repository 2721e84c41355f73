"""A house with a charger on a relay, from the readings to the pin, as the firmware is built.

The pin is a file, see ports/unix_pins.py: on and off is what lies in that file.
The car draws 95 % of the current from 1.5 s after its charger is enabled until 5 s after it is
not: the longest that IEC 61851-1 gives it. A second charger, if any, takes and obeys everything
at once, and its car draws all it may.
"""

from types import SimpleNamespace

from headroom import records
from headroom.app import building
from headroom.app.control import Control
from headroom.app.guard import Guard
from headroom.charging.bus import Bus
from headroom.metering.health import Health
from headroom.metering.meter import CYCLE, WINDOW
from headroom.reporting.status import Status
from headroom.settings import table, together
from headroom.supervisor import Supervisor

PIN, READ_BACK = 10, 11
STEP_MS = 200
CURRENT_A = 40
LIMIT_A = 80
COMES_MS, GOES_MS = 1500, 5000
NOBODY = SimpleNamespace(add=lambda *_: None, feed=lambda: None)
UNIX = SimpleNamespace(
    VOLTAGE="EV",
    CHANNELS=("L1", "L2", "EV"),
    BURDEN_OHM=22,
    VREF_MV=3300,
    FREE_PINS=(10, 11, 12),
)


def relay(**changes):
    """The settings of a panel of 100 A with such a relay as charger1; `a__b` stands for `a.b`."""
    table.fit(UNIX)
    values = table.defaults()
    own = {
        "charger1__profile": "relay",
        "charger1__pin": PIN,
        "charger1__max_a": CURRENT_A,
        "charger1__fallback_a": 0,
    }
    for name, value in (own | changes).items():
        table.put(values, name.replace("__", "."), value)
    return values


class Plant:
    """`house_a` is the load of L1 without cars, L2 has 70 % of it; `draws` False: there is no car.

    starts_s   when the pin went high; `welded`: current may flow whatever the pin says
    """

    def __init__(self, folder, monkeypatch, welded=False, **changes):
        monkeypatch.setenv("HEADROOM_PINS", str(folder))
        self._pin, self._back = folder / str(PIN), folder / str(READ_BACK)
        self._pin.write_text("1")
        self._back.write_text("0")
        self.welded = welded
        self.draws = True
        self.house_a = 30.0
        self.takes_a = 0.95 * CURRENT_A
        values = relay(**changes)
        together.check(values)
        self.chargers, problems = building.chargers(values, "")
        assert problems == []
        self.states = [charger.state for charger in self.chargers]
        self.other = self.states[1] if len(self.states) > 1 else None
        if self.other:
            self.other.online = self.other.car = self.other.charging = True
        self.controller = building.controller(values, self.states, False)
        self.row = self.controller.allocations[0]
        self.bus = Bus(None, self.chargers, self.controller.allocations)
        self.supervisor = Supervisor(
            ("control",), (1000,), 2, 100_000, (), self.states, NOBODY, True
        )
        self.guard = Guard(self.supervisor, self.bus, self.controller)
        self.meter = SimpleNamespace(
            window=records.Reading(2),
            cycle=records.Reading(2),
            poll=self._poll,
            ct_tests=(),
        )
        self.health = Health()
        self.control = Control(
            self.meter, self.health, NOBODY, self.controller, self.supervisor, self.bus
        )
        self.control.begin(0)
        self.ms = self._done = 0
        self.good = True
        self.starts_s = []
        self._was_on, self._changed_ms = self.on, -GOES_MS

    @property
    def on(self):
        return self._pin.read_text() == "1"

    @property
    def car_a(self):
        """What flows to the car on the relay."""
        flows = self.ms - self._changed_ms >= (COMES_MS if self._was_on else GOES_MS)
        flows = flows == self._was_on
        return self.takes_a if self.draws and (flows or self.welded) else 0.0

    def _poll(self, now_ms):
        done, self._done = self._done, 0
        return done

    def _show(self, reading):
        others_a = self.other.offer_ma / 1000 if self.other and self.other.offer_ma > 0 else 0
        ev_a = self.car_a + others_a
        reading.ev_ma = round(ev_a * 1000)
        for leg in range(2):
            reading.leg_ma[leg] = round(((0.7 if leg else 1) * self.house_a + ev_a) * 1000)
        reading.good = self.good

    def cycle(self):
        """One cycle of the mains is seen, in the midst of a window."""
        self._show(self.meter.cycle)
        self._done = CYCLE
        self.control.turn(self.ms)

    def step(self):
        """One window; the mains current of a leg after it, in A."""
        self.ms += STEP_MS
        self._show(self.meter.window)
        self.meter.window.at_ms = self.ms
        self.meter.window.seq += 1
        self._done = WINDOW
        self.supervisor.beat(0)
        self.control.turn(self.ms)
        self.guard.look(STEP_MS)
        if self.other:
            self.other.offer_ma = self.other.ceiling_ma = self.controller.allocations[1].allowed_ma
        on = self.on
        if on != self._was_on:
            self._was_on, self._changed_ms = on, self.ms
            if on:
                self.starts_s.append(self.ms / 1000)
        self._back.write_text("1" if on or self.welded else "0")
        return self.meter.window.leg_ma[0] / 1000

    def run(self, seconds, until=lambda: False):
        """How many seconds it took."""
        begun = self.ms
        while self.ms < begun + seconds * 1000 and not until():
            self.step()
        return (self.ms - begun) / 1000

    def started(self, house_a=30.0):
        """Until it is on and its car draws."""
        self.house_a = house_a
        self.run(1000, lambda: self.on)
        self.run(10)
        assert self.on
        return self

    def told(self):
        """What people and tools are told: the faults, and each charger."""
        status = Status(
            ("", "", "", "", ""),
            (SimpleNamespace(note="", source=""), "", 120),
            self.meter,
            self.health,
            None,
            self.controller,
            self.bus,
            self.supervisor,
            [],
        )
        return list(status.faults()), list(status.chargers())
