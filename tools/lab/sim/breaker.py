"""An inverse-time main breaker per leg, and the budget that a protector may spend before it.

The breaker is a bimetal with one time constant: heat follows (I/In)^2, and it trips at the heat
of 1.13 In (the current that IEC 60898-1 has it hold). UL 489 bounds it from above: hold 100 %,
trip 135 % within 2 h and 200 % within 6 min (51..100 A). The time constant puts it at the fast
edge, so a meter that keeps this breaker in keeps slower ones in too.

The budget is fill = integral of ((I/In)^2 - 1.05^2) dt, never below 0, to act at 9 s: 52 s at
1.13 In, 10.5 s at 1.4 In, 3.1 s at 2 In. It always runs out before the breaker trips.
"""

import math

HOLD = 1.13
THERMAL_S = 60.0
MAGNETIC = 8.0

BUDGET_START = 1.05
BUDGET_S = 9.0


class Breaker:
    """One leg of a thermal-magnetic breaker rated `rated_a`."""

    def __init__(self, rated_a: float, preload_a: float = 0.0) -> None:
        self.rated_a = rated_a
        self.heat = (preload_a / rated_a) ** 2
        self.hottest = self.heat
        self.tripped = False

    def step(self, amps: float, dt_s: float) -> bool:
        """Carry `amps` (true RMS) for `dt_s`; returns whether it has tripped."""
        load = (amps / self.rated_a) ** 2
        self.heat = load + (self.heat - load) * math.exp(-dt_s / THERMAL_S)
        self.hottest = max(self.hottest, self.heat)
        if self.heat >= HOLD**2 or amps >= MAGNETIC * self.rated_a:
            self.tripped = True
        return self.tripped

    @property
    def nearest(self) -> float:
        """How near it came to tripping by heat: its hottest, as a share of what trips it."""
        return self.hottest / HOLD**2


class Budget:
    """How much of the tolerated overload one leg has used, in seconds."""

    def __init__(self, rated_a: float) -> None:
        self.rated_a = rated_a
        self.fill_s = 0.0

    def step(self, amps: float, dt_s: float) -> bool:
        """Carry `amps` for `dt_s`; returns whether the budget is spent."""
        self.fill_s += ((amps / self.rated_a) ** 2 - BUDGET_START**2) * dt_s
        self.fill_s = max(0.0, self.fill_s)
        return self.spent

    @property
    def spent(self) -> bool:
        """Whether it is time to shed load."""
        return self.fill_s >= BUDGET_S
