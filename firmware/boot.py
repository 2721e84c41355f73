"""Runs before main.py, also when mpremote resets the interpreter under a running watchdog."""

import board
from headroom import ports

ports.current().stay_reachable(board)
