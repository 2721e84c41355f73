"""How often a charger that failed is asked again, and when it counts as not answering."""

from micropython import const

from .ages import Ages

TRIES = const(3)  # failures in a row that make a charger "does not answer"
_FIRST_RETRY_MS = const(500)
_UNSAFE_RETRY_MS = const(2000)  # the longest while it may still draw what it was told last
_LAST_RETRY_MS = const(8000)
_FAILED = const(0)  # ages
_ANSWERED = const(1)


class Patience:
    """`failures` in a row."""

    def __init__(self, now_ms):
        self.failures = 0
        self.ages = Ages(2, now_ms)
        self._wait_ms = 0
        self._retry_ms = _FIRST_RETRY_MS

    def due(self, now_ms):
        """True unless it failed lately; the wait doubles with each failure once it is offline."""
        return not self.failures or self.ages.of(_FAILED, now_ms) >= self._wait_ms

    def answered(self, now_ms):
        self.failures = 0
        self._retry_ms = _FIRST_RETRY_MS
        self.ages.begin(_ANSWERED, now_ms)

    def failed(self, wait_ms, watchdog_ms, now_ms, at_once=False):
        """True if it counts as not answering, `at_once` or after three failures.

        `wait_ms` until a late reply does no harm; `watchdog_ms` until its own failsafe has acted,
        0 if nobody knows that it has one. A reduction goes ahead of the longest waits.
        """
        self.failures = TRIES if at_once else self.failures + 1
        self.ages.begin(_FAILED, now_ms)
        self._wait_ms = wait_ms
        if self.failures < TRIES:
            return False
        self._wait_ms = max(wait_ms, self._retry_ms)
        safe = watchdog_ms and self.ages.of(_ANSWERED, now_ms) > watchdog_ms
        longest_ms = _LAST_RETRY_MS if safe else _UNSAFE_RETRY_MS
        self._retry_ms = min(2 * self._retry_ms, longest_ms)
        return True
