"""Weekly windows, prices and the time to finish: against a calendar written minute by minute."""

import pytest

from headroom.planning.calendar import Calendar
from headroom.planning.finish import Finish
from headroom.planning.request import FAST, MODES, NO_LIMIT_MA, OFF, SUN
from headroom.planning.schedule import Schedule
from headroom.planning.tariff import Tariff, price_of
from headroom.planning.week import Week
from headroom.planning.zone import Zone

MONDAY = 9585  # 2026-03-30, the day after daylight saving began
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(day, time, zone="UTC0"):
    calendar = Calendar(Zone(zone))
    hours, minutes = map(int, time.split(":"))
    calendar.tell(MONDAY + DAYS.index(day), hours * 3600 + minutes * 60)
    return calendar


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("mon-fri 22:00-06:00 7", ["mon 22:00", "tue 05:59", "sat 05:59"],
         ["mon 05:59", "sat 22:00", "sun 23:00", "tue 06:00", "mon 21:59"]),
        ("sat-mon 23:00-01:00 7", ["sat 23:00", "sun 00:59", "mon 00:30", "tue 00:59"],
         ["sat 00:30", "tue 01:00", "wed 00:00"]),
        ("daily 00:00-24:00 7", ["mon 00:00", "sun 23:59"], []),
        ("mon 24:00-00:00 7", ["tue 00:00", "tue 23:59"], ["mon 23:59", "wed 00:00"]),
        ("sun 24:00-06:00 7", ["mon 00:00", "mon 05:59"], ["sun 23:59", "mon 06:00"]),
        ("sun 12:00-12:00 7", ["sun 12:00", "mon 11:59"], ["mon 12:00", "sun 11:59"]),
        ("mon,wed 10:00-11:00 7;; tue 10:00-11:00 7;", ["mon 10:00", "tue 10:30", "wed 10:59"],
         ["mon 11:00", "thu 10:30"]),
    ],
)  # fmt: skip
def test_a_window_holds_from_its_first_minute_to_before_its_last(text, inside, outside):
    week = Week(text, int)
    for moment in inside:
        assert week.at(at(*moment.split()).minute_of_week, 0) == 7, moment
    for moment in outside:
        assert week.at(at(*moment.split()).minute_of_week, 0) == 0, moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mon 10:00-12:00 1; mon 11:59-13:00 2", "overlaps"),
        ("sun 22:00-06:00 1; mon 05:00-07:00 1", "overlaps"),
        ("mon-tue 20:00-20:30 1; daily 20:29-21:00 1", "overlaps"),
        ("daily 12:00-12:30 1; wed 12:00-12:30 1", "overlaps"),
        ("mon,mon 10:00-12:00 1", "names a day twice"),
        ("mon-fri,wed 10:00-12:00 1", "names a day twice"),
        ("monday 10:00-12:00 1", "is no day: mon, tue"),
        ("mon- 10:00-12:00 1", "is no day"),
        ("mon 10:00-12:00", "is days, times, value"),
        ("mon 10-12 1", "is no time: 00:00 to 24:00"),
        ("mon 10:00-24:01 1", "is no time"),
        ("mon 10:60-11:00 1", "is no time"),
        ("mon 10:00 1", "times are such as"),
        ("mon -1:00-2:00 1", "is no time"),
        (";".join(f"daily {h:02}:00-{h:02}:05 1" for h in range(8)), "at most 50"),
    ],
)  # fmt: skip
def test_windows_that_cant_be_are_refused_with_what_can(text, why):
    with pytest.raises(ValueError, match=why):
        Week(text, int)


def test_a_schedule_gives_a_mode_or_a_limit_and_between_its_windows_the_chargers_own():
    schedule = Schedule("mon-fri 22:00-06:00 fast; mon 10:00-12:00 16A; sat 10:00-11:00 sun")
    for moment, mode, limit_ma in (
        ("mon 23:00", FAST, NO_LIMIT_MA), ("mon 10:00", OFF, 16_000),
        ("mon 12:00", OFF, NO_LIMIT_MA), ("sat 10:30", SUN, NO_LIMIT_MA),
        ("sat 11:00", OFF, NO_LIMIT_MA),
    ):  # fmt: skip
        schedule.look(at(*moment.split()), OFF)
        assert (schedule.mode, schedule.limit_ma) == (mode, limit_ma), moment


def test_while_the_time_is_unknown_the_owners_choice_holds():
    nowhen = Calendar(Zone("UTC0"))
    for unknown, mode in ((None, FAST), (OFF, OFF), (SUN, SUN)):
        text = "daily 00:00-23:00 6A"
        schedule = Schedule(text) if unknown is None else Schedule(text, unknown)
        schedule.look(nowhen, OFF)
        assert (schedule.mode, schedule.limit_ma) == (mode, NO_LIMIT_MA)
    for unknown in (True, False):
        tariff = Tariff("daily 17:00-20:00 0.40", "0.20", "0.30", unknown)
        tariff.look(nowhen)
        assert (tariff.price, tariff.dear) == (-1, not unknown)
        assert Finish("02:00", 10, unknown).holds(nowhen, 0) is unknown


@pytest.mark.parametrize("value", ["slow", "5A", "81A", "A", "16", "-16A", "sun min"])
def test_a_mode_or_limit_that_cant_be_is_refused(value):
    with pytest.raises(ValueError, match=r"a window is off, sun, sun\+min, fast, or 6A to 80A"):
        Schedule("mon 10:00-12:00 " + value)
    assert MODES[FAST] == "fast"


def test_charge_below_a_price():
    tariff = Tariff("mon-fri 07:00-17:00 0.34; mon-fri 17:00-20:00 0.415", "0.199", "0.34")
    for moment, price, dear in (
        ("mon 06:59", 199, False), ("mon 07:00", 340, True), ("fri 19:59", 415, True),
        ("sat 12:00", 199, False),
    ):  # fmt: skip
        tariff.look(at(*moment.split()))
        assert (tariff.price, tariff.dear) == (price, dear), moment
    assert [price_of(text) for text in ("1", "-0.05", "0.5", "99.999")] == [1000, -50, 500, 99_999]


@pytest.mark.parametrize("text", ["", "a", "0,34", "1.2345", "100", "-", ".5", "1e3", "nan"])
def test_prices_that_arent_numbers_are_refused(text):
    with pytest.raises(ValueError, match="is no price"):
        price_of(text)


def test_finish_holds_from_its_time_until_so_much_is_in():
    finish = Finish("22:30", 10)
    for moment, holds in (
        ("mon 22:29", False), ("mon 22:30", True), ("tue 10:29", True), ("tue 10:30", False),
    ):  # fmt: skip
        assert finish.holds(at(*moment.split()), 9_999) is holds, moment
        assert not finish.holds(at(*moment.split()), 10_000)
    with pytest.raises(ValueError, match="1 to 200"):
        Finish("22:30", 0)


def test_finish_is_not_begun_anew_by_the_hour_that_is_lived_twice_nor_missed_by_the_skipped():
    berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    finish = Finish("02:30", 10)
    autumn = Calendar(Zone(berlin))
    held = []
    for minute in range(0, 180, 15):  # 2026-10-25, from 02:00 in summer time
        autumn.tell(MONDAY + 209, minute * 60)
        held.append((autumn.second // 60, finish.holds(autumn, 10_000)))
    assert [minute for minute, _ in held].count(150) == 2
    assert not any(holds for _, holds in held), "what is in stays in"
    spring = Calendar(Zone(berlin))
    spring.tell(MONDAY - 1, 3600)
    assert spring.second == 3 * 3600
    assert finish.holds(spring, 0)
