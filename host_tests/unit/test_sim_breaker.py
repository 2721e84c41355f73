"""The simulated breaker against UL 489 and IEC 60898-1, and the budget before it."""

import pytest

from lab.sim.breaker import Breaker, Budget

RATED_A = 100.0
STEP_S = 0.01


def seconds_until(device, times_rated, at_most_s):
    """When `device` acts at a steady multiple of its rating; None if not in time."""
    for step in range(1, round(at_most_s / STEP_S) + 1):
        if device.step(times_rated * RATED_A, STEP_S):
            return step * STEP_S
    return None


def test_breaker_carries_its_rating_and_the_conventional_non_tripping_current():
    assert seconds_until(Breaker(RATED_A), 1.0, 3600) is None
    assert seconds_until(Breaker(RATED_A), 1.129, 3600) is None


@pytest.mark.parametrize(("times_rated", "ul489_s"), [(1.35, 2 * 3600), (2.0, 6 * 60)])
def test_breaker_trips_within_ul_489(times_rated, ul489_s):
    assert seconds_until(Breaker(RATED_A), times_rated, ul489_s) is not None


def test_breaker_trips_at_once_on_a_short_circuit():
    assert Breaker(RATED_A).step(8 * RATED_A, STEP_S)


@pytest.mark.parametrize(("times_rated", "act_s"), [(1.13, 52), (1.4, 10.5), (2.0, 3.1)])
def test_budget_acts_when_the_reference_says(times_rated, act_s):
    assert seconds_until(Budget(RATED_A), times_rated, 100) == pytest.approx(act_s, rel=0.02)


def test_budget_is_never_spent_below_its_threshold_and_recovers():
    budget = Budget(RATED_A)
    assert seconds_until(budget, 1.04, 3600) is None
    seconds_until(budget, 1.4, 5)
    seconds_until(budget, 0.8, 60)
    assert budget.fill_s == 0.0


@pytest.mark.parametrize("times_rated", [1.14, 1.2, 1.35, 1.5, 2.0, 3.0])
def test_budget_is_spent_before_a_breaker_hot_from_full_load_trips(times_rated):
    hot = Breaker(RATED_A, preload_a=RATED_A)
    trips_s = seconds_until(hot, times_rated, 3600)
    assert seconds_until(Budget(RATED_A), times_rated, 3600) < trips_s


@pytest.mark.parametrize(("times_rated", "share"), [(0.8, 0.501), (1.0, 0.783), (1.1, 0.948)])
def test_how_near_the_breaker_came_is_the_heat_of_its_steady_current_as_a_share_of_1_13(
    times_rated, share
):
    breaker = Breaker(RATED_A)
    assert seconds_until(breaker, times_rated, 600) is None
    assert seconds_until(breaker, 0.1, 600) is None
    assert breaker.nearest == pytest.approx(share, abs=0.001), "it cools, and that stays"
