"""A Wall Connector closes its loop through the whole firmware, in virtual time, by its own law.

See lab/sim/wall_connector.py for that law, and lab/polled.py for who judges: what truly flows.
`lab polled` plays whole nights.
"""

from itertools import pairwise

import pytest

from lab.polled import ALIKE_PCT, DERATE_PCT, MAX_A, RATED_A, play
from lab.sim.house import Steps

QUIET_A, MORE_A = 20, 14
STEPS = {t: (QUIET_A + MORE_A * (t // 20 % 2), 12) for t in range(60, 200, 20)}
DRAWS = 0.95  # of what a car is offered


def between(judge, from_s, to_s):
    return [row for row in judge.course if from_s <= row[0] < to_s]


@pytest.mark.long
def test_alone_it_is_shown_what_flows_in_time_and_believes_it():
    house = Steps({0: (20, 12), 60: (49.5, 30), 90: (76, 40), 110: (20, 12)})
    judge, charger, line = play(150, house)
    assert judge.faults == []
    assert line.missed < 30, "it asks while the firmware starts"
    assert line.slowest_s < 0.066
    _, offer_a, draw_a, _ = between(judge, 55, 56)[0]
    assert (offer_a, draw_a) == (MAX_A, pytest.approx(DRAWS * MAX_A, abs=0.3))
    _, offer_a, _, _ = between(judge, 85, 86)[0]  # 49.5 + 30.4 A are within its limit
    assert offer_a == MAX_A
    assert charger.trips == 1, "76 + 30 A are 26 A too much"
    assert judge.most_as > 15, "the episode was seen"
    last_s, offer_a, draw_a, _ = judge.course[-1]
    assert offer_a == pytest.approx(6 + (last_s - 111) / 30, abs=1), "1 A in 30 s after a trip"
    assert draw_a > 5


@pytest.mark.long
def test_beside_a_driven_charger_the_two_laws_do_not_fight():
    """With an EV CT its maximum is kept for it: it never has to make way, and the other does."""
    judge, charger, _ = play(200, Steps({0: (QUIET_A, 12)} | STEPS), beside=True)
    assert judge.faults == []
    assert (charger.trips, charger.pauses) == (0, 0)
    course = between(judge, 60, 200)
    assert {offer_a for _, offer_a, _, _ in course} == {MAX_A}
    limit_a = RATED_A * DERATE_PCT / 100
    told_a = [told for *_, told in course]
    assert max(told_a) == pytest.approx(limit_a - QUIET_A - MAX_A, abs=0.6)
    assert min(told_a) == 6, "4 A are left: its minimum is held"
    falls = sum(after < before - 1 for before, after in pairwise(told_a))
    assert falls <= len(STEPS) // 2 + 1, "it is lowered as often as the house takes more"


@pytest.mark.long
def test_without_an_ev_ct_what_it_draws_is_load_like_any_other():
    judge, charger, _ = play(140, Steps({0: (QUIET_A, 12)} | STEPS), beside=True, ev_ct=False)
    assert judge.faults == []
    assert (charger.trips, charger.pauses) == (0, 0)
    assert charger.offer_a == MAX_A
    limit_a = RATED_A * DERATE_PCT / 100
    told_a = [told for *_, told in between(judge, 60, 140)]
    assert max(told_a) == pytest.approx(limit_a - QUIET_A - DRAWS * MAX_A, abs=2.5)


@pytest.mark.long
def test_with_both_limits_alike_a_step_makes_it_trip_before_a_car_has_made_way():
    """That is why docs/meters.md has ours 10 A below: 15 A for 2 s are more than 20 A s."""
    house = Steps({0: (QUIET_A, 12), 60: (QUIET_A + 18, 12)})
    judge, charger, _ = play(70, house, beside=True, derate_pct=ALIKE_PCT)
    assert judge.faults == [], "it does so by its own law"
    assert charger.trips == 1
