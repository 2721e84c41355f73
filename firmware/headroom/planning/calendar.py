"""Local time from UTC and the rule of a zone, without a clock: whoever has one tells it.

Days are counted from 2000-01-01, a Saturday, and the time is the second of a day: seconds since
then would be an object on the heap from 2034 on.
"""

from micropython import const

_DAY_S = const(86_400)
_END = const(36_525)  # 2100-01-01: no leap year, and of no use here
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Calendar:
    """The local time, or that it is unknown.

    known           until then the rest means nothing
    day, second     the local day since 2000-01-01, and the second of it
    minute_of_week  0 is Monday 00:00
    saving          daylight saving is on
    """

    def __init__(self, zone):
        self._zone = zone
        self._year = -1
        self._begin_day = self._begin_s = self._end_day = self._end_s = 0
        self.known = False
        self.saving = False
        self.day = self.second = self.minute_of_week = 0

    def tell(self, utc_day, utc_s):
        """It is now this second of this day, in UTC."""
        self.known = 0 <= utc_day < _END and 0 <= utc_s < _DAY_S
        if not self.known:
            return
        self.saving = self._zone.saves and self._saves(utc_day, utc_s)
        second = utc_s + (self._zone.saving_s if self.saving else self._zone.standard_s)
        self.day = utc_day + second // _DAY_S
        self.second = second % _DAY_S
        self.minute_of_week = weekday(self.day) * 1440 + self.second // 60

    def forget(self):
        """The time is unknown."""
        self.known = False

    def _saves(self, day, second):
        year = year_of(day)
        if year != self._year:
            self._year = year
            zone = self._zone
            self._begin_day, self._begin_s = _utc(year, zone.begin, zone.standard_s)
            self._end_day, self._end_s = _utc(year, zone.end, zone.saving_s)
        begun = _reached(day, second, self._begin_day, self._begin_s)
        ended = _reached(day, second, self._end_day, self._end_s)
        if self._begin_day < self._end_day:
            return begun and not ended
        return begun or not ended  # south of the equator


def _reached(day, second, at_day, at_s):
    return day > at_day or (day == at_day and second >= at_s)


def weekday(day):
    """Monday is 0."""
    return (day + 5) % 7


def year_of(day):
    """The year of a day, 2000 as 0."""
    year = day // 366
    while day >= _new_year(year + 1):
        year += 1
    return year


def _new_year(year):
    return 365 * year + (year + 3) // 4


def _length(year, month):
    return 29 if month == 2 and year % 4 == 0 else _MONTHS[month - 1]


def day_of(year, month, day):
    """Days from 2000-01-01 to a date; the year as 2026."""
    year -= 2000
    days = _new_year(year) + day - 1
    for before in range(1, month):
        days += _length(year, before)
    return days


def _utc(year, change, offset_s):
    """(day, second) in UTC of one of the two changes; offset_s is what holds until then."""
    month, week, on_weekday, second = change
    first = day_of(year + 2000, month, 1)
    ahead = (on_weekday - weekday(first)) % 7
    day = first + ahead + 7 * (week - 1)
    if day >= first + _length(year, month):
        day -= 7
    second -= offset_s
    return day + second // _DAY_S, second % _DAY_S
