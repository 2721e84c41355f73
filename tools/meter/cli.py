"""The command `meter`: names the tools, and turns their errors into one line."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from meter.demo import demo
from meter.errors import MeterError

app = typer.Typer(
    help="Tools of the Headroom energy meter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Board = Annotated[str, typer.Argument(help="A folder of boards/, such as pico.")]
Port = Annotated[str, typer.Argument(help="The board's serial port, such as /dev/ttyACM0.")]

app.command()(demo)


@app.command()
def build(board: Annotated[str, typer.Argument(help="A folder of boards/, or all.")] = "") -> None:
    """Compile the firmware for a board and show the sizes."""
    from meter import build as tool

    for name in tool.boards() if board == "all" else [board]:
        tool.build_and_show(name)


@app.command()
def flash(board: Board = "", port: Port = "") -> None:
    """Build for a board that runs MicroPython, copy the files to it and restart it."""
    from meter import flash as tool

    tool.flash(board, port)


@app.command()
def console(port: Port = "") -> None:
    """Open the meter's console; Ctrl-] ends it."""
    from meter import console as tool

    tool.console(port)


@app.command()
def bench(
    section: Annotated[
        list[str] | None, typer.Argument(help="Which sections; default: all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for bench.json and pictures.")] = Path("out"),
) -> None:
    """Measure, print, and store the figures in out/bench.json."""
    from meter import bench as tool

    tool.run(section or [], out)


@app.command()
def umodbus() -> None:
    """Fetch the sources of the Modbus library by their pinned hash, if they are not there."""
    from meter import umodbus_source as tool

    if tool.ensure():
        print(f"Fetched {tool.PROJECT} {tool.VERSION}.")


@app.command()
def settings_table(
    write: Annotated[bool, typer.Option("--write", help="Update README.md.")] = False,
) -> None:
    """Print the table of settings in Markdown."""
    from meter import settings_table as tool

    if write:
        tool.write()
    else:
        print(tool.table())


@app.command()
def accuracy_table() -> None:
    """Measure the metering's accuracy and write the table in firmware/README.md."""
    from meter import accuracy_table as tool

    tool.write()


def main() -> None:
    """Run the command line; exit status 2 for what cannot be asked, 1 for what failed."""
    try:
        app()
    except MeterError as error:
        print(f"meter: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(130)
