"""UTC as text, such as 2026-11-26T21:04:05Z, and as a day since 2000-01-01 and its second."""

from .calendar import day_of, year_of

_FIRST = 2025  # nobody's clock is right that says less
_LAST = 2099


def read(text):
    """(day, second) of such a text."""
    try:
        year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
        hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
        inside = _FIRST <= year <= _LAST and 1 <= month <= 12 and 0 <= hour < 24
        found = (day_of(year, month, day), hour * 3600 + minute * 60 + second) if inside else None
    except ValueError:
        found = None
    if not found or written(found[0], found[1]) != text:  # a 30th of February is written otherwise
        raise ValueError(
            "'%s' is no time: UTC such as 2026-11-26T21:04:05Z, from %d to %d"
            % (text, _FIRST, _LAST)
        )
    return found


def written(day, second):
    """The text of it."""
    year, month, date = _date(day)
    clock = second // 3600, second // 60 % 60, second % 60
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % ((year, month, date) + clock)


def _date(day):
    year = year_of(day) + 2000
    month = 12
    while day_of(year, month, 1) > day:
        month -= 1
    return year, month, day - day_of(year, month, 1) + 1


def before(day, second, seconds):
    """(day, second) so many seconds earlier."""
    second -= seconds
    return day + second // 86_400, second % 86_400
