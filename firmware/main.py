"""Start the meter. After Ctrl-C the chargers have their fallback and the prompt is yours."""

import board
from headroom import app, ports

try:
    app.main(board)
except KeyboardInterrupt:
    ports.current().stay_reachable(board)
