"""The command `meter`: what an installer or owner runs."""

from pathlib import Path
from typing import Annotated

import typer

from meter.errors import run

app = typer.Typer(
    help="Tools of the Headroom energy meter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Board = Annotated[str, typer.Argument(help="A folder of boards/, such as pico.")]
Port = Annotated[str, typer.Argument(help="The board's serial port, such as /dev/ttyACM0.")]

Pin = Annotated[str, typer.Option(help="The installer's PIN, if the meter has one.")]
File = Annotated[Path, typer.Argument(help="A file of settings, as `pull` writes it.")]

config = typer.Typer(help="The settings of a meter as a file.", no_args_is_help=True)
app.add_typer(config, name="config")


@app.command()
def monitor(
    port: Port = "",
    every: Annotated[
        int, typer.Option(min=200, max=60000, help="Milliseconds between answers.")
    ] = 500,
    record: Annotated[
        Path | None, typer.Option(help="Append each answer to this file, for `meter report`.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0, help="End after so long; 0: Ctrl-C.")] = 0,
) -> None:
    """Live charts of the legs, the limit and the offers; a line an answer where no terminal is."""
    from meter import monitor as tool

    tool.monitor(port, every, record, seconds)


@app.command()
def page(
    port: Port = "",
    at: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of this computer to serve at; 0: any.")
    ] = 8470,
) -> None:
    """Serve the page for the browser on this computer, with the meter behind it."""
    from meter import page as tool

    tool.page(port, at)


@app.command()
def bridge(
    port: Port = "",
    broker: Annotated[str, typer.Option(help="HOST or HOST:PORT of the MQTT broker.")] = "",
    user: Annotated[str, typer.Option(help="User name at the broker.")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the password.")
    ] = None,
    name: Annotated[
        str, typer.Option(help="Of this meter in topics and in Home Assistant.")
    ] = "meter",
) -> None:
    """Carry a meter's figures to an MQTT broker, for Home Assistant, and commands back."""
    from meter import bridge as tool

    tool.bridge(port, broker, user, password_file, name)


@config.command()
def pull(port: Port, file: File) -> None:
    """Write the meter's settings to a file."""
    from meter import config as tool

    tool.pull(port, file)


@config.command()
def push(port: Port, file: File, pin: Pin = "") -> None:
    """Put the settings of a file into the meter, all or none, and restart it with them."""
    from meter import config as tool

    tool.push(port, file, pin)


@config.command()
def diff(port: Port, file: File) -> None:
    """Show what differs between a file and the meter; exit status 1 if anything does."""
    from meter import config as tool

    raise typer.Exit(1 if tool.diff(port, file) else 0)


@app.command()
def calibrate(port: Port = "", pin: Pin = "") -> None:
    """Match the meter to a clamp meter, channel by channel."""
    from meter import calibrate as tool

    tool.calibrate(port, pin)


@app.command()
def report(
    data: Annotated[Path, typer.Argument(help="What `meter monitor --record` wrote.")],
    port: Annotated[str, typer.Argument(help="The meter's port, for its log and settings.")] = "",
    out: Annotated[Path, typer.Option(help="A .pdf, .png or .svg file.")] = Path("out/report.pdf"),
) -> None:
    """A page on a day of the meter: currents, charging, energy, faults, events, settings."""
    from meter import report as tool

    tool.report(data, out, port)


@app.command()
def log(
    port: Port = "", count: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50
) -> None:
    """What happened: starts and their causes, faults, pauses, changed settings."""
    from meter import event_log as tool

    tool.show(port, count)


@app.command()
def sessions(
    port: Port = "",
    out: Annotated[
        Path | None, typer.Option(help="Write those that ended to a .csv file.")
    ] = None,
) -> None:
    """What each car took, and how much of it from the sun; not a billing meter."""
    from meter import sessions as tool

    tool.show(port, out)


@app.command()
def build(board: Annotated[str, typer.Argument(help="A folder of boards/, or all.")] = "") -> None:
    """Compile the firmware for a board and show the sizes."""
    from meter import build as tool

    for name in tool.boards() if board == "all" else [board]:
        tool.build_and_show(name)


@app.command()
def image(
    board: Board = "",
    micropython: Annotated[
        Path | None, typer.Option(help="MicroPython as released; else it is downloaded.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("out"),
) -> None:
    """One file for a blank board: MicroPython and the firmware."""
    from meter.image import make as tool

    tool.make(board, micropython, out)


@app.command()
def package(
    board: Board = "",
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("out/mip"),
) -> None:
    """A folder for `mpremote mip install`, onto a board that runs MicroPython."""
    from meter import mip as tool

    tool.package(board, out)


@app.command()
def flash(board: Board = "", port: Port = "", pin: Pin = "") -> None:
    """Build for a board that runs MicroPython, copy the files to it and restart it."""
    from meter import flash as tool

    tool.flash(board, port, pin)


@app.command()
def console(port: Port = "") -> None:
    """Open the meter's console; Ctrl-] ends it."""
    from meter import console as tool

    tool.console(port)


@app.command()
def umodbus() -> None:
    """Fetch the sources of the Modbus library by their pinned hash, if they are not there."""
    from meter import umodbus_source as tool

    if tool.ensure():
        print(f"Fetched {tool.PROJECT} {tool.VERSION}.")


def main() -> None:
    """Run the command line."""
    run(app, "meter")
