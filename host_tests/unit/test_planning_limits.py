"""Contact, temperature, the order of the limits: each against what it is wired to."""

import random
from math import exp

import pytest

from headroom.planning import request
from headroom.planning.calendar import Calendar
from headroom.planning.contact import Contact
from headroom.planning.demand_cap import Capped, DemandCap
from headroom.planning.finish import Finish
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.request import FAST, NO_LIMIT_MA, OFF, SUN, Request
from headroom.planning.schedule import Schedule
from headroom.planning.sun import Sun
from headroom.planning.surplus import Surplus
from headroom.planning.tariff import Tariff
from headroom.planning.temperature import Ntc, Temperature
from headroom.planning.zone import Zone
from headroom.records import ChargerState

MONDAY = 9585
OPEN, CLOSED = 1, 0  # an input with a pull-up


def plug(phases=1, priority=5, max_ma=32_000, mode=FAST):
    state = ChargerState(6000, max_ma, 80_000, 80_000, 0, tuple(range(phases)), priority=priority)
    state.car = True
    return Plug(state, 230, 1000, mode)


def clock(time="12:00", day=MONDAY):
    calendar = Calendar(Zone("UTC0"))
    hours, minutes = map(int, time.split(":"))
    calendar.tell(day, hours * 3600 + minutes * 60)
    return calendar


@pytest.mark.parametrize("closed_limits", [False, True])
def test_the_contact_limits_from_the_start_and_changes_once_it_has_been_steady_a_second(
    closed_limits,
):
    asks, free = (CLOSED, OPEN) if closed_limits else (OPEN, CLOSED)
    contact = Contact(closed_limits=closed_limits)
    assert contact.limits, "nobody has heard yet that it doesn't"
    changes = [contact.tell(200, free) for _ in range(5)]
    assert changes == [False] * 4 + [True]
    for level in (asks, asks, free, asks, asks, asks, free, free):
        assert not contact.tell(200, level), "it chatters"
    assert [contact.tell(200, None) for _ in range(5)][-1], "what can't be read limits"
    assert contact.limits


def test_a_broken_wire_limits_where_open_limits():
    contact = Contact()
    for _ in range(6):
        contact.tell(200, CLOSED)
    assert not contact.limits
    for _ in range(6):
        contact.tell(200, OPEN)
    assert contact.limits


@pytest.mark.parametrize(
    ("plugs", "limit_w", "limit_ma", "bounds"),
    [
        ([plug()], 4200, 0, [18_000]),
        ([plug(3)], 4200, 0, [6_000]),
        ([plug(), plug()], 4200, 0, [9_000, 9_000]),
        ([plug(priority=9), plug()], 4200, 0, [18_000, 0]),
        ([plug(3), plug(3)], 4200, 0, [6_000, 0]),
        ([plug()], 4200, 10_000, [10_000]),
        ([plug(), plug()], 0, 8_000, [8_000, 8_000]),
        ([plug(3)], 4100, 0, [0]),
    ],
)
def test_the_operators_watts_are_for_all_chargers_together(plugs, limit_w, limit_ma, bounds):
    contact = Contact(limit_w, limit_ma)
    planner = Planner(plugs, limits=(contact,))
    planner.step(1000, 0)
    assert [p.request.bound_ma for p in plugs] == bounds
    assert all(p.request.by == request.BY_CONTACT for p in plugs)
    used_w = sum(p.request.bound_ma * 230 * len(p.state.legs) // 1000 for p in plugs)
    assert not limit_w or used_w <= limit_w
    for _ in range(6):
        contact.tell(200, CLOSED)
    planner.step(1000, 0)
    assert [p.request.bound_ma for p in plugs] == [NO_LIMIT_MA] * len(plugs)


@pytest.mark.parametrize("step", range(1, 6))
def test_one_that_is_released_while_the_operator_asks_never_has_all_beside_the_other(step):
    """Whenever in the second the contact changed, and whenever its mode is another."""
    one, two = plug(), plug(mode=OFF)
    contact = Contact(4200)
    planner = Planner([one, two], limits=(contact,))
    for level in [CLOSED] * 10 + [OPEN] * (20 + step) + [CLOSED] * 10 + [OPEN] * 20:
        contact.tell(200, level)
        planner.step(200, 0)
    for _ in range(20):
        two.mode = FAST - two.mode
        for _ in range(5 + step):
            planner.step(200, 0)
            assert 230 * sum(p.request.bound_ma for p in planner.plugs) <= 4_200_000


@pytest.mark.parametrize("capped", [False, True])
def test_a_car_that_comes_while_the_operator_asks_shares_with_the_others(capped):
    one, two = plug(), plug()
    two.state.car = False
    limits = (Contact(4200),)
    power = calendar = None
    if capped:  # what is measured is looked at every five seconds only
        power, calendar = Power(), clock()
        one.capped, two.capped = Capped(), Capped()
        limits = (DemandCap(power, calendar, 90_000, 15), *limits)
    planner = Planner([one, two], calendar, power, limits)
    for _ in range(40):
        planner.step(200, 0)
    assert one.request.bound_ma == 18_000
    two.state.car = True
    for _ in range(10):
        planner.step(200, 0)
    assert [p.request.bound_ma for p in planner.plugs] == [9_000, 9_000]


@pytest.mark.parametrize("limits", [(999, 0), (0, 0), (4200, 5000), (100_001, 0), (4200, 81_000)])
def test_a_limit_of_the_contact_that_cant_be_is_refused(limits):
    with pytest.raises(ValueError, match=r"1000 to 100000|of 5 A .* 6 to 80|of 81 A .* 6 to 80"):
        Contact(*limits)


@pytest.mark.parametrize(("beta", "series"), [(3950, 10_000), (3435, 4700), (3950, 22_000)])
def test_an_ntc_is_read_by_its_formula(beta, series):
    ntc = Ntc(beta, series)
    for tenths in range(-350, 1200, 7):
        ohm = 10_000 * exp(beta * (1 / (tenths / 10 + 273.15) - 1 / 298.15))
        for full in (4096, 65_536):
            counts = round(full * ohm / (ohm + series))
            a_count = full * ohm * series * beta / (tenths / 10 + 273.15) ** 2
            a_count_dc = 10 / (a_count / (ohm + series) ** 2)
            assert abs(ntc.tenths(counts, full) - tenths) <= 4 + a_count_dc, tenths
    assert ntc.tenths(4096, 4096) is None, "broken"
    assert ntc.tenths(4090, 4096) is None
    assert ntc.tenths(0, 4096) is None, "shorted"
    for wrong in ((100,), (7000,), (3950, 1), (3950, 600_000)):
        with pytest.raises(ValueError, match=r"NTC: .* to "):
            Ntc(*wrong)


def test_warm_is_less_current_and_too_hot_a_pause_with_hysteresis():
    temperature = Temperature(60, 80)
    one = plug()
    planner = Planner([one], limits=(temperature,))

    def bound(celsius):
        temperature.tell(None if celsius is None else round(celsius * 10))
        planner.step(1000, 0)
        return one.request.bound_ma

    assert [bound(c) for c in (20, 59.9)] == [NO_LIMIT_MA] * 2
    assert bound(60) == 32_000
    assert bound(70) == 19_000
    assert bound(68) == 19_000, "it chatters"
    assert 19_000 < bound(66) < 26_000
    assert 6000 <= bound(79.9) <= 7000
    assert bound(80) == 0
    assert bound(60) == 0
    assert bound(59.9) > 6000
    assert bound(None) == 6000
    assert one.request.reason[one.request.by] == request.NTC_FAULT
    for wrong in ((20, 80), (60, 64), (60, 121)):
        with pytest.raises(ValueError, match="30 on, the pause 5 above it, 120 at most"):
            Temperature(*wrong)


def test_without_a_sensor_a_relay_is_off_for_its_minimum_is_all_it_has():
    temperature = Temperature(60, 80)
    relay = Plug(
        ChargerState(40_000, 40_000, 48_000, 48_000, 0, (0, 1), rest_ms=120_000), 230, 1, FAST
    )
    planner = Planner([relay], limits=(temperature,))
    temperature.tell(200)
    planner.step(1000, 0)
    assert relay.request.bound_ma == NO_LIMIT_MA
    temperature.tell(None)
    planner.step(1000, 0)
    assert relay.request.bound_ma == 0


def test_a_sensor_that_comes_and_goes_raises_nothing_until_it_was_sound_for_half_a_minute():
    """A loose wire; or too cold to tell, at the very edge."""
    temperature = Temperature(60, 80)
    one = plug()
    planner = Planner([one], limits=(temperature,))

    def bound(tenths):
        temperature.tell(tenths)
        planner.step(1000, 0)
        return one.request.bound_ma

    assert bound(200) == NO_LIMIT_MA, "the first reading after the start"
    assert {bound(None if second % 40 == 0 else 200) for second in range(400)} == {6000}
    assert bound(800) == 0, "hot it is at once"
    assert {bound(200) for _ in range(9)} == {6000}
    assert bound(200) == NO_LIMIT_MA


def everything(one, calendar):
    """A planner with every option, whose contact is free and whose NTC is cool."""
    power = Power()
    one.sun = Sun()
    one.capped = Capped()
    contact = Contact(4200)
    temperature = Temperature(60, 80)
    temperature.tell(200)
    for _ in range(6):
        contact.tell(200, CLOSED)
    limits = (Surplus(power), DemandCap(power, calendar, 9000, 15), contact, temperature)
    return Planner([one], calendar, power, limits), contact, temperature


def test_the_smallest_binds_and_is_named_of_equals_the_first():
    one = plug()
    one.schedule = Schedule("daily 10:00-14:00 20A")
    one.tariff = Tariff("daily 18:00-20:00 0.5", "0.2", "0.3")
    calendar = clock()
    planner, contact, temperature = everything(one, calendar)

    def holds():
        for _ in range(6):
            planner.step(1000, 500)
        return one.request.bound_ma, request.LIMITS[one.request.by]

    assert holds() == (20_000, "schedule")
    one.command_ma = 20_000
    assert holds() == (20_000, "schedule")
    one.command_ma = 19_000
    assert holds() == (19_000, "command")
    for _ in range(6):
        contact.tell(200, OPEN)
    assert holds() == (18_000, "grid contact")
    temperature.tell(750)
    assert holds() == (12_000, "temperature")
    calendar.tell(MONDAY, 18 * 3600)
    assert holds() == (0, "price")
    one.mode = SUN
    assert holds() == (0, "price")
    calendar.tell(MONDAY, 21 * 3600)
    assert holds() == (0, "sun")
    one.mode = OFF
    assert holds() == (0, "mode")
    one.command_ma = 5_000
    one.mode = FAST
    assert holds() == (0, "command"), "less than the minimum is a pause"


def test_finish_lifts_schedule_price_and_sun_and_nothing_else():
    one = plug(mode=SUN)
    one.schedule = Schedule("daily 00:00-24:00 off")
    one.tariff = Tariff("daily 00:00-24:00 0.5", "0.2", "0.3")
    one.finish = Finish("02:00", 10)
    calendar = clock("01:59")
    planner, contact, _ = everything(one, calendar)
    planner.step(1000, 0)
    assert one.request.bound_ma == 0
    calendar.tell(MONDAY, 2 * 3600)
    for _ in range(6):
        planner.step(1000, 0)
    assert one.request.bound_ma >= 32_000
    for _ in range(6):
        contact.tell(200, OPEN)
    planner.step(1000, 0)
    assert one.request.bound_ma == 18_000
    one.session_wh = 10_000
    planner.step(1000, 0)
    assert one.request.bound_ma == 0
    one.session_wh = 0
    one.mode = OFF
    planner.step(1000, 0)
    assert (one.request.bound_ma, one.request.by) == (0, request.BY_MODE)


def test_each_option_that_is_on_only_lowers():
    """Random and hostile: with one limit more, no charger ever has more."""
    chance = random.Random(1)
    for _ in range(3000):
        full, less = Request(), Request()
        for limit in range(len(request.LIMITS)):
            if chance.random() < 0.5:
                ma = chance.choice((0, -1, 5999, 6000, chance.randrange(90_000), NO_LIMIT_MA))
                full.ask(limit, ma, 0)
                if chance.random() < 0.7:
                    less.ask(limit, ma, 0)
        full.settle(6000)
        less.settle(6000)
        assert full.bound_ma <= less.bound_ma
        assert full.bound_ma == 0 or full.bound_ma >= 6000
        asked = min(full.limit_ma)
        assert full.limit_ma[full.by] == asked
        assert full.bound_ma == (asked if asked >= 6000 else 0)


def test_a_sun_mode_without_a_measured_surplus_is_no_charge():
    one = plug(mode=SUN)
    Planner([one]).step(1000, None)
    assert (one.request.bound_ma, one.request.by) == (0, request.BY_MODE)
