"""Heidelberg Energy Control (also Walther basicEVO PRO, SENEC Wallbox pro S).

Registers: the maker's "Modbus Register Table", 22 Feb 2021. Line 19200 8E1, address 1 to 15 by
DIP switch; the box must be set to follower. Not addressable for 10 s after power-on.
"""

PROFILE = {
    "name": "heidelberg",
    "title": "Heidelberg Energy Control",
    "baud": 19200,
    "parity": "E",
    "stop": 1,
    "addresses": (1, 15),
    "min_ma": 6000,
    "max_ma": 16000,  # input registers 101 and 100 say the same
    "quiet_ms": 100,  # other masters leave that much between frames; the maker states nothing
    "reply_ms": 250,
    "refresh_ms": 5000,
    # 261: 0 pauses, else 60 to 160; 1 to 59 are not valid. Volatile, 0 after power-on.
    "limit": {"register": 261, "ma_per_count": 100},
    # 258: 4 is no standby, for it doesn't answer in standby. Firmware 1.0.7 can't read it back.
    "setup": ({"register": 258, "value": 4, "flash": True},),
    "failsafe": {
        "watchdog_ms": 15000,  # any exchange feeds it
        "loss": "fallback",
        "registers": (
            {"register": 257, "value": 15000, "flash": True},  # ms
            {"register": 262, "value": "fallback", "ma_per_count": 100, "flash": True},
        ),
    },
    # Input registers 5 state, 6 to 8 current of L1 to L3 in 0.1 A.
    "reads": ((4, 5, 4),),
    # 2, 3 no car; 4, 5 connected; 6, 7 charging; 8 charging, derated by temperature; 9 to 11 error
    "state": {
        "register": 5,
        "idle": (2, 3),
        "car": (4, 5),
        "charging": (6, 7, 8),
        "error": (9, 10, 11),
    },
    "current": (
        {"register": 6, "ma_per_count": 100},
        {"register": 7, "ma_per_count": 100},
        {"register": 8, "ma_per_count": 100},
    ),
}
