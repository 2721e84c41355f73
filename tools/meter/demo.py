"""`meter demo`: the firmware on real MicroPython in a simulated house with a simulated charger."""

import asyncio
import math
import signal
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from meter import summary
from meter.errors import MeterError, UsageError
from meter.firmware import Console, Firmware, Reporter
from meter.panel import LinePrinter, LivePanel, View
from meter.sim.chargers import MODELS
from meter.sim.faults import KINDS, Fault, parse_faults
from meter.sim.house import House, Load
from meter.sim.trace import Trace
from meter.sim.world import World

RATED_A = 100
DERATE_PCT = 80
FALLBACK_A = 6
SHORTEST_S, LONGEST_S = 5.0, 86400.0
STARTUP_S = 20.0


@dataclass(frozen=True)
class Plan:
    """A demo as asked for."""

    duration_s: float
    house: Load
    profile: str
    faults: list[Fault]
    out: Path


def demo(
    duration: Annotated[float, typer.Option(help="Seconds to run.")] = 120.0,
    trace: Annotated[
        Path | None, typer.Option(help="A recorded house (CSV or .csv.gz) instead of the model.")
    ] = None,
    scale: Annotated[float, typer.Option(help="Factor on the recorded currents.")] = 1.0,
    start: Annotated[
        float | None, typer.Option(help="Second of the recording; default: where it is busiest.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Charger: heidelberg or evse_wb.")] = "heidelberg",
    fault: Annotated[
        list[str] | None,
        typer.Option(help=f"NAME@FROM-TO in seconds, repeatable: {', '.join(KINDS)}."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for demo.json and demo.png.")] = Path("out"),
) -> None:
    """Run the firmware in a simulated house; fail if it breaks a rule of the design."""
    plan = _plan(duration, trace, scale, start, profile, fault or [], out)
    result = asyncio.run(_run(plan))
    print(summary.tell(result))
    print(f"Figures in {out / 'demo.json'}, picture in {out / 'demo.png'}.")
    raise typer.Exit(0 if summary.passed(result) else 1)


def _plan(
    duration_s: float,
    trace: Path | None,
    scale: float,
    start_s: float | None,
    profile: str,
    faults: list[str],
    out: Path,
) -> Plan:
    if not (math.isfinite(duration_s) and SHORTEST_S <= duration_s <= LONGEST_S):
        raise UsageError(f"duration must be {SHORTEST_S:g}..{LONGEST_S:g} s, not {duration_s:g}")
    if profile not in MODELS:
        raise UsageError(f"unknown profile '{profile}'; one of {', '.join(MODELS)}")
    if trace is None and (scale != 1.0 or start_s is not None):
        raise UsageError("scale and start need a trace")
    schedule = parse_faults(faults, duration_s)
    house = House() if trace is None else Trace(trace, scale, start_s, duration_s)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {out}: {error.strerror}") from None
    return Plan(duration_s, house, profile, schedule, out)


async def _run(plan: Plan) -> dict[str, Any]:
    """Everything between a clean start and a clean end."""
    stop = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder, _signals(stop):
        world = World(
            Path(folder),
            plan.house,
            MODELS[plan.profile](),
            RATED_A,
            RATED_A * DERATE_PCT / 100,
            FALLBACK_A,
        )
        paths = {
            "HEADROOM_SAMPLES": str(world.fifo.path),
            "HEADROOM_LINE": world.line.firmware.path,
            "HEADROOM_CONSOLE": world.console.path,
            "HEADROOM_DATA": str(Path(folder) / "data"),
        }
        firmware = Firmware(Path(folder), paths, world.firmware_runs, world.firmware_crashed)
        try:
            simulation = await world.start()
            return await _session(plan, world, firmware, simulation, stop)
        finally:
            await firmware.stop()
            await world.stop()


async def _session(
    plan: Plan,
    world: World,
    firmware: Firmware,
    simulation: asyncio.Task[None],
    stop: asyncio.Event,
) -> dict[str, Any]:
    console = Console(world.console)
    firmware.start()
    compressed = isinstance(plan.house, House)
    work = _configure(console, plan.profile, world.charger.max_a, compressed)
    await _unless(stop, simulation, firmware, work)
    world.begin()
    reporter = Reporter(console)
    tasks = [
        simulation,
        asyncio.create_task(_faults(plan.faults, world, firmware)),
        asyncio.create_task(reporter.run()),
    ]
    live = LivePanel() if sys.stdout.isatty() else LinePrinter()
    try:
        with live:
            while world.t_s < plan.duration_s and not stop.is_set():
                await asyncio.sleep(0.05)
                _raise_from(tasks)
                if world.history:
                    live.show(_view(plan, world, reporter))
    finally:
        for task in tasks[1:]:
            task.cancel()
        await asyncio.wait(tasks[1:])
    result = summary.figures(world, reporter.last_known, plan.faults)
    summary.write_json(result, plan.out)
    from meter import picture  # matplotlib takes a second to load: not while the clock runs

    picture.draw(result, world.history, plan.faults, RATED_A, plan.out / "demo.png")
    return result


async def _unless(
    stop: asyncio.Event,
    simulation: asyncio.Task[None],
    firmware: Firmware,
    work: Coroutine[Any, Any, None],
) -> None:
    """Do `work` unless the user, a crash or a fault of the simulation ends it before."""
    task = asyncio.create_task(work)
    while not (task.done() or simulation.done() or stop.is_set() or firmware.crashes):
        await asyncio.wait([task, simulation], timeout=0.1)
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
        _raise_from([simulation])
        raise MeterError(*firmware.crashes[:1] or ["ended before the meter was up"])
    _raise_from([task])


async def _configure(console: Console, profile: str, max_a: float, compressed: bool) -> None:
    """Set the meter up through its console, as a user would.

    Where hours are `compressed` into a minute, its patience is too, to the least it allows.
    """
    await console.until_up(STARTUP_S)
    await console.configure(f"set breaker_a {RATED_A} derate_pct {DERATE_PCT}")
    if compressed:
        await console.configure("set dead_time_s 5 rise_window_s 10")
    await console.configure(
        f"set charger1.profile {profile} charger1.address 1"
        f" charger1.max_a {max_a:.0f} charger1.fallback_a {FALLBACK_A}"
    )
    await console.send("save")
    await asyncio.sleep(0.2)
    status = await console.until_up(STARTUP_S)
    deadline_s = asyncio.get_running_loop().time() + STARTUP_S
    while not _charger_answers(status):
        if asyncio.get_running_loop().time() > deadline_s:
            raise MeterError("the meter does not reach the simulated charger")
        await asyncio.sleep(0.1)
        status = await console.until_up(STARTUP_S)


def _charger_answers(status: dict[str, Any]) -> bool:
    return any(charger.get("online") for charger in status.get("chargers", []))


async def _faults(faults: list[Fault], world: World, firmware: Firmware) -> None:
    """Let every fault begin and end in its time."""
    edges = [(fault.start_s, True, fault) for fault in faults]
    edges += [(fault.end_s, False, fault) for fault in faults if math.isfinite(fault.end_s)]
    for at_s, active, fault in sorted(edges, key=lambda edge: edge[:2]):
        await asyncio.sleep(max(0.0, at_s - world.t_s))
        if fault.kind != "firmware_kill":
            await world.set_fault(fault, active)
        elif active:
            await firmware.kill()
        else:
            firmware.start()


def _view(plan: Plan, world: World, reporter: Reporter) -> View:
    return View(
        truth=world.history[-1],
        meter=reporter.now,
        limit_a=world.limit_a,
        rated_a=RATED_A,
        faults=[KINDS[fault.kind] for fault in plan.faults if fault.active(world.t_s)],
        broken=[f"rule {b.rule}: {b.text}" for b in world.judge.broken],
        duration_s=plan.duration_s,
    )


def _raise_from(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C and a polite kill end the run, not the program."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)
