"""Other systems' laws, written anew from their descriptions, for one panel of two legs.

They are forms, not the products: what decides over stability, overload and energy (what is
measured, how often, the gain up and down, the minimum, the lock-out) is there; their menus,
modes and protocols are not. Chargers of several cars share as each system does it.
"""

from collections.abc import Sequence

from .loop import Seen
from .scenario import MIN_A, Plug, Scenario

LEG_V = 120.0


class _Periodic:
    """A law that decides every `period_s`, and in between stays with what it said."""

    period_s = 2.0

    def start(self, scenario: Scenario) -> None:
        self.limit_a = scenario.limit_a
        self.rated_a = scenario.rated_a
        self.offers = [0.0] * len(scenario.plugs)
        self._next_s = 0.0

    def step(self, seen: Seen, plugs: Sequence[Plug]) -> Sequence[float]:
        if seen.t_s >= self._next_s - 1e-6:
            self._next_s += self.period_s
            self.decide(seen, plugs)
        return self.offers

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        raise NotImplementedError

    def share(self, total_a: float, seen: Seen, plugs: Sequence[Plug]) -> None:
        """Equal parts for all that are connected; a maximum's rest goes to the others."""
        left = [i for i, plug in enumerate(plugs) if plug.connected(seen.t_s)]
        self.offers = [0.0] * len(plugs)
        while left:
            part_a = total_a / len(left)
            small = [i for i in left if plugs[i].max_a <= part_a]
            if not small:
                for i in left:
                    self.offers[i] = part_a
                return
            for i in small:
                self.offers[i] = plugs[i].max_a
                total_a -= plugs[i].max_a
                left.remove(i)


class Fixed(_Periodic):
    """No meter at all: a current that the installer chose."""

    def __init__(self, amps: float) -> None:
        self.amps = amps

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        self.offers = [self.amps if plug.connected(seen.t_s) else 0.0 for plug in plugs]


class SmartEvse(_Periodic):
    """Every 2 s: up by a quarter of the room, down by the whole excess; worst phase; equal parts.

    In shortage it stays at the minimum; three cycles of hard shortage, or twice the limit, stop
    all chargers for 60 s.
    """

    def start(self, scenario: Scenario) -> None:
        super().start(scenario)
        self.set_a = 0.0
        self.short = 0
        self.locked_until_s = 0.0

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        connected = sum(plug.connected(seen.t_s) for plug in plugs)
        worst_a = max(seen.legs_a)
        if seen.t_s < self.locked_until_s or not connected:
            self.share(0.0, seen, plugs)
            return
        room_a = self.limit_a - worst_a
        base_a = worst_a - self.set_a
        if self.set_a == 0.0:
            if room_a < MIN_A * connected:
                return
            self.set_a = MIN_A * connected
        self.set_a += room_a / 4 if room_a > 0 else room_a
        self.set_a = min(self.set_a, self.limit_a - base_a, sum(plug.max_a for plug in plugs))
        if self.set_a < MIN_A * connected:
            self.set_a = MIN_A * connected
            self.short = self.short + 1 if room_a < 0 else 0
        else:
            self.short = 0
        if self.short > 2 or worst_a > 2 * self.limit_a:
            self.set_a, self.short = 0.0, 0
            self.locked_until_s = seen.t_s + 60.0
        self.share(self.set_a, seen, plugs)


class OpenEvse(_Periodic):
    """The shaper: on each value of a feed (every 5 s), gain 1 on total watts, whole amperes.

    Below the minimum it pauses at once; it resumes after 300 s with half an ampere to spare,
    against a value smoothed over 60 s.
    """

    period_s = 5.0

    def start(self, scenario: Scenario) -> None:
        super().start(scenario)
        self.paused_s: float | None = None
        self.smooth_a = 0.0

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        used_a = LEG_V * sum(seen.legs_a) / (2 * LEG_V)
        fall = (self.smooth_a - used_a) * self.period_s / 60.0
        self.smooth_a = used_a if used_a > self.smooth_a else self.smooth_a - fall
        now_a = self.smooth_a if self.paused_s is not None else used_a
        total_a = float(int(self.limit_a - now_a + seen.ev_a))
        if self.paused_s is not None:
            if seen.t_s - self.paused_s >= 300.0 and total_a - MIN_A >= 0.5:
                self.paused_s = None
        elif total_a < MIN_A:
            self.paused_s = seen.t_s
        self.share(0.0 if self.paused_s is not None else total_a, seen, plugs)


class Warp(_Periodic):
    """Every 10 s: up by half the room, down by 15/16 of the excess, of a 10 s window.

    At 1.2 x the target it acts at once (every 5 s at most). It stops only where the minimum does
    not fit, then waits 3 min 30 s, and starts against the worst of the last four minutes with
    150 % of the minimum. Demand is the measured current and 3 A.
    """

    period_s = 0.4

    def start(self, scenario: Scenario) -> None:
        super().start(scenario)
        self.window: list[float] = []
        self.limits: list[float] = []
        self.allocated_a = 0.0
        self.next_s = 0.0
        self.since_s: float | None = None
        self.stopped_s = -1e9

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        used_a = max(seen.legs_a)
        self.window = [*self.window[-24:], used_a]
        average_a = sum(self.window) / len(self.window)
        urgent = average_a > 1.2 * self.limit_a or used_a > 1.2 * self.limit_a
        if seen.t_s < self.next_s and not (urgent and seen.t_s > self.next_s - 5.0):
            return
        self.next_s = seen.t_s + 10.0
        value_a = (average_a + max(self.window)) / 2 if urgent else average_a
        error_a = self.limit_a - value_a
        gain_a = 15 / 16 * error_a if error_a < 0 else min(error_a / 2, self.limit_a / 2)
        if self.allocated_a == 0.0:
            gain_a = error_a
        limit_a = self.allocated_a + gain_a
        self.limits = [*self.limits[-23:], limit_a]
        self._allocate(limit_a, seen, plugs)

    def _allocate(self, limit_a: float, seen: Seen, plugs: Sequence[Plug]) -> None:
        wants = [
            min(plug.max_a, amps + 3.0) if plug.charging else plug.max_a
            for plug, amps in zip(plugs, seen.cars_a, strict=True)
        ]
        offers = [0.0] * len(plugs)
        left_a = limit_a
        for i, plug in enumerate(plugs):
            running = self.offers[i] >= MIN_A
            may_start = (
                seen.t_s - self.stopped_s > 210.0
                and min(self.limits) >= 1.5 * MIN_A
                and len(self.limits) > 5
            )
            if plug.connected(seen.t_s) and left_a >= MIN_A and (running or may_start):
                offers[i] = MIN_A
                left_a -= MIN_A
            elif running:
                self.stopped_s = seen.t_s
        for _ in plugs:
            open_ = [i for i, amps in enumerate(offers) if 0 < amps < wants[i]]
            for i in open_:
                more_a = min(left_a / len(open_), wants[i] - offers[i])
                offers[i] += max(0.0, more_a)
            left_a = limit_a - sum(offers)
        self.offers = offers
        self.allocated_a = sum(offers)


class Evcc(_Periodic):
    """Circuits: every 30 s one charger, the room on the worst phase, whole amperes, else off."""

    period_s = 30.0

    def start(self, scenario: Scenario) -> None:
        super().start(scenario)
        self.turn = 0

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        i = self.turn % len(plugs)
        self.turn += 1
        potential_a = self.limit_a - max(seen.legs_a)
        amps = float(int(min(plugs[i].max_a, seen.cars_a[i] + potential_a)))
        self.offers = list(self.offers)
        self.offers[i] = amps if amps >= MIN_A and plugs[i].connected(seen.t_s) else 0.0


class Emporia(_Periodic):
    """Every 30 s, in steps of 1 A towards the room; whole amperes; below the minimum it pauses."""

    period_s = 30.0

    def decide(self, seen: Seen, plugs: Sequence[Plug]) -> None:
        total_a = float(int(self.limit_a - max(seen.legs_a) + seen.ev_a))
        self.share(total_a if total_a >= MIN_A else 0.0, seen, plugs)


def baselines() -> dict[str, _Periodic]:
    """Every other law by its name."""
    return {
        "smartevse": SmartEvse(),
        "openevse": OpenEvse(),
        "warp": Warp(),
        "evcc": Evcc(),
        "emporia": Emporia(),
        "fixed 16 A": Fixed(16.0),
        "fixed 48 A": Fixed(48.0),
    }
