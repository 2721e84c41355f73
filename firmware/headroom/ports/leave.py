"""A firmware that does not start is left for the one in the other folder, if there is one.

That is on trial then, see boot.py: where neither starts, the two take turns. On the board it lies
beside main.py, and restarts the board itself: nothing of a firmware that does not start can be
asked, not its port.
"""

import os
import sys
import time


def leave(error):
    """Start the other firmware, after a pause in which Ctrl-C gives the prompt."""
    here = sys.path[0][1:2]  # of /a or /a/f
    other = {"a": "b", "b": "a"}.get(here)
    if other not in os.listdir("/"):
        return
    try:
        write("/failed", "%s: %r" % (here, error))
    except OSError:
        pass  # no room: the log won't say why
    try:
        with open("/active") as file:
            proven = file.read()
    except (OSError, ValueError):
        proven = ""  # damaged
    if other != proven:
        write("/trial", other)
    sys.print_exception(error)
    print("The firmware in /%s does not start: /%s does in 10 s, Ctrl-C prevents." % (here, other))
    time.sleep(10)
    import machine

    machine.reset()


def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)
