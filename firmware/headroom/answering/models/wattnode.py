"""Continental Control Systems' WattNode (WNC), the meter of a SolarEdge inverter.

9600 baud, address 2, function 3, floats, low word first. What an inverter does without its meter
is unverified. Source: nmakel/solaredge_meterproxy, of which inverters take it.
"""

from . import ALL_AND_EACH, LEGS, SILENCE, TOTAL, row

_SERIAL = 987654
_CT_A = 5  # any, for what it tells are amperes and watts


def _words(*words):
    return b"".join([bytes([word >> 8 & 0xFF, word & 0xFF]) for word in words])


def meter(name):
    return {
        "functions": (3,),
        "low_first": True,
        "rows": (
            row(1000, "f", ("wh_net", "wh", "wh_net", "wh"), TOTAL, 1000),
            row(1008, "f", "mw", ALL_AND_EACH, 1000),
            row(1016, "f", "mv", ALL_AND_EACH, 1000),
            row(1024, "f", "mv_ll", ALL_AND_EACH, 1000),
            row(1032, "f", "mhz", TOTAL, 1000),
            row(1100, "f", "wh_net", LEGS, 1000),
            row(1106, "f", "wh", LEGS, 1000),
            row(1112, "f", ("wh_out", "wh_out"), TOTAL, 1000),
            row(1116, "f", "wh_out", LEGS, 1000),
            row(1138, "f", "pf_ppt", ALL_AND_EACH, 1000),
            row(1146, "f", "mvar", ALL_AND_EACH, 1000),
            row(1154, "f", "mva", ALL_AND_EACH, 1000),
            row(1162, "f", "ma", LEGS, 1000),
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
