"""How long a command of the console holds the loop: its longest step, in emulated ms.

There are as many chargers, in eight groups, as `set` finds memory for: 2 where the firmware lies
in files, 25 where it is frozen into the image. One answers. What is shown of each charger is a
step of its own, so their number matters to the settings only.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.bench.metering import on_chip
from lab.chip import image
from lab.chip.fork import in_a_copy
from lab.chip.rig import SETTINGS, Rig
from meter import build
from meter.errors import MeterError

GOAL_MS = 10
COPIED, FROZEN = 2, 25  # chargers
TALKING = 22  # high while the shell works
LONGEST_MS = 15_000
START_MS = 10_000  # each charger is made
_PROMPT = b"\n> "
_HOOKS = f"""
from headroom import app

def heard(board):
    meter = plain(board)
    talking = Pin({TALKING}, Pin.OUT)
    work = meter.ending.shell.poll

    def talk():
        talking(1)
        try:
            work()
        finally:
            talking(0)

    meter.ending.shell.poll = talk
    return meter

plain, app.assembled = app.assembled, heard
"""
# What is typed; the last line is the one that matters where there are several.
COMMANDS = {
    "save": ("set breaker_a 125", "save"),
    "set": ("set charger3.max_a 15",),
    "set, refused": ("set charger3.fallback_a 20",),
    "pin, unlock": ("pin 1234", "unlock 1234"),
    "selftest": ("selftest 1",),
    "scan": ("scan",),
    "profile": ("profile",),
    "setup": ("setup", "2", "100", "200a50ma", "heidelberg 1 20, evse_wb 2 60", "6"),
    "Tab": ("get charger\t\t\x15", "get charger2.\t\t\x15"),
    "log": ("log 5",),
    "status": ("status",),
    "json status": ("json status",),
    "chargers": ("chargers",),
    "json chargers": ("json chargers",),
    "faults": ("faults",),
    "json faults": ("json faults",),
    "energy": ("energy",),
    "version": ("version",),
    "help": ("help",),
    "help NAME": ("help charger3.max_a",),
    "get": ("get",),
    "get NAME": ("get charger2",),
    "json get": ("json get charger2",),
    "diff": ("diff",),
    "dump": ("dump",),
    "a dump pasted": ("begin", "defaults", "set charger1.profile heidelberg", "end"),
    "hash": ("hash",),
    "defaults": ("defaults",),
    "calibrate, refused": ("calibrate L1 400",),
    "watch": ("watch",),
}
# How long those are watched that do not end, or go on as they begin, in ms.
_WATCHED_MS = dict.fromkeys(("get", "diff", "dump", "help", "setup", "watch", "scan"), 700)
_WATCHED_MS["selftest"] = 1000


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Measure, print the table, return command -> longest ms."""
    try:
        uf2 = image.find()
    except image.NoImage as reason:
        print(f"console: skipped, {reason}")
        return {"skipped": str(reason), "runtime": on_chip.RUNTIME}
    with TemporaryDirectory() as folder:
        rig = started(uf2, build.build("pico", Path(folder) / "pico"))
    print("console: longest step of each command in ms")
    longest_ms = {}
    for name in COMMANDS:
        longest_ms[name] = round(longest(rig, name), 1)
        above = f"  above {GOAL_MS}" if longest_ms[name] >= GOAL_MS else ""
        print(f"{name:20}{longest_ms[name]:7}{above}", flush=True)
    return {"runtime": on_chip.RUNTIME, "loop_hold_ms_max": longest_ms}


def started(uf2: Path, firmware: Path) -> Rig:
    """A meter that has run for a second."""
    rig = Rig(uf2, firmware, settings(FROZEN if image.frozen(uf2) else COPIED), _HOOKS)
    rig.chip.watch(TALKING)
    rig.set_currents(40, 30, 16)
    rig.start(START_MS)
    rig.chip.run_ms(500)
    if rig.chip.usb.output.endswith(b">>> "):
        raise MeterError(f"the meter does not run: {rig.chip.usb.output.decode()}")
    return rig


def settings(chargers: int) -> dict[str, int | str]:
    """Of a meter with so many, in eight groups."""
    wanted = dict(SETTINGS)
    for number in range(1, 9):
        wanted[f"group{number}.breaker_a"] = 60
    for number in range(1, chargers + 1):
        which = f"charger{number}."
        wanted[which + "profile"] = "heidelberg" if number < 16 else "evse_wb"
        wanted[which + "address"] = number
        wanted[which + "circuit_a"] = 32
        wanted[which + "max_a"] = 16
        wanted[which + "group"] = 1 + number % 8
        wanted[which + "fallback_a"] = 0
    return wanted


def longest(rig: Rig, name: str) -> float:
    """The longest step of a command, in ms; what it does is forgotten."""
    return in_a_copy(lambda: _longest(rig, name))


def _longest(rig: Rig, name: str) -> float:
    rig.chip.pin_log.clear()
    for line in COMMANDS[name]:
        rig.chip.usb.output.clear()
        rig.chip.usb.send(line.encode() + b"\r")
        if name in _WATCHED_MS:
            rig.chip.run_ms(_WATCHED_MS[name])
        else:
            rig.chip.run_until(lambda: rig.chip.usb.output.endswith(_PROMPT), LONGEST_MS)
    return max(steps_ms(rig))


def steps_ms(rig: Rig) -> list[float]:
    """How long each step of the shell took."""
    edges = [(level, at) for pin, level, at in rig.chip.pin_log if pin == TALKING]
    while edges and not edges[0][0]:
        edges.pop(0)
    starts = [at for level, at in edges if level]
    ends = [at for level, at in edges if not level]
    return [(end - start) / 1e6 for start, end in zip(starts, ends, strict=False)]
