"""ABB Terra AC.

Registers: ABB's Modbus document rev 1.7; firmware 1.6.5 or later, set to "secondary" in the
installer's app, where the baud rate is chosen too. All 32-bit values have the high word first.
When the line is silent it stops the session; it has no fallback current.
"""

PROFILE = {
    "name": "abb",
    "title": "ABB Terra AC",
    "baud": 9600,
    "parity": "N",
    "stop": 1,
    "bauds": (4800, 9600, 19200, 38400, 57600, 115200),
    "parities": "NEO",
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 32000,
    "quiet_ms": 50,  # unverified
    "reply_ms": 300,
    "refresh_ms": 5000,
    # mA; 0 pauses, else 6000 or more
    "limit": {"register": 0x4100, "type": "u32", "ma_per_count": 1, "step_ma": 100},
    "failsafe": {
        "watchdog_ms": 30000,  # any poll feeds it; the document allows 30 to 90 s
        "loss": "stop",
        "registers": (
            {
                "register": 0x4106,
                "value": 30,  # s
                "write": 16,
                "held": {"register": 0x4020, "type": "u32"},
                "flash": True,
            },
        ),
    },
    # 4006 the most that its user allows,
    # 400A lock, 400C state, 400E active limit, 4010 to 4015 currents in mA: 32 bits each
    "reads": ((3, 0x400A, 12), (3, 0x4006, 2)),
    # Third byte of 400C, without its top bit: 0 A, 1 and 2 B, 3 C1, 4 C2, 5 stopped (see lock)
    "state": {
        "register": 0x400D,
        "shift": 8,
        "mask": 0x7F,
        "idle": (0,),
        "car": (1, 2, 3),
        "charging": (4,),
        "unsure": (5,),
        "plug": {"register": 0x400A, "type": "u32", "at_least": 0x0101},
    },
    "current": (
        {"register": 0x4010, "type": "u32", "ma_per_count": 1},
        {"register": 0x4012, "type": "u32", "ma_per_count": 1},
        {"register": 0x4014, "type": "u32", "ma_per_count": 1},
    ),
    "readback": {"register": 0x400E, "type": "u32", "ma_per_count": 1, "at_most": True},
    "cap": {"register": 0x4006, "type": "u32", "ma_per_count": 1},
    "note": "if this line dies it stops charging: fallback_a only counts while the meter is blind",
}
