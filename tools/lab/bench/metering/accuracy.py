"""Error of the firmware's RMS against the true value, case by case.

The same metering code as on the device runs on the counts of a simulated front end. A case's error
is the worst of its windows once the frequency is known; the goal is the quantisation floor (one
count over the square root of 12) plus 0.1 %.
"""

import csv
import gzip
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headroom.metering import calibration, channel, ct_types, meter
from lab.bench.metering.waveforms import Replay, play, sine, tiled
from lab.sim.digitise import Amperes, FrontEnd

RANGE_A = 200.0
BURDEN_MOHM = 22000
MA_PER_COUNT = 4000 * 3300 / 4096 / 22
SECONDS = 2.6
SETTLING_WINDOWS = 3
DATA_VARIABLE = "HEADROOM_DATA_DIR"


@dataclass(frozen=True)
class Result:
    """One case: true RMS, worst measured error, and what the goal allows, all in mA."""

    name: str
    true_ma: float
    error_ma: float
    allowed_ma: float
    faults: int

    @property
    def error_pct(self) -> float:
        """Error in per cent of the true value."""
        return 100 * self.error_ma / self.true_ma

    @property
    def verdict(self) -> str:
        """Within the goal, or how it fails."""
        if self.faults:
            return "flagged as a fault"
        return "yes" if abs(self.error_ma) <= self.allowed_ma else "NO"


def measure(
    name: str, amperes: Amperes, front: FrontEnd, *, step: int = 0, noise_q7: int = 0
) -> Result:
    """Run metering on a current and compare with its true AC RMS."""
    counts = front.digitise(amperes)
    other = FrontEnd(MA_PER_COUNT, noise_counts=0.5).digitise(np.zeros(len(amperes)))
    gain_q8 = calibration.ma_per_count_q8(ct_types.ua_per_mv("200a50ma", 0, BURDEN_MOHM), 3300, 12)
    channels = [
        channel.Channel(gain_q8, noise_q7, 4095, step, True),
        channel.Channel(gain_q8, 0, 4095, 0, False),
    ]
    sampler = Replay(counts, other)
    metering = meter.Meter(sampler, channels)
    true_ma = 1000 * float(np.std(amperes))
    errors, faults = [], 0
    for window in play(metering, sampler):
        if window.seq > SETTLING_WINDOWS:
            errors.append(window.leg_ma[0] - true_ma)
            faults |= window.faults[0]
    allowed_ma = MA_PER_COUNT / math.sqrt(12) + true_ma / 1000
    return Result(name, true_ma, max(errors, key=abs), allowed_ma, faults)


def sines() -> Iterator[Result]:
    """Pure sines over the range, the band, and the faults of a front end."""
    clean = FrontEnd(MA_PER_COUNT)
    for percent in (0.5, 1, 5, 10, 20, 50, 100, 120):
        for hz in (45, 50, 60, 65):
            rms_a = RANGE_A * percent / 100
            yield measure(f"{percent:g} % of range, {hz} Hz", sine(rms_a, hz, SECONDS), clean)
    wave = sine(20, 60, SECONDS)
    yield measure("10 %, bias 60 counts off", wave, FrontEnd(MA_PER_COUNT, bias_counts=60))
    noisy = FrontEnd(MA_PER_COUNT, noise_counts=3)
    yield measure("10 %, 3 counts of noise", wave, noisy)
    weak = sine(2, 60, SECONDS)
    yield measure("1 %, 3 counts of noise, not subtracted", weak, noisy)
    known_q7 = round((9 + 1 / 12) * 128)
    yield measure("1 %, 3 counts of noise, subtracted", weak, noisy, noise_q7=known_q7)
    stepped = FrontEnd(MA_PER_COUNT, step=10)
    for percent in (10, 50, 100):
        wave = sine(RANGE_A * percent / 100, 60, SECONDS)
        yield measure(f"{percent} %, RP2040 steps, left in", wave, stepped)
        yield measure(f"{percent} %, RP2040 steps, put back", wave, stepped, step=10)


def appliances(folder: Path, times: int) -> Iterator[Result]:
    """Recorded appliance currents, tiled; `times` of the same appliance in parallel.

    Cycles below 50 mA are mostly noise and left out. The true value is that of the record.
    """
    stats = {}
    with open(folder / "plaid_cycle_stats.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            stats[row["id"]] = float(row["rms_ac_a"])
    front = FrontEnd(MA_PER_COUNT, noise_counts=0.5)
    noise_q7 = round((0.25 + 1 / 12) * 128)
    with gzip.open(folder / "plaid_current_cycles_30khz.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if stats[row["id"]] < 0.05:
                continue
            cycle = np.array([float(row[f"s{i}_ma"]) for i in range(500)]) / 1000 * times
            wave = tiled(cycle - cycle.mean(), 60.03, SECONDS)
            result = measure(f"{row['appliance']} x {times}", wave, front, noise_q7=noise_q7)
            true_ma = 1000 * stats[row["id"]] * times
            error_ma = result.error_ma + result.true_ma - true_ma
            allowed_ma = MA_PER_COUNT / math.sqrt(12) + true_ma / 1000
            yield Result(result.name, true_ma, error_ma, allowed_ma, result.faults)


def data_folder() -> Path | None:
    """Where the recorded appliances lie, if the environment names it."""
    folder = os.environ.get(DATA_VARIABLE)
    return Path(folder) if folder else None
