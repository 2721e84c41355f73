"""Our own registers: all that `json status` has as a number, and SunSpec's model of a meter.

Functions 3 and 4, high word first. `make registers` writes docs/modbus.md from this table.
A row whose leg is a word is of that part of the status: own.py. Its quantities are the status'.

SunSpec: "SunS" at 40000, the common block (model 1), a meter with integers and scale factors (201
one leg, 202 split phase, 203 three phase), the end. Offsets are those of its public model
definitions (sunspec/models). What isn't there has SunSpec's value for "not implemented". Without a
good measurement the registers of the meter are an exception, and all others tell why.
"""

from . import ALL_AND_EACH, EXCEPTION, LEGS, TOTAL, row

LEG, CHARGER, SUNS, METER, END = 100, 1000, 40000, 40070, 40177
LEG_STEP, CHARGER_STEP = 40, 100
_BODY = 105  # registers of the meter's model behind its head


def _absent(first, last, kind):
    """Nothing is there: from one of the meter's registers to before another."""
    values = range((last - first) // (1 if kind == "h" else 2))
    return row(METER + first, kind, "none", values)


def _sunspec():
    return (
        row(METER, "H", "sunspec_model", TOTAL),
        row(METER + 2, "h", "sunspec_a", ALL_AND_EACH),
        row(METER + 6, "h", "sunspec_a_sf", TOTAL),
        row(METER + 7, "h", "sunspec_v", ALL_AND_EACH),
        row(METER + 11, "h", "sunspec_v_ll", ALL_AND_EACH),
        row(METER + 15, "h", ("sunspec_v_sf", "sunspec_hz", "sunspec_hz_sf"), TOTAL),
        row(METER + 18, "h", "sunspec_w", ALL_AND_EACH),
        row(METER + 22, "h", "sunspec_w_sf", TOTAL),
        row(METER + 23, "h", "sunspec_va", ALL_AND_EACH),
        row(METER + 27, "h", "sunspec_w_sf", TOTAL),
        row(METER + 28, "h", "sunspec_var", ALL_AND_EACH),
        row(METER + 32, "h", "sunspec_w_sf", TOTAL),
        row(METER + 33, "h", "sunspec_pf", ALL_AND_EACH),
        row(METER + 37, "h", "sunspec_pf_sf", TOTAL),
        row(METER + 38, "L", "wh_out", ALL_AND_EACH),
        row(METER + 46, "L", "wh", ALL_AND_EACH),
        row(METER + 54, "h", "sunspec_wh_sf", TOTAL),
        _absent(55, 71, "L"),
        _absent(71, 72, "h"),
        _absent(72, 104, "L"),
        _absent(104, 105, "h"),
    )


_METER = (
    row(0, "H", "map_version", TOTAL),
    row(1, "H", "good", "meter"),
    row(2, "I", "uptime_ms", "meter", 1000),
    row(4, "I", "reading_age_ms", "meter"),
    row(6, "H", ("legs", "chargers", "faults", "nominal_v"), "meter"),
    row(10, "i", "ev_ma", "meter"),
    row(12, "I", ("mains_mhz", "lost_frames", "jitter_us"), "meter"),
    row(18, "H", "rate_hz", "meter"),
    row(20, "I", ("mv", "low_mv", "high_mv", "mhz"), "voltage"),
    row(28, "H", "good", "voltage"),
    row(30, "I", ("import_wh", "export_wh"), "house"),
    row(34, "i", ("surplus_w", "inverter_w", "cap_cars_w", "cap_left_wh"), "planning"),
    row(42, "h", "temperature_dc", "planning"),
    row(43, "H", "limits", "contact"),
    row(44, "i", ("limit_w", "limit_ma"), "contact"),
    row(60, "i", ("w", "va", "var"), "ev"),
    row(66, "h", "pf_ppt", "ev"),
    row(68, "I", ("mah", "import_wh", "export_wh"), "ev_energy"),
)
_LEG = (
    row(0, "i", ("ma", "base_ma", "limit_ma", "headroom_ma"), "leg"),
    row(8, "H", ("breaker_budget_pct", "assumed"), "leg"),
    row(10, "I", "mv", "leg"),
    row(12, "i", ("w", "va", "var"), "leg"),
    row(18, "h", "pf_ppt", "leg"),
    row(20, "I", ("mah", "wh_estimate", "import_wh", "export_wh"), "energy"),
)
_STATE = "name", "online", "state", "reason", "limited_by", "mode", "ev_source", "address"
_TOLD = "allocation_ma", "offer_ma", "reported_ma"
_BOUNDS = "min_ma", "max_ma", "fits_ma", "kept_ma", "holds_ma", "request_ma"
_COUNTS = "watchdog_ms", "frames_ok", "frames_bad", "setup_writes", "flash_writes", "starts"
_CHARGER = (
    row(0, "H", _STATE, "charger"),
    row(8, "i", _TOLD, "charger"),
    row(14, "I", "ev_age_ms", "charger"),
    row(16, "i", _BOUNDS, "charger"),
    row(28, "H", "request_by", "charger"),
    row(30, "I", ("since_ms", "wait_ms"), "charger"),
    row(34, "I", _COUNTS, "charger"),
)


def meter(name):
    return {
        "functions": (3, 4),
        "when_bad": EXCEPTION,
        "measured": (METER + 2, END),
        "absent": {"h": -0x8000, "H": 0xFFFF, "i": -0x80000000, "I": 0xFFFFFFFF},
        "rows": _METER + _sunspec(),
        "repeats": (
            (LEG, LEG_STEP, len(LEGS), _LEG),
            (CHARGER, CHARGER_STEP, 25, _CHARGER),
        ),
        "fixed": (
            (SUNS, b"SunS\0\1\0\x42"),
            (METER + 1, bytes([0, _BODY])),
            (METER + 105, b"\0\0\0\0"),  # no events
            (END, b"\xff\xff\0\0"),
        ),
    }
