"""Eastron SDM630: function 4, floats, high word first. Source: the maker's register table."""

from . import SILENCE, TOTAL, merge, phases


def meter(name):
    return {
        "functions": (4,),
        "most": 80,
        "last": 0x016B,
        "when_bad": SILENCE,
        "rows": merge(
            phases(0x0000, "mv", 1000, "f"),
            phases(0x0006, "ma", 1000, "f"),
            phases(0x000C, "mw", 1000, "f"),
            phases(0x0012, "mva", 1000, "f"),
            phases(0x0018, "mvar", 1000, "f"),
            phases(0x001E, "pf_ppt", 1000, "f"),
            {
                0x0034: ("mw", TOTAL, 1000, "f"),
                0x0038: ("mva", TOTAL, 1000, "f"),
                0x0046: ("mhz", TOTAL, 1000, "f"),
                0x0048: ("wh", TOTAL, 1000, "f"),
                0x004A: ("wh_out", TOTAL, 1000, "f"),
                0x0156: ("wh", TOTAL, 1000, "f"),
            },
            phases(0x015A, "wh", 1000, "f"),
            phases(0x0160, "wh_out", 1000, "f"),
            phases(0x0166, "wh", 1000, "f"),
        ),
    }
