"""The most that can be taken without buying anything: the sun of every second is known before.

Its car is the same (it draws 95 % of an offer), its charger too: a minimum, a maximum, steps. It
may start as often as it likes and follows at once.
"""

from lab.sim.car import EFFICIENCY_OF_OFFER

from .days import SunDay
from .loop import charger_of, in_steps


def kwh(day: SunDay) -> float:
    """What the oracle's car takes of a day's surplus."""
    charger = charger_of(day)
    total = 0.0
    for surplus in (day.pv_w - day.house_w).tolist():
        w_per_a = charger.w_per_a * EFFICIENCY_OF_OFFER
        total += in_steps(charger, surplus / w_per_a) * w_per_a / 3.6e6
    return total
