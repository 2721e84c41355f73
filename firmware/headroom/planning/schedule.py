"""The weekly windows of one charger: a mode or a limit in each; between them its own mode holds.

Such as mon-fri 22:00-06:00 fast; mon-fri 17:00-20:00 off; sun 10:00-16:00 10A
"""

from .request import FAST, MODES, NO_LIMIT_MA, SUN, SUN_MIN
from .week import Week


class Schedule:
    """After `look()`: `mode` and `limit_ma` of now.

    unknown  the mode that holds while the time is unknown: FAST unless the owner chose another
    """

    def __init__(self, text, unknown=FAST):
        self._week = Week(text, _read)
        self._unknown = unknown
        self.mode = unknown
        self.limit_ma = NO_LIMIT_MA

    def names_sun(self):
        """Does the sun govern any of its windows?"""
        return self._week.has(SUN) or self._week.has(SUN_MIN)

    def look(self, calendar, mode):
        """`mode` is what the charger does outside of its windows."""
        self.limit_ma = NO_LIMIT_MA
        if not calendar.known:
            self.mode = self._unknown
            return
        value = self._week.at(calendar.minute_of_week, mode)
        if value < len(MODES):
            self.mode = value
        else:
            self.mode = mode
            self.limit_ma = value


def _read(text):
    """A mode's number, or mA."""
    if text in MODES:
        return MODES.index(text)
    number = text[:-1].strip()
    if text[-1:] in ("A", "a") and number.isdigit() and 6 <= int(number) <= 80:
        return int(number) * 1000
    raise ValueError("'%s': a window is %s, or 6A to 80A" % (text, ", ".join(MODES)))
