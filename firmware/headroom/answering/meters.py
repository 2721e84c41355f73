"""Register maps of energy meters that chargers poll, to answer as one: data only.

MODELS[name] = (functions, kind, rows, singles)
functions   that read it
kind        how a value of two registers is written: "f32" or "i32", high or low word first
rows        {first register: (quantity, leg, counts per unit)}; a leg of TOTAL is all legs
singles     {register: (quantity, leg, counts per unit)} of one register, if asked for alone

Quantities: v volts, a amperes (RMS), w watts (- fed in), va, var, pf power factor, hz, kwh
imported, kwh_out exported, none zero.
Leg WORST is the leg with the largest current: what a meter of one phase must show of several.
Sources: the makers' register tables as used by open drivers of these meters.
"""

TOTAL = -1
WORST = -2
_LEGS = (0, 1, 2)


def _phases(first, quantity, counts):
    return {first + 2 * leg: (quantity, leg, counts) for leg in _LEGS}


def _merge(*tables):
    merged = {}
    for table in tables:
        merged.update(table)
    return merged


def _sdm630():
    """Eastron SDM630: function 4, floats, high word first."""
    return (
        (4,),
        ("f32", False),
        _merge(
            _phases(0x0000, "v", 1),
            _phases(0x0006, "a", 1),
            _phases(0x000C, "w", 1),
            _phases(0x0012, "va", 1),
            _phases(0x0018, "var", 1),
            _phases(0x001E, "pf", 1),
            {
                0x0034: ("w", TOTAL, 1),
                0x0038: ("va", TOTAL, 1),
                0x0046: ("hz", TOTAL, 1),
                0x0048: ("kwh", TOTAL, 1),
                0x004A: ("kwh_out", TOTAL, 1),
                0x0156: ("kwh", TOTAL, 1),
            },
            _phases(0x015A, "kwh", 1),
            _phases(0x0160, "kwh_out", 1),
            _phases(0x0166, "kwh", 1),
        ),
        {},
    )


def _em112():
    """Carlo Gavazzi EM112 (also EM111, ET112): functions 3 and 4, low word first.

    Imported energy in 0.1 kWh; CONFLICT: one source has 0.001 kWh.
    """
    return (
        (3, 4),
        ("i32", True),
        {
            0x0000: ("v", WORST, 10),
            0x0002: ("a", WORST, 1000),
            0x0004: ("w", WORST, 10),
            0x0006: ("va", WORST, 10),
            0x0010: ("kwh", TOTAL, 10),
            0x0020: ("kwh_out", TOTAL, 10),
        },
        {0x000B: ("id", 104, 1), 0x000E: ("pf", WORST, 1000), 0x000F: ("hz", TOTAL, 10)},
    )


def _em340():
    """Carlo Gavazzi EM340 (also EM330, ET340): functions 3 and 4, low word first.

    Its identification in register 0x000B, which must be read alone, is unverified: 341 here; 332
    is an EM330's.
    """
    return (
        (3, 4),
        ("i32", True),
        _merge(
            _phases(0x0000, "v", 10),
            _phases(0x000C, "a", 1000),
            _phases(0x0012, "w", 10),
            {
                0x0028: ("w", TOTAL, 10),
                0x002A: ("va", TOTAL, 10),
                0x0034: ("kwh", TOTAL, 10),
                0x004E: ("kwh_out", TOTAL, 10),
            },
            _phases(0x0040, "kwh", 10),
        ),
        {
            0x000B: ("id", 341, 1),
            0x002E: ("pf", 0, 1000),
            0x002F: ("pf", 1, 1000),
            0x0030: ("pf", 2, 1000),
            0x0031: ("pf", TOTAL, 1000),
            0x0033: ("hz", TOTAL, 10),
        },
    )


def load(name):
    """The map of one of the meters of the setting `emulate`."""
    return {"sdm630": _sdm630, "em112": _em112, "em340": _em340}[name]()
