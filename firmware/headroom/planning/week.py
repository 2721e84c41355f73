"""Windows of the week, each with a value, written as text.

    mon-fri 22:00-06:00 fast; sat,sun 10:00-16:00 sun
    daily 17:00-20:00 off

Days, times, value; a window that ends no later than it begins ends on the next day. Two that
overlap are refused, for nobody could say which of them holds.
"""

from array import array

from micropython import const

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = const(1440)  # minutes
_WEEK = const(10_080)
_MOST = const(50)  # windows of one day: what a board can have in memory


class Week:
    """`read(text)` makes an integer of a value's text, or raises ValueError."""

    def __init__(self, text, read):
        found = []
        for part in text.split(";"):
            if part.strip():
                _add(found, part.strip(), read)
        if len(found) > _MOST:
            raise ValueError("%d windows in a week; at most %d" % (len(found), _MOST))
        found.sort()
        for i in range(1, len(found)):
            before, after = found[i - 1], found[i]
            if before[1] > after[0]:
                raise ValueError("'%s' overlaps '%s': one of them only" % (before[3], after[3]))
        self._starts = array("h", [window[0] for window in found])
        self._ends = array("h", [window[1] for window in found])
        self._values = array("i", [window[2] for window in found])

    def has(self, value):
        """Does any window have this value?"""
        for other in self._values:  # MicroPython's arrays know no `in`
            if other == value:
                return True
        return False

    def at(self, minute, otherwise):
        """The value of the window that this minute of the week lies in, else `otherwise`."""
        for i in range(len(self._starts)):
            if self._starts[i] <= minute < self._ends[i]:
                return self._values[i]
        return otherwise


def _add(found, part, read):
    """Append (start, end, value, text) of each day of one part; past Sunday it is two."""
    words = part.split(None, 2)
    if len(words) != 3:
        raise ValueError("'%s': a window is days, times, value: mon-fri 22:00-06:00 ..." % part)
    start, end = _times(words[1])
    value = read(words[2].strip())
    for day in _days(words[0]):
        first = day * _DAY + start
        last = first + ((end - start) % _DAY or _DAY)
        found.append((first, min(last, _WEEK), value, part))
        if last > _WEEK:
            found.append((0, last - _WEEK, value, part))


def _days(text):
    """The days of mon-fri, of sat,sun, of fri-mon, of daily."""
    if text == "daily":
        return list(range(7))
    days = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            raise ValueError("'%s' is no day: %s or daily" % (part, ", ".join(_DAYS)))
        day = _DAYS.index(first)
        end = _DAYS.index(last) if dash else day
        while day != end:
            days.append(day)
            day = (day + 1) % 7
        days.append(end)
    if len(set(days)) != len(days):
        raise ValueError("'%s' names a day twice" % text)
    return days


def _times(text):
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError("'%s': times are such as 22:00-06:00" % text)
    return minute_of(start), minute_of(end)


def minute_of(text):
    """Minute of the day of hh:mm, 24:00 its end."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError("'%s' is no time: 00:00 to 24:00" % text)
    minute = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or minute > _DAY:
        raise ValueError("'%s' is no time: 00:00 to 24:00" % text)
    return minute
