"""esp32-evse by dzurikmiroslav, open hardware (GPL-3).

Registers: its source, components/modbus. Baud and parity are the user's choice. It drops function
16 (its length check compares registers with bytes), so everything is written by function 6; its
refusals come with bit 3 of the function set instead of bit 7, which the receiver knows. It has no
watchdog: the meter alone protects. Registers from 300 on are kept in flash and never written.
"""

PROFILE = {
    "name": "esp32_evse",
    "title": "esp32-evse",
    "baud": 115200,
    "parity": "N",
    "stop": 1,
    "bauds": (9600, 19200, 38400, 57600, 115200),
    "parities": "NEO",
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 63000,
    "quiet_ms": 20,  # unverified
    "reply_ms": 250,
    "refresh_ms": 5000,
    "limit": {"register": 106, "ma_per_count": 100},  # in RAM; below 60 is refused
    "pause": {"register": 103, "stop": 0, "run": 1},
    # 100 state, 101 errors, 103 enabled, 106 limit; 213 to 218 current of L1 to L3, 32 bits of mA;
    # 304 the most that it takes
    "reads": ((3, 100, 7), (3, 213, 6), (3, 304, 1)),
    # Two ASCII characters: "A ", "B1", "B2", "C1", "C2", "D1", "D2", "E", "F"; 1: not allowed
    "state": {
        "register": 100,
        "idle": (0x4120, 0x4100),
        "car": (0x4231, 0x4232, 0x4331, 0x4431),
        "charging": (0x4332, 0x4432),
        "error": (0x4520, 0x4500, 0x4620, 0x4600),
    },
    "current": (
        {"register": 213, "type": "u32", "ma_per_count": 1},
        {"register": 215, "type": "u32", "ma_per_count": 1},
        {"register": 217, "type": "u32", "ma_per_count": 1},
    ),
    "readback": {"register": 106},
    "cap": {"register": 304, "ma_per_count": 1000},
}
