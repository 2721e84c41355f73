"""Free2Move eProWallbox.

Registers: the maker's sheet and evcc's driver; the 4xxxx numbers go over the wire as they are.
Line 115200 8N1, address 1. Functions 3 and 16 only. Its fallback as sold is 32 A: it must be set.
"""

PROFILE = {
    "name": "eprowallbox",
    "title": "Free2Move eProWallbox",
    "baud": 115200,
    "parity": "N",  # unverified: the sheet names no parity
    "stop": 1,
    "bauds": (9600, 19200, 38400, 57600, 115200),
    "parities": "NEO",
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 32000,
    "quiet_ms": 50,  # unverified
    "reply_ms": 250,
    "refresh_ms": 5000,
    "limit": {"register": 40407, "type": "u32", "ma_per_count": 1, "step_ma": 100},
    "pause": {"register": 40406, "write": 16, "stop": 0, "run": 1},
    "token": {"register": 40502, "write": 16, "value": 0x5555, "every_ms": 5000},
    "failsafe": {
        "watchdog_ms": 20000,
        "loss": "fallback",
        "registers": (
            # mA; 0 is not known to be allowed
            {
                "register": 40409,
                "type": "u32",
                "value": "fallback",
                "ma_per_count": 1,
                "flash": True,
            },
            {"register": 40413, "write": 16, "value": 20, "flash": True},  # s, 600 as sold
            {"register": 40412, "write": 16, "value": 1, "flash": True},
        ),
    },
    "reads": ((3, 40101, 1), (3, 40620, 6)),
    # 0 A1, 1 A2, 2 B1, 3 B2, 4 C1, 5 C2, 6 D1, 7 D2, 8 E, 9 F
    "state": {
        "register": 40101,
        "idle": (0, 1),
        "car": (2, 3, 4, 6),
        "charging": (5, 7),
        "error": (8, 9),
    },
    "current": (
        {"register": 40620, "type": "f32", "ma_per_count": 1000},
        {"register": 40622, "type": "f32", "ma_per_count": 1000},
        {"register": 40624, "type": "f32", "ma_per_count": 1000},
    ),
}
