"""The supervisor against overloads, by true currents: when it acts, when not, and the way back."""

from itertools import pairwise

import pytest
from supervised_plant import BREAKER_MA, CAR_S, HOUR_S, WINDOW_MS, Plant, beat_all, charger, stuck

from headroom.balancing.breaker import Budget
from lab.sim.breaker import Breaker


@pytest.mark.parametrize("leg", [0, 1])
@pytest.mark.parametrize(
    ("times_rated", "expected_s"),
    [(1.1, 111.6), (1.2, 35.6), (1.3, 20.4), (1.5, 10.5), (2.0, 4.1), (3.0, 1.5)],
)
def test_a_stuck_controller_is_overruled_as_stated(leg, times_rated, expected_s):
    """12 s / ((I / In)^2 - 1.05^2); an overload is no reason to reset."""
    plant = Plant([charger()], decide=stuck(48_000))
    plant.settle(48_000)
    plant.house_a[leg] = 100 * times_rated - 48
    _, tripped_s = plant.run(HOUR_S, until=lambda: plant.tripped)
    assert tripped_s == pytest.approx(expected_s, rel=0.01, abs=0.3)
    assert plant.tripped == f"L{leg + 1} is above its breaker's rating and nothing helps"
    watchdog = plant.supervisor._watchdog
    assert watchdog.fed == round(tripped_s * 1000 / WINDOW_MS)


@pytest.mark.parametrize("times_rated", [1.1, 1.2, 1.3, 1.4])
def test_the_cars_are_down_before_the_fastest_hot_breaker_trips(times_rated):
    """A bimetal that has come from its rating, fed with what flows."""
    plant = Plant([charger()], decide=stuck(48_000))
    plant.settle(48_000)
    breaker = Breaker(100, preload_a=100)
    plant.house_a[0] = 100 * times_rated - 48
    for _ in range(10 * 60 * 5):
        plant.step()
        assert not breaker.step(plant.reading.leg_ma[0] / 1000, WINDOW_MS / 1000), plant.s
    assert plant.trips


@pytest.mark.parametrize("percent", [*range(106, 200, 3), 250, 400])
def test_it_never_comes_before_the_controllers_own_budget(percent):
    plant = Plant([charger()], decide=stuck(48_000))
    plant.settle(48_000)
    plant.house_a[0] = percent - 48
    budget = Budget(2, BREAKER_MA)
    while not budget.used_up():
        plant.step()
        assert not plant.tripped
        budget.add(0, plant.reading.leg_ma[0], WINDOW_MS)


def test_what_a_breaker_carries_for_ever_trips_nothing():
    plant = Plant([charger()], decide=stuck(48_000))
    plant.settle(48_000)
    plant.house_a = [104.9 - 48] * 2
    plant.run(HOUR_S)
    assert plant.trips == []


def test_a_controller_that_works_is_never_overruled_whatever_the_house_draws():
    """A house that is above the rating by itself is nothing that a fallback could mend."""
    plant = Plant([charger()])
    for house_a in (40, 85, 97, 103, 40, 120, 160, 30, 108, 60):
        plant.house_a = [house_a, 20]
        plant.run(240)
    assert plant.trips == []


def test_three_trips_within_an_hour_stay_until_a_person_has_looked():
    """75 A of house and a controller stuck at 48 A: above the rating for minutes, not for 19."""
    plant = Plant([charger()], decide=stuck(48_000))
    plant.house_a = [75, 75]
    above_s, _ = plant.run(4 * HOUR_S)
    assert len(plant.trips) == 3
    assert above_s < 3 * (29 + 2 * CAR_S)
    assert plant.tripped == (
        "L1 is above its breaker's rating and nothing helps; the third time within an hour: "
        "'resume' lets the chargers charge again"
    )
    assert plant.supervisor.resume()
    assert not plant.supervisor.resume(), "there is nothing more to look at"
    _, again_s = plant.run(HOUR_S, until=lambda: len(plant.trips) == 4)
    assert again_s < 60, "it has been calm for long"


def test_three_trips_that_an_hour_lies_between_are_three_single_ones():
    plant = Plant([charger()], decide=stuck(48_000))
    for _ in range(5):
        plant.house_a = [75, 75]
        plant.run(HOUR_S, until=lambda: plant.tripped)
        plant.house_a = [20, 20]
        plant.run(HOUR_S // 2)
        assert not plant.tripped
    assert len(plant.trips) == 5


def test_after_a_trip_the_cars_return_through_the_pace_of_a_fresh_start():
    plant = Plant([charger()])
    plant.house_a = [20, 20]
    plant.run(120)
    assert plant.draw_ma == [48_000]
    supervisor = plant.supervisor
    supervisor.watch([400_000, 0], 10_000)  # for a moment the meter sees what isn't there
    plant.run(20)
    assert plant.tripped
    assert plant.draw_ma == [6000]
    plant.run(HOUR_S, until=lambda: not plant.tripped)
    draws_ma = []
    for _ in range(60 * 5):
        plant.step()
        draws_ma.append(plant.draw_ma[0])
    rises_ma = [after - before for before, after in pairwise(draws_ma)]
    assert max(rises_ma) <= 12_000
    assert draws_ma[-1] == 48_000, "and all is as before"
    assert draws_ma.index(48_000) * WINDOW_MS >= 3 * 6000, "a dead time between two steps"


def test_a_trip_ends_after_a_minute_of_calm(supervisor):
    supervisor.watch([200_000, 0], 60_000)
    assert supervisor.tripped
    windows = 0
    while supervisor.tripped:
        beat_all(supervisor)
        supervisor.watch([50_000, 0], WINDOW_MS)
        supervisor.check(WINDOW_MS)
        windows += 1
    # 12 s of budget run off at (0.5^2 - 1.05^2) a second, then the minute.
    expected_s = 12 / (1.05**2 - 0.5**2) + 60
    assert windows * WINDOW_MS / 1000 == pytest.approx(expected_s, rel=0.01)


def test_calm_that_is_interrupted_begins_anew(supervisor):
    supervisor.watch([200_000, 0], 60_000)
    for _ in range(20):
        for _ in range(240):
            beat_all(supervisor)
            supervisor.watch([0, 0], WINDOW_MS)
            supervisor.check(WINDOW_MS)
        supervisor.watch([200_000, 0], WINDOW_MS)
    assert supervisor.tripped


@pytest.mark.long
def test_a_group_is_overruled_by_what_its_chargers_may_hold():
    """Two of 32 A on a breaker of 40 A without a CT, and a controller stuck at 32 A."""
    states = [charger(32, group=2), charger(32, group=2), charger(32)]
    plant = Plant(states, (0, 40_000), decide=stuck(32_000, 3), breaker_ma=200_000)
    breaker = Breaker(40, preload_a=32)
    for _ in range(4 * HOUR_S * 5):
        plant.step()
        assert not breaker.step(plant.group_ma[1] / 1000, WINDOW_MS / 1000), plant.s
    assert [why.split(" ")[:2] for _, why in plant.trips] == 3 * [["group", "2"]]


@pytest.mark.parametrize("shown_by", ["held_ma", "reported_ma"])
def test_a_charger_that_holds_more_than_it_was_told_counts_with_that(shown_by):
    states = [charger(32, group=1), charger(32, group=1)]
    plant = Plant(states, (40_000,), decide=stuck(16_000, 2))
    plant.run(60)
    assert plant.trips == []
    plant.ignores.add(0)
    plant.draw_ma[0] = 32_000
    if shown_by == "held_ma":
        states[0].held_ma = 32_000
    else:
        states[0].reported_ma[0] = 32_000
    _, seconds = plant.run(HOUR_S, until=lambda: plant.tripped)
    assert seconds == pytest.approx(12 / (1.2**2 - 1.05**2), abs=1)
    assert plant.tripped.startswith("group 1 ")


def test_a_report_that_is_old_counts_no_more():
    states = [charger(32, group=1), charger(32, group=1)]
    plant = Plant(states, (40_000,), decide=stuck(16_000, 2))
    states[0].reported_ma[0] = 32_000
    states[0].reported_age_ms = 10_000
    plant.run(HOUR_S)
    assert plant.trips == []


def test_a_charger_that_was_never_heard_ends_no_others_charging():
    """It may hold 32 of 40 A. The others have their fallback: nothing would be lower."""
    states = [charger(32, group=1), charger(32, group=1)]
    states[0].online = False
    plant = Plant(states, (40_000,), decide=lambda: [32_000, 6000])
    plant.run(HOUR_S)
    assert plant.trips == []
    plant._decide = lambda: [32_000, 16_000]
    plant.run(HOUR_S, until=lambda: plant.tripped)
    assert plant.tripped.startswith("group 1 ")


@pytest.mark.long
@pytest.mark.parametrize("others", [1, 3])
def test_one_that_was_never_heard_trips_nothing_where_an_ev_ct_would_show_it(others):
    """It may hold 32 A for all that anybody knows; the controller keeps its fallback for it."""
    states = [charger(32, group=1) for _ in range(1 + others)]
    states[0].online = False
    plant = Plant(states, (40_000,))
    most_ma = 0
    for _ in range(HOUR_S * 5):
        states[0].offer_ma, states[0].ceiling_ma = -1, 32_000
        plant.draw_ma[0] = 0
        plant.step()
        most_ma = max(most_ma, plant.group_ma[0])
        assert plant.trips == []
    assert most_ma >= 25_000
