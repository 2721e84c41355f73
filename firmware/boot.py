"""Runs before main.py, also when mpremote resets the interpreter under a running watchdog."""

import gc

import board
from headroom import ports

# Collect while the modules load: each else leaves a hole, and at the end 90 kB are free of which
# no 14 kB are in one piece.
gc.threshold(16384)
ports.current().stay_reachable(board)
