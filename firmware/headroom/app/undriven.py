"""What a group keeps for its chargers that can't be driven. In memory only where there is one.

Nobody tells such a charger anything: it may draw what its circuit allows, 80 % as of the group's.
"""

from ..settings import table


def beside(values, built, problems):
    """The settings, each group's breaker without what its chargers take that are not `built`.

    What is kept is said in `problems`.
    """
    driven = [charger.name for charger in built]
    for n in table.chargers(values):
        group = table.of_charger(values, n, "group")
        if group and "charger%d" % n not in driven:
            circuit_a = table.of_charger(values, n, "circuit_a")
            name = "group%d.breaker_a" % group
            values = values.copy()
            values[name] = max(1, values[name] - circuit_a)  # 0 is no group
            kept = group, circuit_a * 80 // 100, n
            problems.append("group %d keeps %d A for charger%d" % kept)
    return values
