"""cFos Power Brain.

Registers: the maker's Modbus register page. Its flash note: only the current limit, the enable
register, the fixed current and the relays are volatile; every other write goes to flash. No
watchdog was found (unverified): the meter alone protects. Charging point at address 1.
"""

PROFILE = {
    "name": "cfos",
    "title": "cFos Power Brain",
    "baud": 9600,  # unverified: no source states its baud or parity
    "parity": "N",
    "stop": 1,
    "bauds": (9600, 19200, 38400, 57600, 115200),
    "parities": "NEO",
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 32000,
    "quiet_ms": 50,  # unverified
    "reply_ms": 250,
    "refresh_ms": 5000,
    "limit": {"register": 8093, "ma_per_count": 100},
    "pause": {"register": 8094, "stop": 0, "run": 1},
    # 8092 state, 8093 limit, 8094 enable; 8064 to 8069 current of L1 to L3 in 0.1 A, 32 bits each
    "reads": ((3, 8092, 3), (3, 8064, 6)),
    # 0 A, 1 B, 2 C, 5 over-temperature
    "state": {"register": 8092, "idle": (0,), "car": (1,), "charging": (2,), "error": (5,)},
    "current": (
        {"register": 8064, "type": "u32", "ma_per_count": 100},
        {"register": 8066, "type": "u32", "ma_per_count": 100},
        {"register": 8068, "type": "u32", "ma_per_count": 100},
    ),
    "readback": {"register": 8093},
    "note": "baud and parity are unverified: run scan, or set chargerN.baud and chargerN.parity",
}
