"""The schedule of faults: what breaks when, written like `charger_off@20-30,noise@40`."""

import math
from dataclasses import dataclass

from meter.errors import UsageError

KINDS = {
    "charger_off": "the charger has no power (pymodbus stops)",
    "line_cut": "the RS-485 wires are off",
    "noise": "every fifth frame is corrupted",
    "drop": "every fifth frame is lost",
    "delay": "every frame is 60 ms late",
    "samples_off": "the sample stream stops",
    "firmware_kill": "the firmware process is killed; it starts again at the end",
    "car_full": "the battery is full",
}


@dataclass(frozen=True)
class Fault:
    """One fault, from `start_s` until `end_s` (infinite: until the run ends)."""

    kind: str
    start_s: float
    end_s: float = math.inf

    def __str__(self) -> str:
        until = "" if math.isinf(self.end_s) else f"-{self.end_s:g}"
        return f"{self.kind}@{self.start_s:g}{until}"

    def active(self, t_s: float) -> bool:
        return self.start_s <= t_s < self.end_s


def parse_faults(texts: list[str], duration_s: float) -> list[Fault]:
    """Read schedules, each with one or more faults separated by commas."""
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    return sorted((_parse(word, duration_s) for word in words), key=lambda fault: fault.start_s)


def _parse(word: str, duration_s: float) -> Fault:
    kind, at, when = word.partition("@")
    if kind not in KINDS:
        raise UsageError(f"unknown fault '{kind}'; one of {', '.join(KINDS)}")
    start, dash, end = when.partition("-")
    try:
        fault = Fault(kind, float(start), float(end) if dash else math.inf)
    except ValueError:
        raise UsageError(
            f"bad fault '{word}': write NAME@SECONDS or NAME@FROM-TO, such as charger_off@20-30"
        ) from None
    if not (at and 0 <= fault.start_s < fault.end_s and math.isfinite(fault.start_s)):
        raise UsageError(f"bad fault '{word}': needs 0 <= from < to, in seconds")
    if fault.start_s >= duration_s:
        raise UsageError(f"fault '{word}' is after the end of the run of {duration_s:g} s")
    return fault
