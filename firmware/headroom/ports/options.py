"""What an option needs of the chip: its module, loaded only where the option is on.

This one, too: no board holds it in memory that has none of them.
"""

import sys

_BOARDS = ("rp2", "esp32")


def pins():
    """The module of single pins."""
    if sys.platform in _BOARDS:
        from . import pins as module
    else:
        from . import unix_pins as module
    return module


def i2c():
    """The module of I2C."""
    if sys.platform in _BOARDS:
        from . import i2c as module
    else:
        from . import unix_i2c as module
    return module


def kept_time():
    """The module that keeps the time over a restart, None where nothing surely does."""
    if sys.platform != "rp2":
        return None
    from . import rp2_kept as module

    return module
