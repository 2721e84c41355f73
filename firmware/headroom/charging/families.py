"""What the settings must know of the charger profiles without loading them.

One row a family: lowest and highest address, the most amperes that it can be told, the bauds and
parities that may be chosen besides the usual ones, and its options. `custom` is the profile of the
user's own file; its rules are checked when it is read.
"""

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_ALL_BAUDS = BAUDS[3:]
_ANY = "NEO"

FAMILIES = {
    "heidelberg": (1, 15, 16, (), "", ()),
    "obo": (1, 247, 32, _ALL_BAUDS, _ANY, ()),
    "mennekes": (1, 247, 32, _ALL_BAUDS[:4], "", ("float_fallback", "low_word_first")),
    "abb": (1, 247, 32, (4800,) + _ALL_BAUDS, _ANY, ()),
    "evse_wb": (1, 247, 80, (), "", ()),
    "smartevse": (2, 8, 80, (), "", ()),
    "phoenix": (1, 31, 63, _ALL_BAUDS[:2], _ANY, ()),
    "cfos": (1, 247, 32, _ALL_BAUDS, _ANY, ()),
    "delta": (1, 247, 32, _ALL_BAUDS, "", ("ocpp_state", "three_phase")),
    "eprowallbox": (1, 247, 32, _ALL_BAUDS, _ANY, ()),
    "esp32_evse": (1, 247, 63, _ALL_BAUDS, _ANY, ()),
    "custom": (1, 247, 80, BAUDS, _ANY, ()),
}
RELAY = "relay"  # no family of the line: an output switches it, see relay.py
BROADCAST = {"smartevse": 9}  # an address that no other charger on its line may have


def _choices():
    for name, row in FAMILIES.items():
        yield name
        for option in row[5]:
            yield name + "/" + option


PROFILES = tuple(sorted(_choices()))  # a dict has no order on a board
CHOICES = tuple(sorted(PROFILES + (RELAY,)))


def problem(values, n, get):
    """Why charger `n` of this family can't be as its settings say; "" if it can.

    `get(values, n, key)` reads `charger<n>.<key>`.
    """
    profile = get(values, n, "profile")
    family = profile.partition("/")[0]
    lowest, highest, amperes, bauds, parities, _ = FAMILIES[family]
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
        if profile not in BROADCAST:
            continue
        unit = BROADCAST[profile]
        for other in numbers:
            if get(values, other, "address") == unit:
                return "charger%d.address %d is the broadcast address of charger%d" % (
                    other,
                    unit,
                    n,
                )
    return ""
