"""A panel with its supervisor, and cars that draw what truly flows."""

from types import SimpleNamespace

from headroom.app.guard import Guard
from headroom.balancing.controller import Controller
from headroom.records import ChargerState, Reading
from headroom.supervisor import Supervisor

TASKS = ("measure", "bus", "console")
DEADLINES_MS = (1000, 5000, 5000)
BREAKER_MA = 100_000
WINDOW_MS = 200
HOUR_S = 3600
CAR_S = 5  # what a car takes to follow


class Watchdog:
    def __init__(self):
        self.fed = 0

    def feed(self):
        self.fed += 1


def charger(max_a=48, group=0, fallback_a=6, legs=(0, 1)):
    """Online, charging, and at first not told anything."""
    state = ChargerState(
        6000, max_a * 1000, max_a * 1000, max_a * 1000, fallback_a * 1000, legs, group
    )
    state.online = state.car = state.charging = True
    return state


def beat_all(supervisor, but=None):
    for task in range(len(TASKS)):
        if task != but:
            supervisor.beat(task)


class Plant:
    """A panel, its supervisor, and cars that draw what they were told 5 s ago.

    `decide` gives what each charger is allowed, in mA; the supervisor has the last word, as on the
    bus. `house_a` is the load of each leg without the cars. What flows is known: `mains_ma` of
    each leg, `group_ma` of each group.
    """

    def __init__(self, states, group_ma=(), legs=2, breaker_ma=BREAKER_MA, decide=None):
        self.states = states
        self.house_a = [0.0] * legs
        self.reading = Reading(legs)
        self.reading.good = True
        self.breaker_ma = breaker_ma
        self.controller = Controller(legs, breaker_ma, 80, 6000, 5000, states, group_ma)
        self._decide = decide or self._balance
        self._told_ma = [[0] * (CAR_S * 1000 // WINDOW_MS) for _ in states]
        self.draw_ma = [0] * len(states)
        self.group_ma = [0] * len(group_ma)
        self.ignores = set()  # places of chargers that draw what they like
        self.s = 0.0
        self.trips = []  # (seconds, why)
        self.bus = SimpleNamespace(failsafe=False, switch=lambda: None)
        self.supervisor = Supervisor(
            TASKS, DEADLINES_MS, legs, breaker_ma, group_ma, states, Watchdog(), True
        )
        self._guard = Guard(self.supervisor, self.bus, self.controller)

    @property
    def tripped(self):
        return self.supervisor.tripped

    def _balance(self):
        self.controller.step(self.reading, WINDOW_MS, 0)
        return [allocation.allowed_ma for allocation in self.controller.allocations]

    def step(self):
        """One window: what flows is seen, decided on, told and followed."""
        for leg in range(self.reading.legs):
            cars_ma = sum(self.draw_ma[i] for i, s in enumerate(self.states) if leg in s.legs)
            self.reading.leg_ma[leg] = round(self.house_a[leg] * 1000) + cars_ma
        self.reading.ev_ma = sum(self.draw_ma)
        for group in range(len(self.group_ma)):
            self.group_ma[group] = sum(
                self.draw_ma[i] for i, s in enumerate(self.states) if s.group == group + 1
            )
        supervisor = self.supervisor
        was = self.tripped
        beat_all(supervisor)
        supervisor.watch(self.reading.leg_ma, WINDOW_MS)
        self._guard.look(WINDOW_MS)
        self.s += WINDOW_MS / 1000
        if self.tripped and not was:
            self.trips.append((self.s, self.tripped))
        for i, (state, ma) in enumerate(zip(self.states, self._decide(), strict=True)):
            if self.bus.failsafe:
                ma = min(ma, state.fallback_ma)
            state.offer_ma = state.ceiling_ma = ma
            self._told_ma[i] = [*self._told_ma[i][1:], ma]
            if i not in self.ignores:
                self.draw_ma[i] = self._told_ma[i][0]

    def run(self, seconds, until=lambda: False):
        """Seconds in which a leg was above the breaker's rating, and those that passed."""
        above_s, begun_s = 0.0, self.s
        while self.s < begun_s + seconds and not until():
            self.step()
            above_s += max(self.reading.leg_ma, default=0) > self.breaker_ma and WINDOW_MS / 1000
        return above_s, self.s - begun_s

    def settle(self, *draws_ma):
        """As if they had drawn that for long."""
        self.draw_ma = list(draws_ma)
        self._told_ma = [
            [ma] * len(told) for ma, told in zip(draws_ma, self._told_ma, strict=True)
        ]


def stuck(ma, chargers=1):
    """A controller that has gone mad."""
    return lambda: [ma] * chargers
