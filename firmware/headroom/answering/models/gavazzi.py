"""Carlo Gavazzi EM112 and EM340: functions 3 and 4, 32 bits, low word first.

Sources: the makers' register tables as used by open drivers of these meters.
"""

from . import SILENCE, TOTAL, WORST, merge, phases


def one_phase(wh_per):
    """Rows of an EM112, EM111, ET112; of the energies `wh_per` Wh are a count."""
    return {
        0x0000: ("mv", WORST, 100, "i"),
        0x0002: ("ma", WORST, 1, "i"),
        0x0004: ("mw", WORST, 100, "i"),
        0x0006: ("mva", WORST, 100, "i"),
        0x0008: ("mvar", WORST, 100, "i"),
        0x000E: ("pf_ppt", WORST, 1, "h"),
        0x000F: ("mhz", TOTAL, 100, "h"),
        0x0010: ("wh", TOTAL, wh_per, "i"),
        0x0020: ("wh_out", TOTAL, wh_per, "i"),
    }


def three_phase():
    """Rows of an EM340, EM330, ET340."""
    return merge(
        phases(0x0000, "mv", 100, "i"),
        phases(0x0006, "mv_ll", 100, "i"),
        phases(0x000C, "ma", 1, "i"),
        phases(0x0012, "mw", 100, "i"),
        phases(0x0018, "mva", 100, "i"),
        phases(0x001E, "mvar", 100, "i"),
        {
            0x0024: ("mv", TOTAL, 100, "i"),
            0x0026: ("mv_ll", TOTAL, 100, "i"),
            0x0028: ("mw", TOTAL, 100, "i"),
            0x002A: ("mva", TOTAL, 100, "i"),
            0x002C: ("mvar", TOTAL, 100, "i"),
            0x0031: ("pf_ppt", TOTAL, 1, "h"),
            0x0033: ("mhz", TOTAL, 100, "h"),
            0x0034: ("wh", TOTAL, 100, "i"),
            0x004E: ("wh_out", TOTAL, 100, "i"),
        },
        phases(0x002E, "pf_ppt", 1, "h", 1),
        phases(0x0040, "wh", 100, "i"),
    )


def meter(name):
    """An EM112 has energies in 0.1 kWh; CONFLICT: one source has 0.001 kWh.

    The id of an EM340 in register 0x000B, read alone, is unverified: 341; 332 is an EM330's.
    """
    one = name == "em112"
    return {
        "functions": (3, 4),
        "low_first": True,
        "rows": one_phase(100) if one else three_phase(),
        "alone": {0x000B: 104 if one else 341},
        "last": 0x0021 if one else 0x004F,
        "when_bad": SILENCE,
    }
