"""The meter's serial console in this terminal. Opening it sends nothing to the meter."""

import subprocess
import sys

from meter.errors import MeterError, UsageError
from meter.serial_port import check_port


def console(port: str) -> None:
    """Join the terminal to `port` until Ctrl-]."""
    check_port(port)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the console needs a terminal")
    result = subprocess.run(
        [sys.executable, "-m", "mpremote", "connect", port, "repl"],
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if result.returncode:
        said = result.stderr.strip().splitlines() or [f"status {result.returncode}"]
        reason = said[-1].partition(": ")[2] or said[-1]  # without the name of mpremote's error
        raise MeterError(f"the console at {port} ended: {reason}")
