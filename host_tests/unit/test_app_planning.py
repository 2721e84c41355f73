"""Planning at work in the app: what it is told, what it asks for, and what its faults cost."""

import pytest
from wished_house import House

from headroom import records
from headroom.reporting.wishes import Wishes

SUNDAY = "2026-03-29"  # daylight saving begins at 01:00 UTC
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"


def test_where_nothing_is_wished_nothing_is_built_or_loaded(clock):
    assert House(clock).planning is None


def test_a_charger_follows_what_the_house_feeds_in(clock):
    house = House(clock, charger1__mode="sun")
    assert house.run(30, 500) == [0]
    assert house.by() == "sun"
    draw_w = 0
    for _ in range(60):  # ten minutes of 3 kW beside the house
        house.run(10, draw_w - 3000)
        house.rows[0].draw_ma = house.states[0].offer_ma
        draw_w = house.states[0].offer_ma * 230 // 1000
    assert 3000 - 230 <= draw_w <= 3000
    house.run(70)  # nothing is measured: held for a minute, then paused
    assert house.states[0].request_ma == 0


def test_the_minimum_is_held_for_as_long_as_the_owner_chose(clock):
    for minutes in (1, 5):
        house = House(clock, charger1__mode="sun", sun_hold_min=minutes)
        house.run(150, -3000)
        assert house.states[0].request_ma >= 6000
        house.rows[0].draw_ma = 6000
        house.run(minutes * 60 - 15, 6 * 230)
        assert house.states[0].request_ma == 6000
        assert house.run(30, 6 * 230) == [0]


def test_without_a_voltage_all_amperes_count_as_import_for_the_cap(clock):
    house = House(clock, voltage="", cap_w=5000)
    for ma, asked in ((5_000, True), (30_000, False)):
        house.meter.window.leg_ma[0] = ma
        house.run(1200)
        assert (house.states[0].request_ma >= 6000) is asked
    house.meter.window.leg_ma[0] = 5_000
    assert house.run(1200)[0] >= 6000
    house.stale = True
    assert house.run(70) == [0], "nobody knows what is imported"


def test_a_schedule_goes_by_local_time_and_the_owner_chose_what_holds_without(clock):
    house = House(
        clock, zone=ZONE, charger1__schedule="daily 03:00-04:00 off; daily 05:00-06:00 8A"
    )
    assert house.run(2) == [records.NO_REQUEST_MA], "the time is unknown: it charges"
    for utc, wanted in (
        ("00:59:00", records.NO_REQUEST_MA),  # 01:59 of the winter
        ("01:00:30", 0),  # 03:00 of the summer
        ("01:59:50", 0),
        ("02:00:10", records.NO_REQUEST_MA),
        ("03:30:00", 8000),
    ):
        house.planning.set_time(f"{SUNDAY}T{utc}Z")
        assert house.run(2) == [wanted], utc
    cautious = House(
        clock, charger1__schedule="daily 03:00-04:00 fast", charger1__schedule_unknown="off"
    )
    assert cautious.run(2) == [0]
    assert next(Wishes(cautious.planning).faults()).startswith("the time is unknown")


def test_the_clock_counts_on_across_a_wrap_of_ticks_and_midnight(clock):
    house = House(clock, charger1__mode="off")
    clock.ms = (1 << 30) - 5000
    house.planning.step(clock.ms % (1 << 30))
    house.planning.set_time("2026-12-31T23:59:50Z")
    for _ in range(100):
        clock.ms += 200
        house.planning.step(clock.ms % (1 << 30))
    assert house.planning.time() == "2027-01-01T00:00:10Z"
    house.planning.set_time("2027-01-01T00:00:13Z")
    assert (house.planning.clock.drift_s, house.planning.clock.after_s) == (3, 20)


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-11-26", "2026-11-26T21:04:05", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-26T24:00:00Z", "2026-11-26T23:60:00Z",
        "2024-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "2026-11-26T21:04:05Z ",
        "2026-11-26T21:04:-5Z", "٢٠٢٦-11-26T21:04:05Z",
    ],
)  # fmt: skip
def test_a_time_that_cant_be_is_refused_and_changes_nothing(clock, text):
    house = House(clock, charger1__mode="off")
    with pytest.raises(ValueError, match="UTC such as 2026-11-26T21:04:05Z"):
        house.planning.set_time(text)
    assert house.planning.time() == ""


def failing(house, monkeypatch):
    def fail(*_):
        raise MemoryError("no memory")

    monkeypatch.setattr(house.planning._planner, "step", fail)


def test_what_fails_in_planning_stands_for_a_minute_then_asks_for_nothing_but_off(
    clock, monkeypatch
):
    house = House(
        clock,
        legs=3,
        voltage="",
        charger1__schedule="daily 00:00-24:00 8A",
        charger2__profile="heidelberg",
        charger2__address=2,
        charger2__mode="off",
    )
    house.planning.set_time(f"{SUNDAY}T12:00:00Z")
    assert house.run(2) == [8000, 0]
    with monkeypatch.context() as patch:
        failing(house, patch)
        assert house.run(59) == [8000, 0]
        assert "stands for a minute" in house.planning.fault()
        assert house.run(2) == [records.NO_REQUEST_MA, 0]
        assert "nothing is asked for" in house.planning.fault()
        assert house.planning.time() == f"{SUNDAY}T12:01:03Z"
    assert house.run(2) == [8000, 0], "it works again"
    assert house.planning.fault() == ""


def test_finish_makes_it_fast_until_the_car_has_had_its_share(clock, tmp_path):
    house = House(
        clock,
        tmp_path,
        charger1__mode="sun",
        charger1__finish="12:00",
        charger1__finish_kwh=1,
    )
    house.planning.set_time(f"{SUNDAY}T11:59:00Z")
    assert house.run(30, 500) == [0]
    house.planning.set_time(f"{SUNDAY}T12:00:00Z")
    assert house.run(5, 500) == [records.NO_REQUEST_MA]
    house.rows[0].draw_ma = 16_000  # 3680 W: 1 kWh in 978 s
    assert house.run(960, 4000) == [records.NO_REQUEST_MA]
    assert house.run(30, 4000)[0] < records.NO_REQUEST_MA


def test_the_price_is_told_also_while_finish_runs(clock, tmp_path):
    house = House(
        clock,
        tmp_path,
        charger1__charge_below="0.3",
        charger1__finish="12:00",
        tariff="daily 14:00-15:00 0.41",
        tariff_otherwise="0.25",
    )
    told = Wishes(house.planning)
    house.planning.set_time(f"{SUNDAY}T13:59:59Z")
    house.run(1)
    assert told.now()["price"] == "0.250"
    assert house.run(5) == [records.NO_REQUEST_MA]
    assert told.now()["price"] == "0.410"


def test_finish_counts_on_after_a_power_cut_from_what_was_stored(clock, tmp_path):
    def home():
        house = House(
            clock,
            tmp_path,
            charger1__mode="sun",
            charger1__finish="12:00",
            charger1__finish_kwh=1,
        )
        house.planning.set_time(f"{SUNDAY}T12:00:00Z")
        house.rows[0].draw_ma = 16_000  # 3680 W: 1 kWh in 978 s
        return house

    house = home()
    house.run(800, 4000)
    assert house.planning.sessions.due()
    house.planning.sessions.write()
    house.run(20, 4000)  # and these are lost
    house = home()
    assert house.run(160, 4000) == [records.NO_REQUEST_MA]
    assert house.run(30, 4000)[0] < records.NO_REQUEST_MA


def test_each_limit_is_told_with_its_reason_and_what_binds(clock):
    house = House(
        clock,
        charger1__mode="sun+min",
        charger1__charge_below="0.3",
        tariff="daily 00:00-24:00 0.25",
        tariff_otherwise="0.3",
    )
    house.planning.set_time(f"{SUNDAY}T12:00:00Z")
    house.rows[0].draw_ma = 6000
    house.run(10, 500)
    told = Wishes(house.planning)
    assert list(told.limits(0)) == [
        ("sun", 6000, "held at the minimum: less surplus than that, for a while", True)
    ]
    assert told.charger(0) == {
        "mode": "sun+min",
        "modes": ("off", "sun", "sun+min", "fast"),
        "request_ma": 6000,
        "request_by": "sun",
        "request": "sun: held at the minimum: less surplus than that, for a while",
    }
    now = told.now()
    assert (now["time"], now["local"]) == (f"{SUNDAY}T12:00:10Z", "sun 12:00")
    assert now["price"] == "0.250"
    assert now["surplus_w"] == 6 * 230 - 500
