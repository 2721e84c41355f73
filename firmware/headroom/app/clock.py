"""UTC as somebody told it, counted on. A power cut forgets it: then the time is unknown.

Whoever knows the time tells it: the console's `time`, a DS3231 (ds3231.py); a network by the same
door. Over a restart that is asked for a Pico keeps it (ports/rp2_kept.py).
"""

from micropython import const

_DAY_S = const(86_400)
_LONGEST_S = const(1 << 29)


class Clock:
    """known, day, second  UTC: days since 2000-01-01, and the second of the day
    drift_s  how far it was behind when it was last told the time anew, -1 one second ahead
    after_s  how long after the time before that was
    """

    def __init__(self):
        self.known = False
        self.day = self.second = 0
        self.drift_s = self.after_s = 0
        self._ms = self._told_s = 0

    def pass_time(self, elapsed_ms):
        """So much has passed by our own crystal."""
        self._ms += elapsed_ms
        seconds = self._ms // 1000
        self._ms -= seconds * 1000
        self._told_s = min(self._told_s + seconds, _LONGEST_S)
        self.second += seconds
        while self.second >= _DAY_S:
            self.second -= _DAY_S
            self.day += 1

    def ms(self):
        """Of the day."""
        return self.second * 1000 + self._ms

    def resume(self, kept):
        """(day, ms of it) as it was kept over a restart, or None."""
        if kept:
            self.tell(kept[0], kept[1] // 1000)
            self._ms = kept[1] % 1000

    def tell(self, day, second):
        """It is this second of this day."""
        if self.known:
            days = max(-9999, min(9999, day - self.day))
            self.drift_s = days * _DAY_S + second - self.second
            self.after_s = self._told_s
        self.known = True
        self.day, self.second = day, second
        self._ms = self._told_s = 0
