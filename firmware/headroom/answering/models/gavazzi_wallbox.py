"""The meters of Carlo Gavazzi that a Wallbox Power Boost polls, with what it asks them for.

It knows them by the id in register 0x000B, read alone; in a block that is the high word of the
voltage from L3 to L1. Currents have no sign, power has. Registers that nobody has are 0. What it
does without its meter is unverified; the emulator that was measured shows it much import then.
Source: pbronneberg/wallbox-powerboost-emulator, measured on a Pulsar.
"""

from . import FULL, TOTAL, row
from .gavazzi import one_phase, three_phase

_IDS = {"em112_pfb": 104, "em330": 332, "em530": 1744}
_MODE = {"em330": 1, "em530": 2}  # register 0x1103: 1 is "B"
_OF_EM330 = (
    (0x1002, b"\0\3"),  # system: three phases with a neutral
    (0x2000, b"\0\1\0\1\0\1\0\1\0\x32"),
)
_OF_EM530 = (
    (0x0302, b"\1\0"),  # version of its firmware
    (0x2000, b"\0\1\0\1\0\1"),
)
_ENERGIES = (  # of an EM530 besides: Wh of 64 bits
    row(0x0500, "q", "wh", TOTAL),
    row(0x051C, "q", "wh_out", TOTAL),
)


def meter(name):
    found = {
        "functions": (3, 4),
        "low_first": True,
        "rows": one_phase(1) if name == "em112_pfb" else three_phase(),
        "alone": {0x000B: _IDS[name]},
        "echoes": True,
        "when_bad": FULL,
    }
    if name in _MODE:
        found["alone"][0x1103] = _MODE[name]
        mode = (0x1103, bytes([0, _MODE[name]]))
        found["fixed"] = (_OF_EM330 if name == "em330" else _OF_EM530) + (mode,)
    if name == "em530":
        found["rows"] += _ENERGIES
    return found
