"""docs/modbus.md: our own registers, from the very table that answers."""

from collections.abc import Iterable
from typing import Any

from headroom import records
from headroom.answering import models, own
from headroom.planning.request import LIMITS, MODES
from lab.marks import Marks
from meter.paths import ROOT

ON_PAGE = Marks(
    ROOT / "docs" / "modbus.md",
    "<!-- registers: made by `make registers` -->",
    "<!-- end of the registers -->",
)
KINDS = {"h": "i16", "H": "u16", "i": "i32", "I": "u32"}
LEGS = 3
PARTS = {
    "meter": "",
    "voltage": "voltage.",
    "house": "house.",
    "planning": "planning.",
    "contact": "planning.contact.",
    "ev": "ev.",
    "ev_energy": "energy[EV].",
    "leg": "legs[n].",
    "energy": "energy[n].",
    "charger": "chargers[n].",
}
# What each is, by its key in `json status`; of a key that several parts have, by "part.key" first.
MEANINGS = {
    "map_version": "version of this map; a register never changes its meaning",
    "meter.good": "1: the last window was measured well, and lately",
    "voltage.good": "1: the voltage is healthy",
    "uptime_ms": "since the start, in s",
    "reading_age_ms": "age of the newest good window, in ms",
    "legs": "how many legs are measured",
    "chargers": "how many chargers there are",
    "faults": "how many faults there are; `faults` on the console says which",
    "nominal_v": "voltage of a leg by the settings, in V",
    "ev_ma": "current of the EV branch, in mA; -1 without its CT",
    "mains_mhz": "frequency, in 1/1000 Hz; 0 before it was seen",
    "lost_frames": "samples that never arrived",
    "jitter_us": "worst lateness of a sample, in us",
    "rate_hz": "samples a second, as they came",
    "mv": "voltage, in mV",
    "low_mv": "the lowest good voltage since the start",
    "high_mv": "the highest",
    "mhz": "frequency of the voltage, in 1/1000 Hz",
    "import_wh": "drawn from the mains, in Wh",
    "export_wh": "fed in, in Wh",
    "surplus_w": "what the sun leaves, in W",
    "inverter_w": "what the inverter makes at least, in W",
    "cap_cars_w": "what the demand cap leaves the cars, in W",
    "cap_left_wh": "what it leaves of this window, in Wh",
    "temperature_dc": "temperature, in 1/10 C",
    "limits": "1: the grid operator's contact limits",
    "limit_w": "what all chargers may draw then, in W",
    "contact.limit_ma": "what each may draw then, in mA",
    "leg.limit_ma": "what it may carry for hours, in mA",
    "w": "real power, in W, - fed in",
    "va": "apparent power, in VA",
    "var": "reactive power, in VAr, + if the current lags",
    "pf_ppt": "power factor, in thousandths",
    "mah": "charge, in mAh",
    "ma": "current, the cars included, in mA",
    "base_ma": "of that, what is not the cars', in mA",
    "headroom_ma": "the limit less that, in mA",
    "breaker_budget_pct": "how much of the breaker's tolerance is used, in %",
    "assumed": "1: its voltage is taken to be like L1's",
    "wh_estimate": "energy by the nominal voltage, in Wh",
    "name": "number of the charger, as in the settings",
    "online": "1: it answers",
    "state": "65 no car, 66 a car, 67 it charges (A, B, C)",
    "reason": "why it has what it has, [as below](#reasons)",
    "limited_by": "the limit that is the smallest, [as below](#limits)",
    "mode": "what is wished of it: " + ", ".join(f"{i} {mode}" for i, mode in enumerate(MODES)),
    "ev_source": "what tells its current: "
    + ", ".join(f"{i} {source}" for i, source in enumerate(records.EV_SOURCES)),
    "address": "its Modbus address",
    "allocation_ma": "what it may draw, in mA",
    "offer_ma": "what it last acknowledged, in mA; -1 nothing yet",
    "reported_ma": "what it says that its car draws, in mA; -1 nothing",
    "ev_age_ms": "how old that is, in ms",
    "min_ma": "its minimum, in mA",
    "max_ma": "its maximum, in mA",
    "fits_ma": "what its limits leave for it now, in mA",
    "kept_ma": "what is kept for it though it can't be told, in mA",
    "holds_ma": "what it holds above what it was told, in mA",
    "request_ma": "what is wished of it at most, in mA",
    "request_by": "by what: " + ", ".join(f"{i} {limit}" for i, limit in enumerate(LIMITS)),
    "since_ms": "how long the reason has held, in ms",
    "wait_ms": "how long the running timer takes, in ms",
    "watchdog_ms": "its own watchdog, in ms",
    "frames_ok": "exchanges that went well",
    "frames_bad": "and that failed",
    "setup_writes": "how often its set-up was written",
    "flash_writes": "how often to its flash",
    "starts": "how often a relay was switched on",
}
Row = tuple[int, int, str, Any, Any, int]  # as models/ have it


def table() -> str:
    """The registers in Markdown."""
    meter = models.load("headroom")
    plain = [row for row in meter["rows"] if isinstance(row[4], str) or row[3] == "map_version"]
    lines = [*_lines(plain), "", "### Texts", "", "Two characters a register.", ""]
    lines += ["| register | registers | what |", "|---|---|---|"]
    lines += [f"| {at} | {size // 2} | {what} |" for at, size, what in own.TEXTS]
    for first, distance, count, rows in meter["repeats"]:
        what = "leg" if count == LEGS else "charger"
        last = first + distance * (count - 1)
        begins = (
            f"The first begins at {first}, the next at {first + distance}, the last at {last}."
        )
        lines += ["", f"### Each {what}", "", begins, "", *_lines(rows, "+")]
    lines += ["", "### Reasons", ""]
    lines += [f"- {code}: {name}" for code, name in enumerate(records.REASON_NAMES)]
    lines += ["", "### Limits", ""]
    lines += [f"- {code}: {name}" for code, name in enumerate(records.LIMIT_NAMES)]
    return "\n".join(lines)


def _lines(rows: Iterable[Row], sign: str = "") -> list[str]:
    lines = ["| register | type | in `json status` | what |", "|---|---|---|---|"]
    for first, _, kind, keys, part, _ in sorted(rows):
        for place, key in enumerate([keys] if isinstance(keys, str) else keys):
            name = f"`{PARTS[part]}{key}`" if isinstance(part, str) else ""
            what = MEANINGS.get(f"{part}.{key}") or MEANINGS[key]
            at = first + place * models.WIDTHS[kind]
            lines.append(f"| {sign}{at} | {KINDS[kind]} | {name} | {what} |")
    return lines
