"""`lab demo`: the firmware on real MicroPython, a simulated house's evening, and how it went.

In virtual time two hours take two minutes; in real time everything is the same but for the clock.
"""

import asyncio
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from headroom.charging import profile as profiles
from lab import summary
from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.panel import LinePrinter, LivePanel
from lab.session import RATED_A, Plan, Session
from lab.sim.chargers import MODELS, Relay
from lab.sim.chargers.relay import READ_BACK
from lab.sim.evening import DURATION_S, Evening
from lab.sim.faults import KINDS, parse_faults
from lab.sim.house import Load
from lab.sim.trace import Trace
from meter.build import board_data
from meter.errors import MeterError, UsageError

PINS = board_data("unix")["FREE_PINS"]
SHORTEST_S, LONGEST_S = 5.0, 86400.0
FAMILIES = ", ".join(MODELS)
PICTURE = "demo.png"
DEFAULT = "smartevse"  # takes 48 A, and stops by itself when it hears nothing


def demo(
    duration: Annotated[float, typer.Option(help="Seconds of the evening.")] = DURATION_S,
    trace: Annotated[
        Path | None, typer.Option(help="A recorded house (CSV or .csv.gz) instead of the evening.")
    ] = None,
    scale: Annotated[float, typer.Option(help="Factor on the recorded currents.")] = 1.0,
    start: Annotated[
        float | None, typer.Option(help="Second of the recording; default: where it is busiest.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help=f"The only charger: {FAMILIES}. Default: {DEFAULT}.")
    ] = None,
    charger: Annotated[
        list[str] | None,
        typer.Option(help="FAMILY or FAMILY:ADDRESS, repeatable: several on one line."),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help=f"NAME@FROM-TO in seconds, repeatable: {', '.join(KINDS)};"
            " charger2_off and car2_full for the second charger."
        ),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="In real time.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for demo.json and demo.png.")] = Path("out"),
) -> None:
    """Play an evening of a simulated house; fail if the firmware breaks a rule of the design."""
    if profile is not None and charger:
        raise UsageError("give either a profile or chargers")
    chargers = parse_chargers(charger or [profile or DEFAULT])
    plan = make_plan(duration, trace, scale, start, chargers, fault or [], Evening())
    make_folder(out)
    run = asyncio.run if live else virtual.run
    result = run(_run(plan, Session if live else LockstepSession, out))
    print(summary.tell(result))
    print(f"Figures in {out / summary.FILE}, picture in {out / PICTURE}.")
    raise typer.Exit(0 if summary.passed(result) else 1)


def make_folder(out: Path) -> None:
    """Make it; UsageError now, not after the run, if its files can't be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {out}: {error.strerror}") from None
    for path in (out / summary.FILE, out / PICTURE):
        if path.is_dir() or not os.access(path if path.exists() else out, os.W_OK):
            raise UsageError(f"cannot write {path}")


def make_plan(
    duration_s: float,
    trace: Path | None,
    scale: float,
    start_s: float | None,
    chargers: tuple[tuple[str, int], ...],
    faults: list[str],
    model: Load,
    compressed: bool = False,
) -> Plan:
    """The run as asked for, in `model` unless there is a trace; UsageError for what can't be."""
    if not (math.isfinite(duration_s) and SHORTEST_S <= duration_s <= LONGEST_S):
        raise UsageError(f"duration must be {SHORTEST_S:g}..{LONGEST_S:g} s, not {duration_s:g}")
    if trace is None and (scale != 1.0 or start_s is not None):
        raise UsageError("scale and start need a trace")
    schedule = parse_faults(faults, duration_s, len(chargers))
    if trace is not None:
        return Plan(duration_s, Trace(trace, scale, start_s, duration_s), chargers, schedule)
    return Plan(duration_s, model, chargers, schedule, compressed)


def parse_chargers(texts: list[str]) -> tuple[tuple[str, int], ...]:
    """Families with their addresses; whoever names none has the next that his family may have."""
    chargers: list[tuple[str, int]] = []
    for place, text in enumerate(texts, start=1):
        family, colon, address = text.partition(":")
        if family not in MODELS:
            raise UsageError(f"unknown charger '{family}'; one of {FAMILIES}")
        first, last = _places(family)
        if colon and address not in map(str, range(first, last + 1)):
            raise UsageError(f"bad charger '{text}': the address is {first}..{last}")
        taken = [number for _, number in chargers]
        free = [n for n in range(max(first, place), last + 1) if n not in taken]
        if not colon and not free:
            raise UsageError(f"bad charger '{text}': no address up to {last} is left")
        number = int(address) if colon else free[0]
        if number in taken:
            raise UsageError(f"bad charger '{text}': another one has the address {number}")
        chargers.append((family, number))
    return tuple(chargers)


def _places(family: str) -> tuple[int, int]:
    """The addresses that it may have; of a relay the pins."""
    if family == Relay.name:
        return PINS[0], PINS[-1] - READ_BACK
    first, last = profiles.load(family).data["addresses"]
    return first, last


async def _run(plan: Plan, session_of: type[Session], out: Path) -> dict[str, Any]:
    """Everything between a clean start and a clean end."""
    stop = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder, ended_by_signals(stop):
        async with session_of(plan, Path(folder)) as session:
            await session.set_up(stop)
            begun_s = time.monotonic()
            with LivePanel() if sys.stdout.isatty() else LinePrinter() as panel:
                result = await session.run(stop, panel.show)
            speed = result["duration_s"] / (time.monotonic() - begun_s)
            result |= {"virtual": session_of is LockstepSession, "speed": round(speed, 1)}
            try:
                summary.write_json(result, out)
            except OSError as error:
                raise MeterError(f"cannot write {out / summary.FILE}: {error.strerror}") from None
            # matplotlib takes a second to load: not while the clock runs
            from lab import demo_picture

            demo_picture.draw(result, session.world.history, plan.faults, RATED_A, out / PICTURE)
            return result


@contextmanager
def ended_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C and a polite kill end the run, not the program."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)
