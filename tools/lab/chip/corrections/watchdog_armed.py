"""A reset leaves the watchdog's timer armed, so that the next start, which has not begun to feed
it, is reset as well.
"""

from rp2040py.peripherals.watchdog import RPWatchdog


def disarm(watchdog: RPWatchdog) -> None:
    """To be called at every reset: the timer stands still until the firmware starts it."""
    watchdog._enable = watchdog.timer.enable = watchdog.alarm.enable = False
