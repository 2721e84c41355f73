"""Runs before main.py, also when mpremote resets the interpreter under a running watchdog.

`make flash` writes a firmware into the folder that is not in use, /a or /b, and then replaces the
file /active, which names the folder: the power may fail at any time, one of the two is whole. A
board without that file has the firmware beside this one, or frozen into its image. Cut between two
steps an update leaves this file or main.py beside the firmware of the version before: what they
call must be in both.
"""

import sys

try:
    with open("/active") as file:
        sys.path.insert(0, "/" + file.read())
except OSError:
    pass

from headroom import memory

memory.reserve()  # before the rest is loaded

import board  # noqa: E402
from headroom import ports  # noqa: E402

ports.current().stay_reachable(board)
