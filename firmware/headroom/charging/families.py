"""What the settings must know of the charger profiles without loading them.

One row a family: lowest and highest address, the most amperes that it can be told, the bauds and
parities that may be chosen besides the usual ones, and its options. `custom` is the profile of the
user's own file; its rules are checked when it is read. What fits a family: settings/lines.py.
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
POLLED = "polled"  # nor is this one: it polls us, see polled.py
UNLINED = (RELAY, POLLED)
BROADCAST = {"smartevse": 9}  # an address that no other charger on its line may have


def _choices():
    for name, row in FAMILIES.items():
        yield name
        for option in row[5]:
            yield name + "/" + option


PROFILES = tuple(sorted(_choices()))  # a dict has no order on a board
CHOICES = tuple(sorted(PROFILES + UNLINED))
