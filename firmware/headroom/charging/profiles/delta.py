"""Delta AC MAX, its first connector (registers 1000 + n).

Registers: the maker's manual and evcc's driver. CONFLICT: the manual says 19200 8N1, evcc's
template 115200; set chargerN.baud. It is told watts: 230 W for each ampere and phase. Told the
watts of one phase, a three-phase installation gets a third of the current: safe, and cured by
delta/three_phase.
"""

_CURRENT = {"register": 1007, "type": "f32", "ma_per_count": 1000}


def _failsafe(watts_per_a):
    fallback = {"type": "u32", "value": "fallback", "counts_per_a": watts_per_a, "flash": True}
    fallback["register"] = 203
    return {
        "watchdog_ms": 30000,  # writing the limit feeds it; whether reading does is unverified
        "loss": "fallback",
        # 203 fallback power, 202 seconds, 201 on. That function 16 writes them is unverified.
        "registers": (
            fallback,
            {"register": 202, "value": 30, "write": 16, "flash": True},
            {"register": 201, "value": 1, "write": 16, "flash": True},
        ),
    }


PROFILE = {
    "name": "delta",
    "title": "Delta AC MAX",
    "baud": 19200,
    "parity": "N",
    "stop": 1,
    "bauds": (9600, 19200, 38400, 57600, 115200),
    "addresses": (1, 247),
    "min_ma": 6000,
    "max_ma": 32000,
    "quiet_ms": 50,  # unverified
    "reply_ms": 300,
    "refresh_ms": 5000,
    "limit": {"register": 1600, "type": "u32", "counts_per_a": 230, "step_ma": 100},  # 0 pauses
    "failsafe": _failsafe(230),
    # 1001 state; 1007 current; the registers between are only partly documented
    "reads": ((4, 1001, 1), (4, 1007, 2)),
    # 0 A, 3 C, the others up to 7 B
    "state": {"register": 1001, "idle": (0,), "car": (1, 2, 4, 5, 6, 7), "charging": (3,)},
    "current": (_CURRENT,),
    "options": {
        "three_phase": {
            "limit": {"register": 1600, "type": "u32", "counts_per_a": 690, "step_ma": 100},
            "failsafe": _failsafe(690),
        },
        # Where 1001 can't be read: 1000 in OCPP's words. 1, 2 free; 4 charging; 3, 5 to 7 car.
        "ocpp_state": {
            "reads": ((4, 1000, 1), (4, 1007, 2)),
            "state": {
                "register": 1000,
                "idle": (0, 1, 2),
                "car": (3, 5, 6, 7),
                "charging": (4,),
                "error": (8, 9),
            },
        },
    },
    "note": "baud 19200 or 115200 by version: run scan; three phases: delta/three_phase",
}
