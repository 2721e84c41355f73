"""The serial port that the user names: there, or a line that says which ports are."""

import os

from serial.tools import list_ports

from meter.errors import UsageError


def check_port(port: str) -> None:
    """Raise UsageError unless `port` can be tried."""
    found = sorted(info.device for info in list_ports.comports())
    if port in found or (port and os.path.exists(port)):
        return
    asked = f"there is no port {port!r};" if port else "which port?"
    listed = ", ".join(found) if found else "none; is the board plugged in, with a data cable?"
    raise UsageError(f"{asked} serial ports found: {listed}")
