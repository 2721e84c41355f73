"""The command `lab`: what a developer of Headroom runs."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from lab.demo import demo
from lab.simulate import simulate
from meter.errors import run

app = typer.Typer(
    help="Headroom without hardware: the simulated house, what is measured, what is drawn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(simulate)


@app.command()
def bench(
    section: Annotated[
        list[str] | None, typer.Argument(help="Which sections; default: all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for bench.json and pictures.")] = Path("out"),
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out hours of virtual time: the whole firmware.")
    ] = False,
) -> None:
    """Measure, print, and store the figures in out/bench.json."""
    from lab import bench as tool

    tool.run(section or [], out, quick)


@app.command()
def soak(
    days: Annotated[int, typer.Option(min=1, help="How many days, each another meter.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other days.")] = 1,
    day: Annotated[
        int | None, typer.Option(min=0, help="Only this day of the seed, from 0 on.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=24, help="So many hours of each day.")] = 24,
    windows: Annotated[
        bool, typer.Option("--windows", help="Windows ready-made, no samples: faster.")
    ] = False,
) -> None:
    """Days of the whole firmware in virtual time, with all that may happen; fail if any is bad."""
    from lab.soak.run import soak as run_soak

    chosen = list(range(days)) if day is None else [day]
    raise typer.Exit(1 if run_soak(seed, chosen, hours, windows) else 0)


@app.command()
def polled(
    hours: Annotated[float, typer.Option(min=0.1, max=24, help="How long each night is.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other houses.")] = 1,
) -> None:
    """Nights of a Tesla Wall Connector that polls the meter, alone and beside a driven charger."""
    from lab.polled import polled as run

    raise typer.Exit(0 if run(hours, seed) else 1)


@app.command()
def wheel(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("out"),
) -> None:
    """The tools as a package for pip, with the firmware of every board compiled inside."""
    from lab import wheel as tool
    from meter import build

    print(tool.wheel(out, build.boards()))


@app.command()
def circuit() -> None:
    """Try the circuits of boards/README.md in ngspice, against the limits of their parts."""
    from lab.circuit import check as tool

    raise typer.Exit(tool.main())


@app.command()
def wiring(
    board: Annotated[str, typer.Argument(help="A folder of boards/, such as pico.")], out: Path
) -> None:
    """Draw the wiring diagram of a board as SVG."""
    from lab import wiring as tool
    from meter.build import board_data, check_board

    check_board(board)
    tool.write(board_data(board), out)


@app.command()
def page() -> None:
    """Build the page for the browser, out/headroom.html, with npm."""
    from lab import page as tool

    tool.page()


@app.command()
def pictures() -> None:
    """Draw the pictures of the documentation: wiring, monitor, report."""
    from lab import pictures as tool

    tool.pictures()


@app.command()
def settings_table(
    write: Annotated[bool, typer.Option("--write", help="Update docs/settings.md.")] = False,
) -> None:
    """Print the table of settings in Markdown."""
    from lab import settings_table as tool

    if write:
        tool.ON_PAGE.write(tool.table())
    else:
        print(tool.table())


@app.command()
def registers(
    write: Annotated[bool, typer.Option("--write", help="Update docs/modbus.md.")] = False,
) -> None:
    """Print our own Modbus registers in Markdown."""
    from lab import registers as tool

    if write:
        tool.ON_PAGE.write(tool.table())
    else:
        print(tool.table())


@app.command()
def accuracy_table() -> None:
    """Measure the metering's accuracy and write the table in firmware/README.md."""
    from lab import accuracy_table as tool

    tool.write()


@app.command()
def reaction_table(
    out: Annotated[Path, typer.Option(help="Folder of bench.json and its picture.")] = Path("out"),
) -> None:
    """Put what the bench has measured of the reaction into tools/lab/README.md."""
    from lab import reaction_table as tool

    tool.write(out)


@app.command()
def mutants(
    out: Annotated[Path, typer.Option(help="Folder for mutants.json.")] = Path("out"),
    workers: Annotated[int, typer.Option(min=1, help="Faults tried at the same time.")] = 2,
    only: Annotated[str, typer.Option(help="Only those whose name or file has this.")] = "",
) -> None:
    """Plant each fault of tools/lab/mutants/table.py: the tests must catch every one."""
    from lab.mutants.run import run as run_mutants
    from lab.mutants.table import TABLE
    from meter.paths import ROOT

    chosen = [mutant for mutant in TABLE if only in mutant.name or only in mutant.file]
    raise typer.Exit(0 if run_mutants(ROOT, chosen, out, workers) else 1)


def main() -> None:
    """Run the command line; a polite kill leaves no more behind than Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    run(app, "lab")
