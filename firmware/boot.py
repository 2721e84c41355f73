"""Runs before main.py, also when mpremote resets the interpreter under a running watchdog.

`make flash` writes a firmware into the folder that is not in use, /a or /b, and then names it in
the file /trial: this start tries it, and it stays if it works for a minute (headroom/trial.py has
the steps). Else the next start is of the one that /active names: the power may fail at any time,
and a firmware may be of no use, one of the two is whole. A board without these files has the
firmware beside this one, or frozen into its image. Cut between two steps an update leaves this
file or main.py beside the firmware of the version before: what they call must be in both.
"""

import micropython

micropython.kbd_intr(-1)  # before MicroPython looks at what was typed: Ctrl-C is for the console

import os  # noqa: E402
import sys  # noqa: E402

try:
    os.rename("/trial", "/tried")
    chosen = "/tried"
except OSError:
    chosen = "/active"
try:
    with open(chosen) as file:
        sys.path.insert(0, "/" + file.read())
except OSError:
    pass

try:
    from headroom import memory

    memory.reserve()  # before the rest is loaded

    import board
    from headroom import ports

    ports.current().stay_reachable(board)
except Exception:  # noqa: BLE001
    pass  # main.py meets it again, and there USB works
