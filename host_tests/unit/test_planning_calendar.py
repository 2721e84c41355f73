"""Local time: each rule of the world, by our calendar and by Python's zoneinfo.

zoneinfo reads a rule at the end of a zone's file; here it is given files that hold nothing else.
"""

import io
import random
import struct
import zoneinfo
from datetime import datetime, timedelta, timezone

import pytest

from headroom.planning import utc
from headroom.planning.calendar import Calendar, day_of, weekday
from headroom.planning.zone import Zone

EPOCH = datetime(2000, 1, 1, tzinfo=timezone.utc)
AROUND_S = (-7200, -3600, -1, 0, 1, 3599, 7200)
YEARS = (2000, 2024, 2026, 2027, 2028, 2034, 2098, 2099)
# Each rule of the tz database of 2026 whose two changes are of another form.
RULES = (
    "UTC0", "JST-9", "IST-5:30", "<+0545>-5:45", "<-12>12", "<+14>-14",
    "NST3:30NDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3",
    "GMT0BST,M3.5.0/1,M10.5.0", "IST-1GMT0,M10.5.0,M3.5.0/1",
    "WET0WEST,M3.5.0/1,M10.5.0", "EET-2EEST,M3.5.0/3,M10.5.0/4", "EET-2EEST,M3.5.0/0,M10.5.0/0",
    "EST5EDT,M3.2.0,M11.1.0", "CST5CDT,M3.2.0/0,M11.1.0/1", "<-01>1<+00>,M3.5.0/0,M10.5.0/1",
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "<-04>4<-03>,M9.1.6/24,M4.1.6/24",
    "AEST-10AEDT,M10.1.0,M4.1.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", "NZST-12NZDT,M9.5.0,M4.1.0/3",
    "EET-2EEST,M4.5.5/0,M10.5.4/24", "IST-2IDT,M3.4.4/26,M10.5.0",
    "EET-2EEST,M3.4.4/50,M10.4.4/50",
)  # fmt: skip


def zone_of(rule):
    """What zoneinfo makes of a rule: a file of version 2 with no change in its tables."""
    standard = struct.pack(">4s c15x 6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    table = struct.pack(">lbb4s", 0, 0, 0, b"UTC\0")
    text = io.BytesIO(2 * (standard + table) + b"\n" + rule.encode() + b"\n")
    return zoneinfo.ZoneInfo.from_file(text, key=rule)


def told(rule, moment):
    calendar = Calendar(Zone(rule))
    tell(calendar, moment)
    return calendar


def tell(calendar, moment):
    since = moment - EPOCH
    calendar.tell(since.days, since.seconds)


def assert_local(calendar, moment, zone):
    local = moment.astimezone(zone)
    assert calendar.known
    assert calendar.day == (local.date() - EPOCH.date()).days
    assert calendar.second == local.hour * 3600 + local.minute * 60 + local.second
    assert calendar.minute_of_week == local.weekday() * 1440 + local.hour * 60 + local.minute


def changes(zone, year):
    """The moments, to the second, at which a zone's offset changes in a year."""
    moment = datetime(year, 1, 1, tzinfo=timezone.utc)
    end = datetime(year + 1, 1, 1, tzinfo=timezone.utc)
    while moment < end:
        after = moment + timedelta(days=1)
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            low, high = moment, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        moment = after


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_around_both_changes_of_a_year_and_at_random_moments(rule):
    chance = random.Random(rule)
    zone = zone_of(rule)
    calendar = Calendar(Zone(rule))
    for year in YEARS:
        moments = [datetime(year, 1, 1, tzinfo=timezone.utc)] if year > 2000 else []
        for change in changes(zone, year):
            moments += [change + timedelta(seconds=s) for s in AROUND_S]
        assert len(moments) >= 14 or "," not in rule
        for _ in range(20):
            seconds = 86_400 + chance.randrange(364 * 86_400)
            moments.append(datetime(year, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds))
        for moment in moments:
            tell(calendar, moment)
            assert_local(calendar, moment, zone)


def test_dates():
    for date in (datetime(2000, 2, 29), datetime(2026, 11, 26), datetime(2099, 12, 31)):
        day = (date - datetime(2000, 1, 1)).days
        assert day_of(date.year, date.month, date.day) == day
        assert weekday(day) == date.weekday()


@pytest.mark.parametrize(
    "text",
    ["2026-11-26T-4:04:05Z", "2026-11-26T24:00:00Z", "2026-11-26T21:-4:05Z",
     "2026-11--6T21:04:05Z", "2026-02-29T21:04:05Z", "2024-12-31T23:59:59Z",
     "2100-01-01T00:00:00Z", "2026-11-26 21:04:05Z", "2026-11-26T+9:04:05Z", ""],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_is(text):
    with pytest.raises(ValueError, match=r"is no time: UTC such as 2026-.* from 2025 to 2099"):
        utc.read(text)


def test_the_hour_that_is_lived_twice_and_the_one_that_is_skipped():
    berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    autumn = datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)
    first, second = told(berlin, autumn), told(berlin, autumn + timedelta(hours=1))
    assert first.minute_of_week == second.minute_of_week == 6 * 1440 + 150
    assert (first.saving, second.saving) == (True, False)
    spring = told(berlin, datetime(2026, 3, 29, 1, 0, tzinfo=timezone.utc))
    assert spring.minute_of_week == 6 * 1440 + 180


def test_an_unknown_time_is_said():
    calendar = Calendar(Zone("UTC0"))
    assert not calendar.known
    for day, second in ((-1, 0), (0, 86_400), (36_525, 0), (0, -1)):
        calendar.tell(day, second)
        assert not calendar.known
    calendar.tell(9000, 5)
    assert calendar.known
    calendar.forget()
    assert not calendar.known


@pytest.mark.parametrize(
    "rule",
    [
        "", "CE-1", "Europe/Berlin", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,J60,J300", "CET-1CEST,M3.5.0/200,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3 ", "<+1>-1", "CET-1:60", "CET-1CEST,M3.5.0,M10.5.0,",
    ],
)  # fmt: skip
def test_a_rule_that_cant_be_is_refused_with_what_can(rule):
    with pytest.raises(ValueError, match=r"is no time zone.*such as UTC0, CET-1CEST"):
        Zone(rule)
