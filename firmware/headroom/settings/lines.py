"""Address, baud and parity: what a charger's family allows, and what can't share a line."""

from ..charging import families


def problem(values, n, get):
    """Why charger `n` of this family can't be as its settings say; "" if it can.

    `get(values, n, key)` reads `charger<n>.<key>`.
    """
    profile = get(values, n, "profile")
    family = profile.partition("/")[0]
    lowest, highest, amperes, bauds, parities, _ = families.FAMILIES[family]
    address = get(values, n, "address")
    baud, parity = get(values, n, "baud"), get(values, n, "parity")
    if not lowest <= address <= highest:
        return "charger%d.address must be from %d to %d for a %s, not %d" % (
            n,
            lowest,
            highest,
            profile,
            address,
        )
    for key in ("fallback_a", "min_a"):
        asked_a = get(values, n, key)
        if asked_a > amperes:
            text = "charger%d.%s %d is above what a %s can be told: %d A"
            return text % (n, key, asked_a, profile, amperes)
    if baud and baud not in bauds:
        return "charger%d.baud is 0 (as delivered)%s for a %s, not %d" % (
            n,
            "".join(" or %d" % b for b in bauds),
            profile,
            baud,
        )
    if parity and parity not in parities:
        return "charger%d.parity can't be chosen for a %s" % (n, profile)
    return ""


def broadcast_problem(values, numbers, get):
    """Why two of these chargers can't share a line, because one's broadcast address is another.

    A generator of small steps; the sentence is its value, "" if they can.
    """
    for n in numbers:
        yield
        profile = get(values, n, "profile")
        if profile not in families.BROADCAST:
            continue
        unit = families.BROADCAST[profile]
        for other in numbers:
            if get(values, other, "address") == unit:
                return "charger%d.address %d is the broadcast address of charger%d" % (
                    other,
                    unit,
                    n,
                )
    return ""
