"""A time zone and its daylight saving, by one rule as POSIX writes it in TZ.

    UTC0                               no daylight saving
    CET-1CEST,M3.5.0,M10.5.0/3         from the last Sunday of March, 02:00, to the last of October
    EST5EDT,M3.2.0,M11.1.0             the second Sunday of March to the first of November
    <+1030>-10:30<+11>-11,M10.1.0,M4.1.0

The name, the hours *west* of UTC, the name while daylight is saved and its hours west (one east of
the other unless said), then begin and end: month.week.weekday/time, week 5 the last, weekday 0
Sunday, time 2 unless said. The other two forms of POSIX (day of the year) are not in use anywhere.
"""

from micropython import const

_HOUR_S = const(3600)
_TWO_S = const(7200)


class Zone:
    """standard_s, saving_s  seconds east of UTC, without and with daylight saving
    saves                    whether there is daylight saving at all
    begin, end               (month, week, weekday with Monday as 0, second of local day)
    """

    def __init__(self, text):
        rest = _named(text, text)
        self.standard_s, rest = _time(text, rest, 24)
        self.standard_s = self.saving_s = -self.standard_s
        self.saves = bool(rest)
        self.begin = self.end = ()
        if not self.saves:
            return
        rest = _named(text, rest)
        if rest[:1] == ",":
            self.saving_s = self.standard_s + _HOUR_S
        else:
            west_s, rest = _time(text, rest, 24)
            self.saving_s = -west_s
        self.begin, rest = _change(text, rest)
        self.end, rest = _change(text, rest)
        if rest:
            raise _wrong(text, "'%s' at its end" % rest)


def _wrong(text, why):
    return ValueError(
        "'%s' is no time zone: %s; such as UTC0, CET-1CEST,M3.5.0,M10.5.0/3 "
        "or EST5EDT,M3.2.0,M11.1.0" % (text, why)
    )


def _named(text, rest):
    """What follows a name of three letters or more, or of anything in <>."""
    if rest[:1] == "<":
        end = rest.find(">")
        if end < 4:
            raise _wrong(text, "a name in < > has three signs or more")
        return rest[end + 1 :]
    end = 0
    while end < len(rest) and rest[end].isalpha():
        end += 1
    if end < 3:
        raise _wrong(text, "a name has three letters or more")
    return rest[end:]


def _number(text, rest, least, most):
    """A number, and what follows it."""
    end = 0
    while end < len(rest) and "0" <= rest[end] <= "9":
        end += 1
    if not 0 < end < 4 or not least <= int(rest[:end]) <= most:
        raise _wrong(text, "'%s' where a number from %d to %d must be" % (rest, least, most))
    return int(rest[:end]), rest[end:]


def _time(text, rest, most_h):
    """Seconds of [+-]h[:mm[:ss]], and what follows."""
    sign = -1 if rest[:1] == "-" else 1
    if rest[:1] in ("-", "+"):
        rest = rest[1:]
    hours, rest = _number(text, rest, 0, most_h)
    seconds = hours * _HOUR_S
    for unit_s in (60, 1):
        if rest[:1] == ":":
            part, rest = _number(text, rest[1:], 0, 59)
            seconds += part * unit_s
    return sign * seconds, rest


def _change(text, rest):
    """One of the two changes, and what follows."""
    if rest[:2] != ",M":
        raise _wrong(text, "',M' must begin each of the two changes")
    month, rest = _number(text, rest[2:], 1, 12)
    week, rest = _number(text, _after_dot(text, rest), 1, 5)
    day, rest = _number(text, _after_dot(text, rest), 0, 6)
    second = _TWO_S
    if rest[:1] == "/":
        second, rest = _time(text, rest[1:], 167)
    return (month, week, (day + 6) % 7, second), rest


def _after_dot(text, rest):
    if rest[:1] != ".":
        raise _wrong(text, "a change is month.week.weekday")
    return rest[1:]
