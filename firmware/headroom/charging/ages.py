"""How long ago things happened, right however long ago that is.

`ticks_diff` of a stamp older than 6.2 days is negative. An age here counts up to a day and stays
there, as long as `look` is called for each a few times a day.
"""

import time

from micropython import const

DAY_MS = const(86_400_000)


class Ages:
    """Several ages, by number, in ms; DAY_MS stands for anything longer."""

    def __init__(self, count, now_ms):
        self._from_ms = [now_ms] * count
        self._next = 0

    def begin(self, which, now_ms):
        """It happens now."""
        self._from_ms[which] = now_ms

    def of(self, which, now_ms):
        """How long ago it happened."""
        age_ms = time.ticks_diff(now_ms, self._from_ms[which])
        if -DAY_MS < age_ms < DAY_MS:
            return max(0, age_ms)
        self._from_ms[which] = time.ticks_add(now_ms, -DAY_MS)
        return DAY_MS

    def look(self, now_ms):
        """Keep the next of them from growing too old to be told."""
        self._next = (self._next + 1) % len(self._from_ms)
        self.of(self._next, now_ms)
