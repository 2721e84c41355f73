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
    "quiet_ms": 100,  # openWB leaves 100 ms, evcc 200 ms
    "reply_ms": 250,
    "refresh_ms": 5000,
    # 1000: 0 stops. In 1 A, or in 0.01 A if bit 7 of 2005 is set (firmware 17 and later).
    "limit": {"register": 1000, "ma_per_count": 1000},
    "fine": {"register": 2005, "mask": 0x80, "ma_per_count": 10},
    # Registers from 2000 on are kept in flash. 2000: the current after a boot, 32 A if left alone.
    "setup": ({"register": 2000, "value": "fallback", "ma_per_count": 1000, "flash": True},),
    # Holding registers 1000 to 1006; all that firmware up to 15 lets one read.
    "reads": ((3, 1000, 7),),
    # 1002: 1 A, 2 B, 3 C, 4 D, 5 error
    "state": {"register": 1002, "idle": (1,), "car": (2,), "charging": (3, 4), "error": (5,)},
    "readback": {"register": 1000},
    "cap": {"register": 1003, "ma_per_count": 1000},  # what the cable carries
}
