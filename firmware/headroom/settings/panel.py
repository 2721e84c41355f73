"""What the settings say of the panel: its legs, its groups of chargers, who loads which leg.

240 V between two legs loads both alike: "L1L2" on a split-phase panel
120 V loads one: "L1" or "L2"
three phases, in the charger's own order: "L2L3L1" if its first phase is on L2
"""

from .. import records

LEG_MAPS = ("L1", "L2", "L3", "L1L2", "L2L3", "L3L1", "L1L2L3", "L2L3L1", "L3L1L2")


def legs_of(values, get, n):
    """Legs of charger `n` in the order of its phases: a tuple of indices, L1 is 0."""
    text = get(values, n, "legs")
    if not text:
        return tuple(range(values["legs"]))
    return tuple(int(digit) - 1 for digit in text.split("L")[1:])


def groups_ma(values):
    """The breaker of each group up to the last that exists, in mA; 0 for none."""
    last = max([n for n in range(1, records.MAX_GROUPS + 1) if breaker_a(values, n)] or [0])
    return [breaker_a(values, n) * 1000 for n in range(1, last + 1)]


def breaker_a(values, group):
    return values.get("group%d.breaker_a" % group, 0)
