"""Let mpremote work while a watchdog runs that can't be stopped: feed it for half an hour."""

import machine
from micropython import const

_SERVICE_MS = const(1_800_000)
_FEED_MS = const(2000)
_timer = None  # on RP2040 a timer that nothing refers to is collected


def feed_for_service(wdt, timer):
    """Feed `wdt` from `timer`; when the half hour is over the board resets and meters again."""
    global _timer
    left_ms = _SERVICE_MS

    def feed(_):
        nonlocal left_ms
        left_ms -= _FEED_MS
        if left_ms > 0:
            wdt.feed()

    end_service()
    _timer = timer
    timer.init(period=_FEED_MS, mode=machine.Timer.PERIODIC, callback=feed)


def end_service():
    """The meter starts, and feeds by itself: from here on a hang ends in a reset."""
    if _timer:
        _timer.deinit()
