"""Our own registers: all that `json status` has as a number, and SunSpec's model of a meter.

Functions 3 and 4, high word first. `make registers` writes docs/modbus.md from this table.
A row whose leg is a word is of that part of the status: own.py. Its quantities are the status'.

SunSpec: "SunS" at 40000, the common block (model 1), a meter with integers and scale factors (201
one leg, 202 split phase, 203 three phase), the end. Offsets are those of its public model
definitions (sunspec/models). What isn't there has SunSpec's value for "not implemented". Without a
good measurement the registers of the meter are an exception, and all others tell why.
"""

from . import EXCEPTION, LEGS, TOTAL, merge

LEG, CHARGER, SUNS, METER, END = 100, 1000, 40000, 40070, 40177
LEG_STEP, CHARGER_STEP = 40, 100
_BODY = 105  # registers of the meter's model behind its head


def _rows(first, part, kinds):
    """One after the other; `kinds`: (key, kind), two registers for each that isn't h or H."""
    rows = {}
    for key, kind in kinds:
        rows[first] = (key, part, 1, kind)
        first += 1 if kind in "hH" else 2
    return rows


def _four(first, quantity, sf):
    """All legs and each, and what they are scaled by."""
    rows = {first + 1 + leg: (quantity, leg, 1, "h") for leg in LEGS}
    rows[first] = (quantity, TOTAL, 1, "h")
    rows[first + 4] = (sf, TOTAL, 1, "h")
    return rows


def _energies(first, quantity):
    rows = {first + 2 + 2 * leg: (quantity, leg, 1, "L") for leg in LEGS}
    rows[first] = (quantity, TOTAL, 1, "L")
    return rows


def _absent(first, last, kind):
    step = 1 if kind == "h" else 2
    return dict.fromkeys(range(METER + first, METER + last, step), ("none", TOTAL, 1, kind))


def _sunspec():
    return merge(
        {METER: ("sunspec_model", TOTAL, 1, "H")},
        _four(METER + 2, "sunspec_a", "sunspec_a_sf"),
        _four(METER + 7, "sunspec_v", "none"),
        _four(METER + 11, "sunspec_v_ll", "sunspec_v_sf"),
        {METER + 16: ("sunspec_hz", TOTAL, 1, "h"), METER + 17: ("sunspec_hz_sf", TOTAL, 1, "h")},
        _four(METER + 18, "sunspec_w", "sunspec_w_sf"),
        _four(METER + 23, "sunspec_va", "sunspec_w_sf"),
        _four(METER + 28, "sunspec_var", "sunspec_w_sf"),
        _four(METER + 33, "sunspec_pf", "sunspec_pf_sf"),
        _energies(METER + 38, "wh_out"),
        _energies(METER + 46, "wh"),
        {METER + 54: ("sunspec_wh_sf", TOTAL, 1, "h")},
        _absent(55, 71, "L"),
        _absent(71, 72, "h"),
        _absent(72, 104, "L"),
        _absent(104, 105, "h"),
    )


def meter(name):
    return {
        "functions": (3, 4),
        "when_bad": EXCEPTION,
        "measured": (METER + 2, END),
        "absent": {"h": -0x8000, "H": 0xFFFF, "i": -0x80000000, "I": 0xFFFFFFFF},
        "rows": merge(
            {0: ("map_version", TOTAL, 1, "H")},
            _rows(1, "meter", (("good", "H"),)),
            {2: ("uptime_ms", "meter", 1000, "I")},
            _rows(4, "meter", (("reading_age_ms", "I"), ("legs", "H"), ("chargers", "H"))),
            _rows(8, "meter", (("faults", "H"), ("nominal_v", "H"), ("ev_ma", "i"))),
            _rows(12, "meter", (("mains_mhz", "I"), ("lost_frames", "I"), ("jitter_us", "I"))),
            _rows(18, "meter", (("rate_hz", "H"),)),
            _rows(20, "voltage", (("mv", "I"), ("low_mv", "I"), ("high_mv", "I"), ("mhz", "I"))),
            _rows(28, "voltage", (("good", "H"),)),
            _rows(30, "house", (("import_wh", "I"), ("export_wh", "I"))),
            _rows(34, "planning", (("surplus_w", "i"), ("inverter_w", "i"), ("cap_cars_w", "i"))),
            _rows(40, "planning", (("cap_left_wh", "i"), ("temperature_dc", "h"))),
            _rows(43, "contact", (("limits", "H"), ("limit_w", "i"), ("limit_ma", "i"))),
            _rows(60, "ev", (("w", "i"), ("va", "i"), ("var", "i"), ("pf_ppt", "h"))),
            _rows(68, "ev_energy", (("mah", "I"), ("import_wh", "I"), ("export_wh", "I"))),
            _sunspec(),
        ),
        "repeats": (
            (
                LEG,
                LEG_STEP,
                len(LEGS),
                merge(
                    _rows(0, "leg", (("ma", "i"), ("base_ma", "i"), ("limit_ma", "i"))),
                    _rows(6, "leg", (("headroom_ma", "i"), ("breaker_budget_pct", "H"))),
                    _rows(9, "leg", (("assumed", "H"), ("mv", "I"), ("w", "i"), ("va", "i"))),
                    _rows(16, "leg", (("var", "i"), ("pf_ppt", "h"))),
                    _rows(20, "energy", (("mah", "I"), ("wh_estimate", "I"))),
                    _rows(24, "energy", (("import_wh", "I"), ("export_wh", "I"))),
                ),
            ),
            (
                CHARGER,
                CHARGER_STEP,
                25,
                merge(
                    _rows(0, "charger", (("name", "H"), ("online", "H"), ("state", "H"))),
                    _rows(3, "charger", (("reason", "H"), ("limited_by", "H"), ("mode", "H"))),
                    _rows(6, "charger", (("ev_source", "H"), ("address", "H"))),
                    _rows(8, "charger", (("allocation_ma", "i"), ("offer_ma", "i"))),
                    _rows(12, "charger", (("reported_ma", "i"), ("ev_age_ms", "I"))),
                    _rows(16, "charger", (("min_ma", "i"), ("max_ma", "i"), ("fits_ma", "i"))),
                    _rows(22, "charger", (("kept_ma", "i"), ("holds_ma", "i"))),
                    _rows(26, "charger", (("request_ma", "i"), ("request_by", "H"))),
                    _rows(30, "charger", (("since_ms", "I"), ("wait_ms", "I"))),
                    _rows(34, "charger", (("watchdog_ms", "I"), ("frames_ok", "I"))),
                    _rows(38, "charger", (("frames_bad", "I"), ("setup_writes", "I"))),
                    _rows(42, "charger", (("flash_writes", "I"), ("starts", "I"))),
                ),
            ),
        ),
        "fixed": (
            (SUNS, b"SunS\0\1\0\x42"),
            (METER + 1, bytes([0, _BODY])),
            (METER + 105, b"\0\0\0\0"),  # no events
            (END, b"\xff\xff\0\0"),
        ),
    }
