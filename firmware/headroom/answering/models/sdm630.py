"""Eastron SDM630: function 4, floats, high word first. Source: the maker's register table."""

from . import LEGS, SILENCE, TOTAL, row


def meter(name):
    return {
        "functions": (4,),
        "most": 80,
        "last": 0x016B,
        "when_bad": SILENCE,
        "rows": (
            row(0x0000, "f", "mv", LEGS, 1000),
            row(0x0006, "f", "ma", LEGS, 1000),
            row(0x000C, "f", "mw", LEGS, 1000),
            row(0x0012, "f", "mva", LEGS, 1000),
            row(0x0018, "f", "mvar", LEGS, 1000),
            row(0x001E, "f", "pf_ppt", LEGS, 1000),
            row(0x0034, "f", "mw", TOTAL, 1000),
            row(0x0038, "f", "mva", TOTAL, 1000),
            row(0x0046, "f", ("mhz", "wh", "wh_out"), TOTAL, 1000),
            row(0x0156, "f", "wh", TOTAL, 1000),
            row(0x015A, "f", "wh", LEGS, 1000),
            row(0x0160, "f", "wh_out", LEGS, 1000),
            row(0x0166, "f", "wh", LEGS, 1000),
        ),
    }
