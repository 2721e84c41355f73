"""Runs before main.py, also when mpremote resets the interpreter under a running watchdog.

`make flash` writes a firmware into the folder that is not in use, /a or /b, and then names it in
the file /trial: this start tries it, and it stays if it works for a minute. Else the next start is
of the one that /active names: the power may fail at any time, and a firmware may be of no use, one
of the two is whole. The steps are in headroom/storage/trial.py. A board without these files has
the firmware beside this one, or frozen into its image. Cut between two steps an update leaves this
file or main.py beside the firmware of the version before: what they call must be in both.
"""

import micropython

micropython.kbd_intr(-1)  # before MicroPython looks at what was typed: Ctrl-C is for the console

import os  # noqa: E402
import sys  # noqa: E402

paths = ["/active"]
try:
    os.rename("/trial", "/tried")
    paths.insert(0, "/tried")
except OSError:
    pass
folder = None  # no such file
for path in paths:
    try:
        with open(path) as file:
            folder = file.read()
    except OSError:
        continue
    except ValueError:
        folder = ""
    if folder in ("a", "b"):
        break
else:
    if folder is not None:  # damaged; main.py goes on to the other where this is the wrong one
        folder = "a" if "a" in os.listdir("/") else "b"
if folder:
    path = "/" + folder
    try:
        from pack import Pack

        os.mount(Pack(path + "/pack"), path + "/f")  # short: each module keeps its path
        path += "/f"
    except Exception:  # noqa: BLE001
        pass  # its files lie there one by one, or main.py meets what is wrong
    sys.path.insert(0, path)

try:
    from headroom import memory

    memory.reserve()  # before the rest is loaded

    import board
    from headroom import ports

    ports.current().stay_reachable(board)
except Exception:  # noqa: BLE001
    pass  # main.py meets it again, and there USB works
