"""Continental Control Systems' WattNode (WNC), the meter of a SolarEdge inverter.

9600 baud, address 2, function 3, floats, low word first. What an inverter does without its meter
is unverified. Source: nmakel/solaredge_meterproxy, of which inverters take it.
"""

from . import SILENCE, TOTAL, merge, phases

_SERIAL = 987654
_CT_A = 5  # any, for what it tells are amperes and watts


def _fourfold(first, quantity):
    """All legs together, then each."""
    rows = phases(first + 2, quantity, 1000, "f")
    rows[first] = (quantity, TOTAL, 1000, "f")
    return rows


def _words(*words):
    return b"".join([bytes([word >> 8 & 0xFF, word & 0xFF]) for word in words])


def meter(name):
    return {
        "functions": (3,),
        "low_first": True,
        "rows": merge(
            {
                1000: ("wh_net", TOTAL, 1000, "f"),
                1002: ("wh", TOTAL, 1000, "f"),
                1004: ("wh_net", TOTAL, 1000, "f"),
                1006: ("wh", TOTAL, 1000, "f"),
            },
            _fourfold(1008, "mw"),
            _fourfold(1016, "mv"),
            _fourfold(1024, "mv_ll"),
            {1032: ("mhz", TOTAL, 1000, "f")},
            phases(1100, "wh_net", 1000, "f"),
            phases(1106, "wh", 1000, "f"),
            {1112: ("wh_out", TOTAL, 1000, "f"), 1114: ("wh_out", TOTAL, 1000, "f")},
            phases(1116, "wh_out", 1000, "f"),
            _fourfold(1138, "pf_ppt"),
            _fourfold(1146, "mvar"),
            _fourfold(1154, "mva"),
            phases(1162, "ma", 1000, "f"),
        ),
        "fixed": (
            # Passcode 1234, low word first; CTs; averaging, scale, demand; adjustments.
            (1600, _words(1234, 0, _CT_A, _CT_A, _CT_A, _CT_A, 0, 0, 0, 15, 1)),
            (1611, _words(10000, 10000, 10000, -1000, -1000, -1000, 1500, 120, 0, 0, 20000, 0)),
            (1650, _words(0, 2, 4, 0, 0, 5)),  # its line: address 2, 9600 baud
            (1700, _words(_SERIAL & 0xFFFF, _SERIAL >> 16, 0, 0, 0, 0, 0, 25)),
        ),
        "when_bad": SILENCE,
    }
