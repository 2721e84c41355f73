"""Start the meter. After Ctrl-C the chargers have their fallback and the prompt is yours."""

import micropython

import board
from headroom import app, ports

try:
    app.main(board)
except KeyboardInterrupt:
    ports.current().stay_reachable(board)
    micropython.kbd_intr(3)  # off since the last words: nothing may come between
