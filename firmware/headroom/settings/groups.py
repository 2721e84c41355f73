"""Groups, leg maps and fallbacks: which go together."""

from .. import records
from . import panel


def problem(values, numbers, get):
    """Why these groups and leg maps can't be, as a sentence; "" if they can.

    `numbers` of the chargers that exist; `get(values, n, key)` reads `charger<n>.<key>`.
    A generator of small steps; the sentence is its value.
    """
    for n in range(1, records.MAX_CHARGERS + 1):
        yield
        if n not in numbers and get(values, n, "group"):
            return "charger%d.group is set, but charger%d has no profile" % (n, n)
    limit_a = values["breaker_a"] * values["derate_pct"] // 100
    fallbacks_a = {}
    for n in numbers:
        for look in (_of_legs, _of_group, _of_minimum):
            yield
            found = look(values, get, n)
            if found:
                return found
        group = get(values, n, "group")
        fallbacks_a[group] = fallbacks_a.get(group, 0) + get(values, n, "fallback_a")
    for group, fallback_a in fallbacks_a.items():
        allowed_a = panel.breaker_a(values, group) * 80 // 100
        if group and fallback_a > allowed_a:
            return "the fallbacks in group %d add up to %d A, above 80 %% of its breaker: %d A" % (
                group,
                fallback_a,
                allowed_a,
            )
    if values["legs"] and sum(fallbacks_a.values()) > limit_a:
        return "the fallbacks add up to %d A, above the limit of %d A (breaker_a x derate_pct)" % (
            sum(fallbacks_a.values()),
            limit_a,
        )
    return (yield from _of_source(values, numbers, get))


def _of_legs(values, get, n):
    for leg in panel.legs_of(values, get, n):
        if leg >= values["legs"]:
            return "charger%d.legs %s doesn't fit the panel: it has %d (legs)" % (
                n,
                get(values, n, "legs"),
                values["legs"],
            )
    return ""


def _of_group(values, get, n):
    group = get(values, n, "group")
    if group and not panel.breaker_a(values, group):
        return "charger%d.group %d doesn't exist; set group%d.breaker_a" % (n, group, group)
    if not group and not values["legs"]:
        return "charger%d needs a group: without CTs (legs 0) only groups limit it" % n
    return ""


def _of_minimum(values, get, n):
    minimum_a = get(values, n, "min_a")
    fallback_a = get(values, n, "fallback_a")
    if 0 < fallback_a < minimum_a:
        text = "charger%d.fallback_a %d is below its min_a %d; 0 pauses"
        return text % (n, fallback_a, minimum_a)
    group = get(values, n, "group")
    for what, allowed_a in (
        ("80 % of its circuit_a", get(values, n, "circuit_a") * 80 // 100),
        ("its max_a", get(values, n, "max_a")),
        (
            "80 %% of group%d.breaker_a" % group,
            panel.breaker_a(values, group) * 80 // 100 if group else minimum_a,
        ),
    ):
        if minimum_a > allowed_a:
            return "charger%d needs at least %d A (min_a), but %s is %d A" % (
                n,
                minimum_a,
                what,
                allowed_a,
            )
    return ""


def _of_source(values, numbers, get):
    if values["ev_source"] != "ct" or not numbers:
        return ""
    if not 1 <= values["legs"] <= 2:
        return "one EV CT can't tell the legs of this panel apart: ev_source register or estimate"
    legs = sorted(panel.legs_of(values, get, numbers[0]))
    for n in numbers:
        yield
        if sorted(panel.legs_of(values, get, n)) != legs:
            return (
                "one EV CT can't tell chargers on different legs apart (charger%d and charger%d): "
                "ev_source register or estimate" % (numbers[0], n)
            )
    return ""
