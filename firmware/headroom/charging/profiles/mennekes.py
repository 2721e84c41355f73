"""Mennekes AMTRON Compact 2.0s, Start 2.0s, 4You 300; Kostal Enector.

Registers: the maker's Modbus specification v1.2 (27 Feb 2023) and v2.0 (21 Mar 2024, register
layout 1.0.3). Line 57600 8N2, address 50; DIP bank S1: 4 and 5 on, 7 off. It charges only while
the heartbeat runs, the release is given and the current is 6 A or more. NEVER pause it by writing
0 A: in layout 1.0.3 that means "no limit".
"""

PROFILE = {
    "name": "mennekes",
    "title": "Mennekes Compact 2.0s / 4You 300",
    "baud": 57600,
    "parity": "N",
    "stop": 2,
    "bauds": (9600, 19200, 38400, 57600),  # selectable since specification v2.0
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 32000,
    "quiet_ms": 20,  # unverified
    "reply_ms": 250,
    "refresh_ms": 5000,
    "raise_ms": 5000,  # between changes of the current; from a third party, unverified
    "limit": {"register": 0x0302, "type": "f32", "ma_per_count": 1000, "step_ma": 100},
    "pause": {"register": 0x0D05, "stop": 0, "run": 1},
    "token": {"register": 0x0D00, "value": 0x55AA, "every_ms": 4000},  # at least every 10 s
    "failsafe": {
        "watchdog_ms": 10000,  # fixed
        "loss": "fallback",
        # 0: disabled, 1: pause, 6 to 32 A. Layout 1.0.3 only; whether it is one register of whole
        # amperes is unverified, see the option float_fallback.
        "registers": (
            {
                "register": 0x073A,
                "value": "fallback",
                "ma_per_count": 1000,
                "zero": 1,
                "flash": True,
            },
        ),
    },
    "reads": ((3, 0x0100, 1), (3, 0x0500, 6)),
    # 0 not ready, 1 idle, 2 to 4 connected, 5 charging, 6 error, 7 service
    "state": {
        "register": 0x0100,
        "idle": (0, 1),
        "car": (2, 3, 4),
        "charging": (5,),
        "error": (6, 7),
    },
    "current": (
        {"register": 0x0500, "type": "f32", "ma_per_count": 1000},
        {"register": 0x0502, "type": "f32", "ma_per_count": 1000},
        {"register": 0x0504, "type": "f32", "ma_per_count": 1000},
    ),
    "options": {
        # CONFLICT: the maker's text says low word first, two open masters use high word first.
        "low_word_first": {"word_order": "low"},
        "float_fallback": {
            "failsafe": {
                "watchdog_ms": 10000,
                "loss": "fallback",
                "registers": (
                    {
                        "register": 0x073A,
                        "type": "f32",
                        "value": "fallback",
                        "ma_per_count": 1000,
                        "zero": 1,
                        "flash": True,
                    },
                ),
            }
        },
    },
    "note": "if it reports impossible currents, choose mennekes/low_word_first",
}
