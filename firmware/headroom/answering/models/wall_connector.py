"""The Neurio meter by Generac (W2) as a Tesla Wall Connector Gen 3 asks for it: nothing smoothed.

115200 8N1, address 1, function 3, floats, high word first. CONFLICT: most have CT 4 as 0, and the
total behind it; one bridge has the total in the place of CT 4: option `total_fourth`.

Without its meter it goes down to 6 A, by Tesla's note on dynamic power management (rev. 1.2,
second hand, not measured). Full consumption instead stands still, and a meter that does not move
with the car is not believed for hours, while it charges at its maximum: so it is silence.
Sources: Klangen82/tesla-wall-connector-control, zany92/tesla-loadpilot,
swebigmac/twc-neurio-moxa-bridge, all measured.
"""

from . import SILENCE, TOTAL, merge, phases

_IDENTITY = (
    b"0x000004714B056861\0\0"
    b"1.6.1-Tesla\0"
    b"\xff\xff\xff\xff\xff\xff\xff\xff"
    b"012.00020A.H\0\0"
    b"\xff\xff"
    b"90954\0"
    b"VAH4810AB0231\0"
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
    b"04:71:4B:05:68:61\0"
)
_TOTALS = {0x0090: ("mw", TOTAL, 1000, "f"), 0x00FC: ("ma", TOTAL, 1000, "f")}
_TOTALS_FOURTH = {0x008E: ("mw", TOTAL, 1000, "f"), 0x00FA: ("ma", TOTAL, 1000, "f")}


def meter(name):
    return {
        "functions": (3,),
        "baud": 115200,
        "rows": merge(
            phases(0x0088, "mw", 1000, "f"),
            {0x008E: ("none", TOTAL, 1, "f"), 0x0090: ("none", TOTAL, 1, "f")},
            {0x0092: ("none", TOTAL, 1, "f"), 0x009A: ("mhz", TOTAL, 1000, "f")},
            phases(0x0094, "mv", 1000, "f"),
            phases(0x00F4, "ma", 1000, "f"),
            {0x00FA: ("none", TOTAL, 1, "f"), 0x00FC: ("none", TOTAL, 1, "f")},
            _TOTALS_FOURTH if name.endswith("/total_fourth") else _TOTALS,
        ),
        "fixed": ((0x0000, b"0x"), (0x0001, _IDENTITY), (0x9C42, b"\0\1\0\x42Generac\0")),
        "when_bad": SILENCE,
    }
