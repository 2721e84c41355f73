"""Error of the firmware's watts against the true power, case by case.

The same metering code as on the device, built from settings, runs on the counts of a simulated
front end. A case's error is the worst of its windows once the frequency is known. The goal is the
quantisation floor (one count of current over the square root of 12, times the voltage) plus 0.3 %
of the apparent power.
"""

import csv
import gzip
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from headroom.app import building
from headroom.metering.meter import Meter
from headroom.settings import table, together
from lab.bench.metering.accuracy import DATA_VARIABLE, data_folder  # noqa: F401  ours too
from lab.bench.metering.waveforms import Replay, play
from lab.bench.power import waves
from lab.bench.power.waves import Wave
from lab.sim.digitise import FrontEnd

RANGE_A = 200.0
BURDEN_OHM = 22
MA_PER_COUNT = 4000 * 3300 / 4096 / BURDEN_OHM
FLOOR_A = MA_PER_COUNT / 1000 / math.sqrt(12)
MV_PER_COUNT = 808 * 3300 / 4096  # of a ZMPT101B as metering/voltage_types.py has it
V_LEAD_DEG = 0.16
CT_LEAD_DEG = 2.7  # of no type that the firmware knows: it is set, as after `calibrate phase`
SECONDS = 2.6
SETTLING_WINDOWS = 3
BOARD: Any = SimpleNamespace(
    CHANNELS=("L1", "L2", "EV"),
    VOLTAGE="EV",
    VREF_MV=3300,
    ADC_BITS=12,
    ADC_STEP=0,
    ADC_SLOPE_PPM=1_000_000,
    BURDEN_OHM=22,
)
SETTINGS = {
    "voltage": "zmpt101b",
    "ev_source": "estimate",
    "burden_mohm": BURDEN_OHM * 1000,
    "ct1.lead_mdeg": round(CT_LEAD_DEG * 1000),
    "ct2.lead_mdeg": round(CT_LEAD_DEG * 1000),
}


@dataclass(frozen=True)
class Result:
    """One case: true real and apparent power, the worst errors, what the goal allows."""

    name: str
    true_w: float
    true_va: float
    error_w: float
    error_var: float
    allowed_w: float
    good: bool

    @property
    def error_pct_of_va(self) -> float:
        return 100 * self.error_w / self.true_va

    @property
    def verdict(self) -> str:
        """Within the goal, or how it fails."""
        if not self.good:
            return "unknown, by a fault"
        return "yes" if self.within else "NO"

    def renamed(self, name: str) -> "Result":
        return replace(self, name=name)

    @property
    def within(self) -> bool:
        return self.good and abs(self.error_w) <= self.allowed_w


def build(sampler: Replay, board: Any = BOARD, **changes: Any) -> Meter:
    """The meter of a house with a voltage, from its settings."""
    table.fit(board)
    try:
        values = table.defaults() | SETTINGS | changes
        together.check(values)
        return building.meter(values, board, sampler)
    finally:
        table.fit(BOARD)  # as without a board


def measure(
    name: str,
    v: Wave,
    i: Wave,
    *,
    noise: float = 0.5,
    step: float = 0,
    true_w: float | None = None,
    ct: FrontEnd | None = None,
) -> Result:
    """L1's current and voltage through the front end and metering; L2 carries a quiet 5 A."""
    if ct is None:
        ct = FrontEnd(MA_PER_COUNT, noise_counts=noise, step=step)
    sensor = FrontEnd(MV_PER_COUNT, noise_counts=noise, step=step)
    second = waves.sine(5.0, v.hz, 180)
    board = SimpleNamespace(**vars(BOARD) | {"ADC_STEP": step})
    sampler = Replay(
        *waves.columns(
            [(i, ct, CT_LEAD_DEG), (second, ct, CT_LEAD_DEG), (v, sensor, V_LEAD_DEG)], SECONDS
        )
    )
    meter = build(
        sampler, board, nominal_v=round(v.total), l1_noise=round((noise**2 + 1 / 12) * 128)
    )
    real_w = waves.real(v, i) if true_w is None else true_w
    reactive_var = waves.reactive(v, i)
    errors, reactive_errors, good = [], [], True
    for window in play(meter, sampler):
        if window.seq <= SETTLING_WINDOWS:
            continue
        power: Any = meter.power
        good = good and bool(power.good and power.known & 1)
        errors.append(power.mw[0] / 1000 - real_w)
        reactive_errors.append(power.mvar[0] / 1000 - reactive_var)
    va = v.total * i.total
    return Result(
        name, real_w, va, max(errors, key=abs), max(reactive_errors, key=abs),
        FLOOR_A * v.total + 0.003 * va, good,
    )  # fmt: skip


def sines() -> Iterator[Result]:
    """Pure sines over the range, the power factors and the band."""
    for percent in (0.5, 1, 5, 20, 50, 100, 120):
        for factor in (1.0, 0.9, 0.6, 0.3, -1.0):
            for lag in (1, -1) if abs(factor) < 1 else (1,):
                for hz in (45, 50, 60, 65):
                    angle = lag * math.degrees(math.acos(factor))
                    current = waves.sine(RANGE_A * percent / 100, hz, 20 - angle)
                    side = "" if abs(factor) == 1 else ", lagging" if lag > 0 else ", leading"
                    yield measure(
                        f"{percent:g} % of range, power factor {factor:g}{side}, {hz} Hz",
                        waves.sine(120.0, hz, 20), current,
                    )  # fmt: skip


def appliances(folder: Path, times: int) -> Iterator[Result]:
    """Recorded cycles of voltage and current, `times` of the same appliance in parallel.

    The true value is the record's own `active_w`. Cycles below 50 mA are mostly noise, left out.
    """
    with open(folder / "plaid_cycle_stats.csv", newline="", encoding="utf-8") as file:
        stats = {row["id"]: row for row in csv.DictReader(file)}
    volts = _cycles(folder / "plaid_voltage_cycles_30khz.csv.gz", "dv", 10)
    for identity, (appliance, current) in _cycles(
        folder / "plaid_current_cycles_30khz.csv.gz", "ma", 1000 / times
    ).items():
        if float(stats[identity]["rms_ac_a"]) < 0.05:
            continue
        v = waves.of_cycle(volts[identity][1], 60.0)
        i = waves.of_cycle(current, 60.0)
        true_w = float(stats[identity]["active_w"]) * times
        yield measure(f"{appliance} x {times}", v, i, true_w=true_w)


def _cycles(path: Path, unit: str, over: float) -> dict[str, tuple[str, list[float]]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {
            row["id"]: (
                row.get("appliance", ""),
                [float(row[f"s{n}_{unit}"]) / over for n in range(500)],
            )
            for row in csv.DictReader(file)
        }


def on_five_inputs() -> Any:
    """A board whose voltage has an input of its own."""
    return SimpleNamespace(**vars(BOARD) | {"CHANNELS": ("L1", "L2", "L3", "EV", "V")})
