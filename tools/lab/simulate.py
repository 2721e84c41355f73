"""`lab simulate`: a house, a car and the firmware in real time, with a console for other commands.

The house lives a day's worth of steps each minute, so that there is always something to see.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lab.demo import (
    DEFAULT,
    FAMILIES,
    LONGEST_S,
    ended_by_signals,
    make_plan,
    parse_chargers,
)
from lab.session import Plan, Session
from lab.sim.house import House
from lab.sim.ports import PseudoTerminal
from meter.errors import MeterError

STEP_S = 0.005
START_S = 60


def simulate(
    trace: Annotated[
        Path | None, typer.Option(help="A recorded house (CSV or .csv.gz) instead of the model.")
    ] = None,
    scale: Annotated[float, typer.Option(help="Factor on the recorded currents.")] = 1.0,
    charger: Annotated[
        list[str] | None,
        typer.Option(help=f"FAMILY or FAMILY:ADDRESS, repeatable; one of {FAMILIES}."),
    ] = None,
) -> None:
    """Run the firmware in a simulated house, for monitor, config, log and the rest to try."""
    chargers = parse_chargers(charger or [DEFAULT])
    asyncio.run(_run(make_plan(LONGEST_S, trace, scale, None, chargers, [], House(), True)))


async def _run(plan: Plan) -> None:
    stop = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder, ended_by_signals(stop):
        async with Session(plan, Path(folder)) as session:
            print("Setting the simulated meter up ...", flush=True)
            await session.set_up(stop)
            session.world.begin()
            door = PseudoTerminal()
            print(f"The meter's console is at {door.path}; Ctrl-C ends the simulation.")
            print(f"In another terminal: meter monitor {door.path}", flush=True)
            try:
                while not stop.is_set():
                    session.check()
                    door.write(session.world.console.read())
                    session.world.console.write(door.read())
                    await asyncio.sleep(STEP_S)
            finally:
                door.close()


@contextmanager
def simulation(*options: str) -> Iterator[str]:
    """A simulated meter for as long as the context lasts; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lab", "simulate", *options],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield _port(process)
    finally:
        process.terminate()
        process.wait()


def _port(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    end_s = time.monotonic() + START_S
    for said in process.stdout:
        if found := re.search(r"console is at ([^ ;]+)", said):
            return found[1]
        if time.monotonic() > end_s:
            break
    raise MeterError("the simulation did not start")
