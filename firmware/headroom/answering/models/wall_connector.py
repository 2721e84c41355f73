"""The Neurio meter by Generac (W2) as a Tesla Wall Connector Gen 3 asks for it: nothing smoothed.

115200 8N1, address 1, function 3, floats, high word first. CONFLICT: most have CT 4 as 0, and the
total behind it; one bridge has the total in the place of CT 4: option `total_fourth`.

Without its meter it goes down to 6 A, by Tesla's note on dynamic power management (rev. 1.2,
second hand, not measured). Full consumption instead stands still, and a meter that does not move
with the car is not believed for hours, while it charges at its maximum: so it is silence.
Sources: Klangen82/tesla-wall-connector-control, zany92/tesla-loadpilot,
swebigmac/twc-neurio-moxa-bridge, all measured.
"""

from . import LEGS, SILENCE, TOTAL, row

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


def meter(name):
    fourth = name.endswith("/total_fourth")
    return {
        "functions": (3,),
        "baud": 115200,
        "rows": (
            row(0x0088, "f", "mw", LEGS, 1000),
            row(0x008E, "f", ("mw", "none") if fourth else ("none", "mw"), TOTAL, 1000),
            row(0x0092, "f", "none", TOTAL),
            row(0x0094, "f", "mv", LEGS, 1000),
            row(0x009A, "f", "mhz", TOTAL, 1000),
            row(0x00F4, "f", "ma", LEGS, 1000),
            row(0x00FA, "f", ("ma", "none") if fourth else ("none", "ma"), TOTAL, 1000),
        ),
        "fixed": ((0x0000, b"0x"), (0x0001, _IDENTITY), (0x9C42, b"\0\1\0\x42Generac\0")),
        "when_bad": SILENCE,
    }
