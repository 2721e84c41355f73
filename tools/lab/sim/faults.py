"""The schedule of faults: what breaks when, written like `charger_off@20-30,noise@40`."""

import math
import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from meter.errors import UsageError

from .front_end import NO_BURDEN, OPEN, SOUND

if TYPE_CHECKING:
    from .world import World

KINDS = {
    "charger_off": "the charger has no power (pymodbus stops)",
    "car_full": "the battery is full",
    "line_cut": "the RS-485 wires are off",
    "noise": "every fifth frame is corrupted",
    "garble": "every frame is corrupted",
    "drop": "every fifth frame is lost",
    "delay": "every frame is 60 ms late",
    "samples_off": "the sample stream stops",
    "ct_open_l1": "the CT of L1 is unplugged",
    "ct_open_l2": "the CT of L2 is unplugged",
    "ct_open_ev": "the CT of the EV branch is unplugged",
    "ct_clipped_l1": "the burden of L1's CT is off: it drives the converter to its rails",
    "firmware_kill": "the firmware process is killed; it starts again at the end",
}
OF_A_CHARGER = re.compile(r"(charger|car)(\d{1,3})(_off|_full)")
CORRUPT_SHARE = {"noise": 0.2, "garble": 1.0}
DROP_SHARE = 0.2
LATE_S = 0.06
CT_GAIN = {
    "ct_open_l1": (0, OPEN),
    "ct_open_l2": (1, OPEN),
    "ct_open_ev": (2, OPEN),
    "ct_clipped_l1": (0, NO_BURDEN),
}
BLINDING = frozenset(("samples_off", "ct_open_l1", "ct_open_l2", "ct_clipped_l1"))


@dataclass(frozen=True)
class Fault:
    """One fault, from `start_s` until `end_s` (infinite: until the run ends).

    `charger` counts from 1, for the kinds that concern one: `charger2_off`, `car2_full`.
    """

    kind: str
    start_s: float
    end_s: float = math.inf
    charger: int = 1

    def __str__(self) -> str:
        until = "" if math.isinf(self.end_s) else f"-{self.end_s:g}"
        kind = self.kind
        if self.charger > 1:
            kind = kind.replace("_", f"{self.charger}_", 1)
        return f"{kind}@{self.start_s:g}{until}"

    @property
    def concerns(self) -> tuple[object, int]:
        """What it breaks, which is whole again once it ends."""
        if self.kind in CT_GAIN:
            return CT_GAIN[self.kind][0], 1
        return "bytes" if self.kind in CORRUPT_SHARE else self.kind, self.charger

    def active(self, t_s: float) -> bool:
        return self.start_s <= t_s < self.end_s


def parse_faults(texts: list[str], duration_s: float, chargers: int = 1) -> list[Fault]:
    """Read schedules, each with one or more faults separated by commas."""
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    faults = sorted(
        (_parse(word, duration_s, chargers) for word in words), key=lambda fault: fault.start_s
    )
    for first, second in combinations(faults, 2):
        if first.concerns == second.concerns and second.start_s < first.end_s:
            raise UsageError(f"faults '{first}' and '{second}' concern the same thing at a time")
    return faults


def _parse(word: str, duration_s: float, chargers: int) -> Fault:
    kind, at, when = word.partition("@")
    charger = 1
    if named := OF_A_CHARGER.fullmatch(kind):
        kind, charger = named[1] + named[3], int(named[2])
        if not 1 <= charger <= chargers:
            raise UsageError(f"bad fault '{word}': the chargers are numbered 1..{chargers}")
    if kind not in KINDS:
        raise UsageError(f"unknown fault '{kind}'; one of {', '.join(KINDS)}")
    start, dash, end = when.partition("-")
    try:
        fault = Fault(kind, float(start), float(end) if dash else math.inf, charger)
    except ValueError:
        raise UsageError(
            f"bad fault '{word}': write NAME@SECONDS or NAME@FROM-TO, such as charger_off@20-30"
        ) from None
    if not (at and 0 <= fault.start_s < fault.end_s and math.isfinite(fault.start_s)):
        raise UsageError(f"bad fault '{word}': needs 0 <= from < to, in seconds")
    if fault.start_s >= duration_s:
        raise UsageError(f"fault '{word}' is after the end of the run of {duration_s:g} s")
    return fault


async def inject(world: "World", fault: Fault, active: bool) -> None:
    """Let a fault begin or end (not `firmware_kill`: the launcher does that)."""
    kind = fault.kind
    line = world.line.disturbance
    if kind == "charger_off":
        await world.charger_power(fault.charger - 1, not active)
    elif kind == "car_full" and active:
        world.fill_car(fault.charger - 1)
    elif kind == "line_cut":
        world.line.connected = not active
    elif kind in CORRUPT_SHARE:
        line.corrupt_share = CORRUPT_SHARE[kind] if active else 0.0
    elif kind == "drop":
        line.drop_share = DROP_SHARE if active else 0.0
    elif kind == "delay":
        line.delay_s = LATE_S if active else 0.0
    elif kind in CT_GAIN:
        channel, gain = CT_GAIN[kind]
        world.front_end.gain[channel] = gain if active else SOUND
    if kind == "samples_off":
        world.samples = not active
    if kind in BLINDING:  # others may last
        world.conditions.sees = world.samples and not {OPEN, NO_BURDEN} & set(
            world.front_end.gain[:2]
        )
    world.conditions.disturbed = bool(line.corrupt_share or line.drop_share or line.delay_s)
