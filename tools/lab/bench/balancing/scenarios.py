"""Houses and cars that are hard on a balancing law; each scenario is made anew for each law.

The houses are ours, in true time (not compressed), apart from `minute`, the demo's. Recorded
ones are played where HEADROOM_DATA_DIR says, scaled to load a 100 A panel.
"""

import os
import random
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np

from lab.sim.car import Car
from lab.sim.house import House
from lab.sim.trace import Trace

from .scenario import STEP_S, Legs, Plug, Scenario

DATA_DIR = "HEADROOM_DATA_DIR"
FLICKER_A = 0.25
RELAY_A = 40.0
TRACES = (  # file, scale, hours
    ("redd_house5_split_phase_3s.csv.gz", 3.0, 6),
    ("gjw_uk_home_events_1s.csv.gz", 1.6, 6),
    ("uci_household_1min.csv.gz", 2.0, 6),
)
SPLIT_PHASE = ("redd",)  # houses in the US


class Day:
    """Currents of a house over `hours`, put together load by load."""

    def __init__(self, hours: float, quiet_a: Legs = (6.0, 5.0), seed: int = 1) -> None:
        self.count = round(hours * 3600 / STEP_S)
        self.chance = random.Random(seed)
        noise = np.random.default_rng(seed).uniform(
            -FLICKER_A, FLICKER_A, (self.count // 5 + 1, 2)
        )
        self.legs = np.repeat(noise, 5, axis=0)[: self.count] + np.array(quiet_a)

    def add(self, legs: str, amps: float, start_s: float, end_s: float, inrush: float = 1) -> None:
        """One run of a load on "1", "2" or "12"; its first 0.4 s are `inrush` times as large."""
        first, last = round(start_s / STEP_S), round(end_s / STEP_S)
        for leg in legs:
            self.legs[first:last, int(leg) - 1] += amps
            self.legs[first : first + 2, int(leg) - 1] += amps * (inrush - 1)

    def cycle(
        self, legs: str, amps: float, on_s: float, off_s: float, inrush: float = 1, at_s: float = 0
    ) -> None:
        """A load under its thermostat: on and off, each time a little different."""
        t_s = at_s
        while t_s < self.count * STEP_S:
            on = on_s * self.chance.uniform(0.8, 1.2)
            self.add(legs, amps, t_s, t_s + on, inrush)
            t_s += on + off_s * self.chance.uniform(0.8, 1.2)

    def done(self) -> list[Legs]:
        return [(float(a), float(b)) for a, b in self.legs]


@cache
def _all_electric() -> list[Legs]:
    day = Day(3)
    day.cycle("12", 24, 600, 500, inrush=5, at_s=300)  # heat pump
    day.cycle("12", 19, 900, 3000, at_s=900)  # water heater
    day.cycle("12", 22, 240, 60, at_s=4000)  # dryer's element
    day.cycle("12", 12, 20, 25, at_s=7200)  # hob
    day.cycle("1", 12.5, 150, 2400, at_s=1200)  # kettle
    day.cycle("2", 12, 120, 1500, at_s=800)  # microwave
    return day.done()


@cache
def _ac() -> list[Legs]:
    day = Day(2, (18.0, 15.0))
    day.cycle("12", 28, 420, 480, inrush=5, at_s=200)
    return day.done()


@cache
def _oven() -> list[Legs]:
    day = Day(1.5, (22.0, 18.0))
    day.cycle("12", 16, 45, 75, at_s=300)
    day.add("1", 9, 1800, 3600)
    return day.done()


@cache
def _steps() -> list[Legs]:
    day = Day(1, (40.0, 38.0))
    for start_s, end_s, amps in ((600, 1200, 20.0), (1500, 2100, 30.0), (2400, 2460, 20.0)):
        day.add("12", amps, start_s, end_s)
    return day.done()


@cache
def _ramp() -> list[Legs]:
    day = Day(1, (20.0, 20.0))
    up = np.clip(np.arange(day.count) * STEP_S / 600 - 1, 0, 1) * 55
    down = np.clip(np.arange(day.count) * STEP_S / 600 - 4, 0, 1) * 55
    day.legs += (up - down)[:, None]
    return day.done()


@cache
def _tight() -> list[Legs]:
    day = Day(2, (58.0, 50.0))
    day.cycle("1", 12.5, 120, 400, at_s=500)
    day.cycle("12", 10, 240, 900, at_s=1500)
    day.add("12", 16, 4500, 4860)
    return day.done()


@cache
def _minute() -> list[Legs]:
    house = House()
    return [house.at(step * STEP_S) for step in range(round(1200 / STEP_S))]


@cache
def _quiet() -> list[Legs]:
    day = Day(1, (25.0, 22.0))
    day.add("12", 24, 1200, 1800, inrush=5)
    return day.done()


@cache
def _narrow() -> list[Legs]:
    day = Day(1, (69.0, 60.0))
    return day.done()


@cache
def _trace(path: Path, scale: float, hours: int) -> list[Legs]:
    trace = Trace(path, scale, None, hours * 3600)
    return [trace.at(step * STEP_S) for step in range(round(hours * 3600 / STEP_S))]


class Deaf(Car):
    """A car that draws its maximum whatever it is offered, as long as it is offered something."""

    def target_a(self, offer_a: float) -> float:
        return self.max_a if offer_a >= self.min_a else 0.0


def _one(name: str, base: Callable[[], list[Legs]], **changes: float) -> Scenario:
    return Scenario(name, base(), [Plug(_car(**changes))])


def _car(
    max_a: float = 48.0, lag_s: float = 1.5, need_kwh: float = 80.0, min_a: float = 6.0
) -> Car:
    return Car(min_a, max_a, lag_s, need_kwh)


def _two() -> Scenario:
    first, second = _car(32.0, 1.0, 14.0), _car(40.0, 3.0, 60.0)
    return Scenario("two cars", _all_electric(), [Plug(first), Plug(second, at_s=2400)])


def _two_that_report() -> Scenario:
    """The same at chargers for 32 A that say what their cars draw."""
    scenario = _two()
    for plug in scenario.plugs:
        plug.max_a, plug.reports = 32.0, True
    return Scenario("two that report", scenario.base, scenario.plugs)


def _poor() -> Scenario:
    """CTs 3 % wrong each way, the meter 0.4 s late, 20 % of the writes lost, whole amperes."""
    plug = Plug(_car(), finest_a=1.0)
    return Scenario(
        "poor line",
        _all_electric(),
        [plug],
        meter_delay_s=0.4,
        ct_error=(0.03, -0.03),
        ev_ct_error=-0.03,
        lost_share=0.2,
    )


def _late() -> Scenario:
    return Scenario("late meter", _steps(), [Plug(_car())], meter_delay_s=2.0)


def _deaf() -> Scenario:
    return Scenario("deaf car", _ac(), [Plug(Deaf(6.0, 32.0, 1.5, 80.0))])


def _relay(name: str, base: Callable[[], list[Legs]]) -> Scenario:
    """A charger of 40 A that is on or off, as an output of the meter enables it."""
    return Scenario(name, base(), [Plug(_car(), min_a=RELAY_A, max_a=RELAY_A)])


def skipped() -> list[str]:
    """Which recorded houses aren't played, and why, as lines to print."""
    missing = [file for file, *_ in TRACES if not at_data_dir(file)]
    if not missing:
        return []
    folder = os.environ.get(DATA_DIR)
    why = f"not in {DATA_DIR}={folder}" if folder else f"{DATA_DIR} is not set"
    return [f"Skipped: {_name(file)}: {file}: {why}." for file in missing]


def at_data_dir(file: str) -> Path | None:
    path = Path(os.environ.get(DATA_DIR, "")) / file
    return path if DATA_DIR in os.environ and path.is_file() else None


def _name(file: str) -> str:
    return file.split("_")[0]


def _recorded() -> Iterator[tuple[str, Callable[[], Scenario]]]:
    for file, scale, hours in TRACES:
        path, name = at_data_dir(file), _name(file)
        if path:
            yield name, partial(_one, name, partial(_trace, path, scale, hours))
            if name in SPLIT_PHASE:
                relay = f"relay, {name}"
                yield relay, partial(_relay, relay, partial(_trace, path, scale, hours))


def scenarios() -> dict[str, Callable[[], Scenario]]:
    """Every scenario by its name."""
    own: dict[str, Callable[[], Scenario]] = {
        "all electric": partial(_one, "all electric", _all_electric),
        "AC cycling": partial(_one, "AC cycling", _ac),
        "oven": partial(_one, "oven", _oven),
        "minute": partial(_one, "minute", _minute),
        "tight": partial(_one, "tight", _tight),
        "two cars": _two,
        "two that report": _two_that_report,
        "steps": partial(_one, "steps", _steps),
        "ramp": partial(_one, "ramp", _ramp),
        "slow car": partial(_one, "slow car", _ac, lag_s=6.0),
        "car gets full": partial(_one, "car gets full", _ac, need_kwh=8.0),
        "car needs 9 A": partial(_one, "car needs 9 A", _narrow, min_a=9.0),
        "deaf car": _deaf,
        "late meter": _late,
        "poor line": _poor,
        "relay": partial(_relay, "relay", _all_electric),
    }
    return own | dict(_recorded())
