"""Phoenix Contact EV-CC-AC1-M3 (RCM or CBC) -SER.

Registers: the maker's manual 106377_en_04, pages 53 to 62. 9600 or 19200 by DIP 1 of S2, address
by DIP 2 to 6. Coil 20000 enables charging, but only if holding register 4000 is 3 (flash;
as sold it is 1, the EN input). No watchdog was found: the meter alone protects.
"""

PROFILE = {
    "name": "phoenix",
    "title": "Phoenix Contact EV-CC-AC1-M3-SER",
    "baud": 9600,
    "parity": "N",  # 8N1 is unverified: the manual's pages name no parity
    "stop": 1,
    "bauds": (9600, 19200),
    "parities": "NEO",
    "addresses": (1, 31),
    "min_ma": 6000,
    "max_ma": 63000,
    "quiet_ms": 50,  # unverified
    "reply_ms": 250,
    "refresh_ms": 5000,
    "limit": {"register": 22000, "ma_per_count": 1000},  # 6 to 63 A; volatile
    "pause": {"register": 20000, "type": "coil", "stop": 0, "run": 1},
    "setup": ({"register": 4000, "value": 3, "flash": True},),
    "reads": ((4, 24000, 1), (3, 22000, 1)),
    # 24000: the letter of the state, ASCII, in the high byte
    "state": {
        "register": 24000,
        "shift": 8,
        "mask": 0xFF,
        "idle": (0x41,),
        "car": (0x42,),
        "charging": (0x43, 0x44),
        "error": (0x45, 0x46),
    },
    "readback": {"register": 22000},
}
