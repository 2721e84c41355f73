"""The days of a soak, one after the other, and what is printed of them."""

import time
from collections import Counter
from collections.abc import Callable

from lab.lockstep import loop as virtual

from .day import Day
from .meter import running

HOURS_A_DAY = 24


def soak(
    seed: int, days: list[int], hours: int, windows: bool, say: Callable[[str], None] = print
) -> int:
    """Live through these days; returns how many hours went wrong."""
    wrong = 0
    for day in days:
        wrong += virtual.run(_live(seed, day, hours, windows, say))
    return wrong


async def _live(seed: int, day: int, hours: int, windows: bool, say: Callable[[str], None]) -> int:
    wrong = 0
    begun_s = time.monotonic()
    async with running(f"{seed}/{day}", windows) as session:
        life = Day(f"{seed}/{day}", session)
        try:
            for hour in range(hours):
                await life.hour(hour)
                broken = life.take_broken()
                for at_s, text in broken:
                    say(f"seed {seed}, day {day}, hour {hour}, {at_s:.1f} s: {text}")
                if broken:
                    how = " WINDOWS=1" if windows else ""
                    say(f"again by: make soak SEED={seed} DAY={day} HOURS={hour + 1}{how}")
                    wrong += 1
        finally:
            life.close()
        say(_told(life, day, hours, time.monotonic() - begun_s))
    return wrong


def _told(life: Day, day: int, hours: int, took_s: float) -> str:
    """A day in two lines."""
    wear, erasures = life.wear, Counter(life.wear.erasures)
    files = ", ".join(f"{name} {count}" for name, count in sorted(erasures.items()))
    return (
        f"day {day}: {hours} h at {hours * 3600 / took_s:.0f} x real time, {life.starts} starts;"
        f" flash: {sum(erasures.values())} blocks ({files}), worn out in"
        f" {wear.years(hours):.0f} years"
    )
