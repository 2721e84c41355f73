"""OBO Ion, Viridian EPC 2.0 Plus, EcoHarmony.

Registers: "EPC 2 Plus MODBUS Register Map V104" (its 4000n is n - 1 on the wire). Line 19200 8E1,
address 101, all of them changeable in registers 21 to 23.
"""

PROFILE = {
    "name": "obo",
    "title": "OBO Ion / Viridian EPC 2 Plus",
    "baud": 19200,
    "parity": "E",
    "stop": 1,
    "bauds": (9600, 19200, 38400, 57600, 115200),
    "parities": "NEO",
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 32000,
    "quiet_ms": 50,  # unverified: no source gives one
    "reply_ms": 250,
    "refresh_ms": 5000,
    "limit": {"register": 6, "ma_per_count": 1000},  # 0, or 6 to 32 A
    # 5: charging allowed, 1 is automatic start.
    "setup": ({"register": 5, "value": 1},),
    "failsafe": {
        "watchdog_ms": 15000,
        "loss": "fallback",
        "registers": (
            # Whether these are kept in flash is unverified: they are written only when different.
            {"register": 30, "value": "fallback", "ma_per_count": 1000, "flash": True},
            {"register": 28, "value": 15000, "flash": True},  # ms, 1000 to 60000; 0, off, as sold
        ),
    },
    # 5 to 9 are allow, current, volts, CT current in 0.1 A, power; 10 is not in the map.
    # 11 to 15 are state, behaviour after a power cut, errors, rating of the cable.
    "reads": ((3, 5, 5), (3, 11, 5)),
    # 11: 0 A, 1 B, 2 C, 3 D, 4 F
    "state": {"register": 11, "idle": (0,), "car": (1,), "charging": (2, 3), "error": (4,)},
    "current": ({"register": 8, "ma_per_count": 100},),
    "readback": {"register": 6},
    "cap": {"register": 15, "ma_per_count": 1000},
    "note": "whether reading feeds its watchdog is unverified; the limit is rewritten every 5 s",
}
