"""SmartEVSE v3 as a power-sharing node; the meter plays the SmartEVSE master.

Facts: the SmartEVSE-3 firmware (GPL-3), modbus and main. Line 9600 8N1; menu PWR SHARE "Node n"
has address n + 1, so 2 to 8. The currents of all nodes go in one broadcast to address 9, which
nobody acknowledges: the node's own register tells whether it took it. Function 6 seems not to be
acknowledged either (unverified), so everything is written by function 16. A node that hears no
broadcast for 11 s stops charging; that is fixed.
"""

PROFILE = {
    "name": "smartevse",
    "title": "SmartEVSE v3 node",
    "baud": 9600,
    "parity": "N",
    "stop": 1,
    "addresses": (2, 8),
    "min_ma": 6000,
    "max_ma": 80000,
    "quiet_ms": 50,
    "reply_ms": 85,  # what its own master allows
    "refresh_ms": 2000,  # its own master's pace
    "limit": {"register": 0x0020, "ma_per_count": 100},  # 0 in its slot pauses
    "slots": {"unit": 9, "count": 8, "first_address": 1},
    # It asks for B (4) or C (6) and waits for the answer: B granted (5), C granted (7), no errors.
    "handshake": {"register": 0x0000, "answers": ((4, 5), (6, 7))},
    "failsafe": {"watchdog_ms": 11000, "loss": "stop", "registers": ()},
    # 0 state, 1 error bits, 2 present current in 0.1 A, 3 to 6 settings, 7 maximum current
    "reads": ((4, 0x0000, 8),),
    # 0 A; 1 B; 2 C; 3 D; 4 and 5 asks for B and has it, 6 and 7 for C; 8 activation; 9 B1; 10 C1;
    # 11 to 14 modem
    "state": {
        "register": 0x0000,
        "idle": (0,),
        "car": (1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
        "charging": (2, 3),
    },
    "readback": {"register": 0x0002, "at_most": True},
    "cap": {"register": 0x0007, "ma_per_count": 1000},
    "note": "if this line dies it stops charging: fallback_a only counts while the meter is blind",
}
