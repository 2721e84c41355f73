"""Days of sun: recorded ones where HEADROOM_DATA_DIR says, invented ones by a seeded sky.

Each has a house of its own: what the roof makes, what the house draws, in watts of every second.
"""

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.bench.balancing.scenarios import Day as House
from lab.bench.balancing.scenarios import at_data_dir

VOLTS = 230.0
Watts = NDArray[np.float64]
RECORDED = (  # name, file
    ("recorded 1", "openevse_pv_day1_1min.csv.gz"),
    ("recorded 2", "openevse_pv_day2_1min.csv.gz"),
    ("recorded clear", "openevse_pv_clear_1min.csv.gz"),
)


@dataclass(frozen=True)
class SunDay:
    """pv_w, house_w of each second; the charger has `phases`, takes steps of `finest_a`."""

    pv_w: Watts
    house_w: Watts
    phases: int = 1
    max_a: float = 32.0
    finest_a: float = 1.0


@cache
def house(hours: float, seed: int) -> Watts:
    """A European home by day, load by load; its kitchen at noon."""
    day = House(hours, (1.3, 0.0), seed)
    day.cycle("1", 0.5, 900, 1500, inrush=6)  # refrigerator
    day.cycle("1", 9.0, 150, 9000, at_s=2000)  # kettle
    day.cycle("1", 8.5, 900, 14_000, at_s=6000)  # washing machine's heater
    day.cycle("1", 3.5, 1200, 2500, inrush=4, at_s=3000)  # heat pump for water
    noon_s = hours * 1800
    for start_s in range(0, 2400, 60):
        day.add("1", 8.0, noon_s + start_s, noon_s + start_s + 28)  # hob
    amps = np.array(day.done())[:, 0]
    return amps[: len(amps) // 5 * 5].reshape(-1, 5).mean(axis=1) * VOLTS


def sky(hours: float, peak_w: float) -> Watts:
    """A roof under a clear sky."""
    angle = np.linspace(0.0, np.pi, round(hours * 3600))
    return peak_w * np.sin(angle) ** 1.4


def clouds(seconds: int, seed: int, open_s: float, shut_s: float, through: float) -> Watts:
    """What broken clouds leave: open for some `open_s`, then shut for `shut_s`, edges of seconds.

    Beside a cloud the sun is a little brighter than under none.
    """
    chance = np.random.default_rng(seed)
    left = np.ones(seconds)
    at = chance.exponential(open_s)
    while at < seconds:
        lasts_s = chance.exponential(shut_s)
        left[int(at) : int(at + lasts_s)] = through * chance.uniform(0.5, 1.5)
        at += lasts_s + chance.exponential(open_s)
    edge = np.ones(20) / 20
    return np.convolve(np.where(left == 1.0, 1.05, left), edge, mode="same")


def overcast(seconds: int, seed: int, mean: float) -> Watts:
    """What a closed sky leaves: slow waves around a mean."""
    chance = np.random.default_rng(seed)
    coarse = chance.normal(0.0, 1.0, seconds // 60 + 40)
    slow = np.convolve(coarse, np.ones(25) / 5, mode="valid")
    fine = np.interp(np.arange(seconds) / 60, np.arange(len(slow)), slow)
    return np.clip(mean * (1 + 0.45 * fine), 0.03, 1.0)


def _invented(name: str) -> SunDay:
    hours, peak_w, seed = {"winter": (7.5, 3600.0, 5)}.get(name, (13.0, 6500.0, len(name)))
    pv_w = sky(hours, peak_w)
    count = len(pv_w)
    if name == "partly cloudy":
        pv_w = pv_w * clouds(count, 2, 420, 200, 0.28)
    elif name == "broken clouds":
        pv_w = pv_w * clouds(count, 3, 120, 100, 0.25)
    elif name == "cloudy":
        pv_w = pv_w * overcast(count, 4, 0.36)
    elif name == "winter":
        pv_w = pv_w * clouds(count, 6, 900, 500, 0.3)
    return SunDay(pv_w, house(hours, seed))


def _three_phases() -> SunDay:
    pv_w = sky(13.0, 11_000.0)
    return SunDay(pv_w * clouds(len(pv_w), 8, 600, 200, 0.35), house(13.0, 3), 3, 16.0)


def _fine_steps() -> SunDay:
    day = _invented("partly cloudy")
    return SunDay(day.pv_w, day.house_w, finest_a=0.1)


def _recorded(path: Path) -> SunDay:
    """Minute means, interpolated, with a flicker of some percent."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    at_s = np.array([float(row["t_s"]) for row in rows])
    solar_w = np.array([float(row["solar_w"]) for row in rows])
    seconds = np.arange(at_s[0], at_s[-1])
    waves = np.random.default_rng(len(rows)).normal(0.0, 0.04, len(seconds))
    flicker = 1 + np.convolve(waves, np.ones(8) / 8, mode="same")
    pv_w = np.interp(seconds, at_s, solar_w) * flicker
    if "grid_w" not in rows[0]:
        return SunDay(pv_w, house(len(seconds) / 3600 + 0.01, 1)[: len(seconds)])
    house_w = np.array([float(row["grid_w"]) for row in rows]) + solar_w
    return SunDay(pv_w, np.clip(np.interp(seconds, at_s, house_w), 0.0, None))


def days() -> dict[str, Callable[[], SunDay]]:
    """Every day by its name."""
    names = ("clear", "partly cloudy", "broken clouds", "cloudy", "winter")
    found: dict[str, Callable[[], SunDay]] = {name: partial(_invented, name) for name in names}
    found["three phases"] = _three_phases
    found["steps of 0.1 A"] = _fine_steps
    for name, file in RECORDED:
        path = at_data_dir(file)
        if path:
            found[name] = partial(_recorded, path)
    return found


def skipped() -> list[str]:
    """Which recorded days aren't played, as lines to print."""
    return [f"Skipped: {name}: {file}." for name, file in RECORDED if not at_data_dir(file)]
