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
    # 261: 0 pauses, else 60 to 160; 1 to 59 are not valid. Volatile, 0 after power-on.
    "limit": {"register": 261, "ma_per_count": 100},
    "refresh_ms": 5000,
    # Kept in flash since layout 1.0.8, so written only when different.
    "setup": (
        {"register": 258, "value": 4},  # no standby: it doesn't answer in standby
        {"register": 257, "value": 15000},  # watchdog in ms: any exchange feeds it
        {"register": 262, "value": "fallback", "ma_per_count": 100},  # its current on expiry
    ),
    # Input registers 5 state, 6 to 8 current of L1 to L3 in 0.1 A.
    "status": {"function": 4, "register": 5, "count": 4},
    # 2, 3 no car; 4, 5 connected; 6, 7 charging; 8 charging, derated by temperature; 9 to 11 error
    "state": {"offset": 0, "car": (4, 5, 6, 7, 8), "charging": (6, 7, 8), "error": (9, 10, 11)},
    "current": {"offset": 1, "count": 3, "ma_per_count": 100},
    "watchdog_ms": 15000,
}
