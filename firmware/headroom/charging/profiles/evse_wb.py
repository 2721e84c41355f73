"""EVSE-WB, EVSE-DIN, SimpleEVSE.

Registers: the makers' register list as used by several open masters. Line 9600 8N1, address 1.
It has NO watchdog and no failsafe current: when the line dies it keeps its last setting for ever,
and only the meter protects. Register 2000 (current after boot) at least protects after a reboot.
"""

PROFILE = {
    "name": "evse_wb",
    "title": "EVSE-WB / SimpleEVSE",
    "baud": 9600,
    "parity": "N",
    "stop": 1,
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 80000,
    "quiet_ms": 100,
    "reply_ms": 250,
    # 1000: 0 stops. In 1 A, or in 0.01 A if bit 7 of 2005 is set (firmware 17 and later).
    "limit": {"register": 1000, "ma_per_count": 1000},
    "fine": {"register": 2005, "mask": 0x80, "ma_per_count": 10},
    "refresh_ms": 5000,
    # Registers from 2000 on are kept in flash: written only when different.
    "setup": ({"register": 2000, "value": "fallback", "ma_per_count": 1000},),
    # Holding registers 1000 to 1006; all that firmware up to 15 lets one read.
    "status": {"function": 3, "register": 1000, "count": 7},
    # 1002: 1 A, 2 B, 3 C, 4 D, 5 error
    "state": {"offset": 2, "car": (2, 3, 4), "charging": (3, 4), "error": (5,)},
    "readback": {"offset": 0},
    "watchdog_ms": 0,
}
