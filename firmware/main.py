"""Start the meter. After `service` the chargers have their fallback and the prompt is yours."""

import micropython

micropython.kbd_intr(-1)  # before MicroPython looks at what was typed: Ctrl-C is for the console

try:
    import board
    from headroom import app, ports

    app.main(board)
except KeyboardInterrupt:
    ports.current().stay_reachable(board)
except Exception as error:
    micropython.kbd_intr(3)
    try:
        ports.current().stay_reachable(board)
    except Exception:  # noqa: BLE001
        pass  # it is part of what does not start, and nothing has started a watchdog
    from leave import leave  # in memory only then

    leave(error)
    raise
