"""The demand cap: no window above it by more than the house alone made, and one surprise.

Judged by the power of the simulated week itself. HEADROOM_WEEKS says how many weeks
(`make soak-planning`: 1000); without it some days.
"""

import os
from itertools import pairwise

import pytest
from cap_week import MONDAY, TAKEN, Week

from headroom.planning import request
from headroom.planning.calendar import Calendar
from headroom.planning.demand_cap import Capped, DemandCap
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.power import Power
from headroom.planning.zone import Zone
from headroom.records import ChargerState

WEEKS = int(os.environ.get("HEADROOM_WEEKS", "0"))
FALL_S = 15  # a look, and a car that is two steps late


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("clock", [True, False])
def test_no_window_is_above_the_cap_for_more_than_the_house_alone_made(clock):
    taken = best = pauses = 0
    for seed in range(WEEKS // 2 or 5):
        week = Week(seed, 7 if WEEKS else 1, clock).run()
        # A house that fills the rest of a window surprises the cars once, without foresight.
        most_w = min(week.cap_w, sum(TAKEN * car.max_a * car.volts for car in week.cars))
        assert week.excess_wh() <= most_w * FALL_S / 3600, seed
        week_taken, week_best = week.energy_kwh()
        taken, best, pauses = taken + week_taken, best + week_best, pauses + week.pauses
    print(f"clock {clock}: {taken / best:.3f} of the oracle's energy, {pauses} pauses")
    assert taken > (0.6 if clock else 0.3) * best


class Home:
    """A charger of 32 A under a cap of 5 kW in quarters, second by second; its car follows."""

    def __init__(self, house, start_s=0, clock=True, minutes=15):
        self.house = house
        self.state = ChargerState(6000, 32_000, 80_000, 80_000, 0, (0,))
        self.state.car = True
        self.plug = Plug(self.state, 230)
        self.plug.capped = Capped()
        self.calendar = Calendar(Zone("UTC0"))
        power = Power()
        self.cap = DemandCap(power, self.calendar, 5000, minutes)
        self.planner = Planner([self.plug], self.calendar, power, (self.cap,))
        self.now_s = start_s
        self.ahead_s = 0  # of the utility's clock
        self.clock = clock
        self.known = True
        self.car_w = self.asked_w = 0
        self.log = []

    def run(self, seconds):
        for _ in range(seconds):
            self.car_w = self.asked_w if self.state.car else 0
            house_w = self.house(self.now_s)
            self.state.charging = self.car_w > 0
            self.plug.draw_w = self.car_w
            if self.clock:
                self.calendar.tell(MONDAY, self.now_s + self.ahead_s)
            self.planner.step(1000, house_w + self.car_w if self.known else None)
            ma = min(32_000, self.plug.request.bound_ma)
            self.state.offer_ma = ma
            self.asked_w = ma * 230 // 1000
            self.log.append((house_w, self.car_w))
            self.now_s += 1
        return self

    def mean_w(self, seconds):
        return sum(a + b for a, b in self.log[-seconds:]) / seconds

    def car_mean_w(self, seconds):
        return sum(car for _, car in self.log[-seconds:]) / seconds


def test_what_is_left_of_a_window_is_used():
    home = Home(lambda t: 1000).run(4 * 900)
    assert 4800 < home.mean_w(900) <= 5000
    late = Home(lambda t: 200)
    late.state.car = False
    late.run(1800 - 300)
    late.state.car = True
    late.run(300)
    rest = [car for _, car in late.log[-120:-20]]
    assert sum(rest) / 100 == pytest.approx(32 * 230, rel=0.01), "a quarter's rest is his"
    assert late.log[-1][1] <= 5000, "the next one begins with that"
    assert late.mean_w(900) <= 5000


def test_a_surprise_in_the_last_seconds_does_not_break_the_window():
    for surprise_s in (3, 6, 9, 12, 20, 40, 90):
        home = Home(lambda t, s=surprise_s: 4900 if t % 900 >= 900 - s else 300)
        home.run(900)
        for _ in range(6):
            home.run(900)
            assert home.mean_w(900) <= 5000, surprise_s


def test_a_house_that_takes_more_for_a_while_costs_no_pause():
    home = Home(lambda t: 4400 if 500 < t % 900 < 700 else 800)
    home.state.setting_ma = 10_000  # so it leaves some of the window
    home.run(4 * 900)
    assert min(car for _, car in home.log[900:]) >= 6 * 230
    assert home.mean_w(900) <= 5000


def test_where_the_minimum_does_not_fit_it_pauses_and_comes_back_with_room_that_lasted():
    home = Home(lambda t: 4500 if 900 <= t < 2700 else 500).run(2700)
    assert home.car_mean_w(900) == 0
    assert home.plug.request.reason[request.BY_CAP] == request.CAP_PAUSES
    home.run(50)
    assert home.car_mean_w(30) == 0
    home.run(60)
    assert home.car_mean_w(10) > 3000


def test_with_an_unknown_clock_no_window_of_any_beginning_is_above():
    home = Home(lambda t: 4200 if t % 2000 < 200 else 500, clock=False).run(8000)
    for start in range(0, 8000 - 900, 7):
        part = home.log[start : start + 900]
        assert sum(a + b for a, b in part) / 900 <= 5000, start
    assert home.car_mean_w(8000) > 3000


def test_where_power_is_unknown_the_cars_pause_after_a_minute():
    home = Home(lambda t: 1000).run(300)
    home.known = False
    home.run(50)
    assert home.car_w > 0
    home.run(30)
    assert home.car_w == 0
    assert home.plug.request.reason[request.BY_CAP] == request.CAP_BLIND


def test_a_blind_stretch_counts_as_the_cap():
    """The house drew the cap while nobody looked: the window is kept all the same."""
    home = Home(lambda t: 3600 if 300 <= t < 355 else 300).run(300)
    home.known = False
    home.run(55)
    home.known = True
    home.run(545)
    unseen = sum(a + b - 5000 for a, b in home.log[300:355])
    assert home.mean_w(900) * 900 <= 5000 * 900 + max(0, unseen)
    assert home.mean_w(545) < 5000 + 20


def test_a_clock_that_is_found_or_jumps_counts_what_it_has_not_seen_as_the_cap():
    home = Home(lambda t: 300, clock=False).run(450)
    home.clock = True
    home.run(450)
    assert home.mean_w(450) <= 5000
    home.run(100)
    home.now_s += 500
    home.run(300)
    assert home.mean_w(290) <= 5000


@pytest.mark.parametrize("back_s", [2, 60])
def test_a_clock_that_is_put_back_within_a_window_forgets_no_debt(back_s):
    """The house alone made the window; the cars add nothing, whoever corrects the clock."""
    home = Home(lambda t: 9000 if 900 <= t < 1400 else 200)
    home.ahead_s = back_s
    home.run(1450)
    home.ahead_s = 0
    home.run(1800 - 1450)
    house_w = sum(house for house, _ in home.log[900:]) / 900
    assert house_w > 5000
    assert home.mean_w(900) <= house_w + 32 * 230 * FALL_S / 900


@pytest.mark.parametrize("ahead_s", [600, 700, -600])
def test_a_clock_that_is_set_right_by_minutes_keeps_the_window_that_runs(ahead_s):
    """The car took the rest of a window that was none: it counts in the one that is."""
    home = Home(lambda t: 300)
    home.ahead_s = ahead_s
    home.state.car = False
    home.run(905)
    home.state.car = True
    home.run(190)
    assert home.car_mean_w(60) > 5000
    home.ahead_s = 0
    home.run(1800 - 1095)
    assert home.mean_w(900) <= 5000
    home.run(900)
    assert 4800 < home.mean_w(900) <= 5000


def test_a_clock_that_is_found_while_the_minimum_is_held_keeps_its_first_window():
    """What held the minimum was taken from the time before; the window that runs has it too."""
    found_s = 3600 + 145
    home = Home(lambda t: 5000 if 3600 <= t < found_s else 395, clock=False).run(found_s)
    assert home.car_mean_w(60) >= 6 * 230
    home.clock = True
    home.run(3600 + 900 - found_s)
    assert home.car_mean_w(600) > 3000
    assert home.mean_w(900) <= 5000


def test_a_window_that_lies_between_noons_of_summer_and_winter_time_is_no_other():
    """Both changes move the clock by whole hours: no window begins or ends with them."""
    calendar = Calendar(Zone("CET-1CEST,M3.5.0,M10.5.0/3"))
    for day in (MONDAY - 1, MONDAY + 209):
        for minutes in (15, 30, 60):
            seen = []
            for second in range(0, 3 * 3600, 20):
                calendar.tell(day, second)
                seen.append(calendar.second % (minutes * 60))
            assert {b - a for a, b in pairwise(seen) if b > a} == {20}


@pytest.mark.parametrize(("cap_w", "minutes"), [(5000, 20), (5000, 0), (999, 15), (100_001, 60)])
def test_a_cap_that_cant_be_is_refused(cap_w, minutes):
    with pytest.raises(ValueError, match=r"15, 30 or 60|1000 to 100000"):
        DemandCap(None, None, cap_w, minutes)
