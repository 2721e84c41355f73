"""The whole firmware as a law of the scoreboard: the world of a scenario, and its judge."""

import pytest

from lab.bench.balancing import differences, whole
from lab.bench.balancing.judge import Score
from lab.bench.balancing.loop import run
from lab.bench.balancing.ours import Headroom
from lab.bench.balancing.scenario import STEP_S, Plug, Scenario
from lab.sim.car import EFFICIENCY_OF_OFFER, EV_V, Car

LIMIT_A = 80.0


def scenario(base_a, seconds, **bad):
    """A house that draws base_a[s] from each of these seconds on; a car comes in second 10."""
    steps = [
        next(a for s, a in reversed(base_a.items()) if s <= n * STEP_S)
        for n in range(round(seconds / STEP_S))
    ]
    plug = Plug(Car(max_a=48.0, need_kwh=80.0), at_s=10.0)
    return Scenario("steps", [(a, a - 5) for a in steps], [plug], limit_a=LIMIT_A, **bad)


@pytest.mark.long
def test_it_does_what_its_bare_controller_does():
    base_a = {0: 20.0, 100: 62.0, 160: 76.0, 170: 40.0}
    scores = []
    for play in (whole.play, lambda steps: run(steps, Headroom())):
        steps = scenario(base_a, 240)
        scores.append(play(steps))
        assert scores[-1].kwh == pytest.approx(steps.plugs[0].car.taken_kwh)
    ours, bare = scores
    assert ours.trips == ours.pauses == 0
    assert ours.kwh == pytest.approx(bare.kwh, rel=0.03)
    assert ours.oracle_kwh == pytest.approx(bare.oracle_kwh)
    assert 0 < ours.overload_as == pytest.approx(bare.overload_as, rel=0.1)
    assert differences.between(bare, ours)["same_share"] > 0.85


@pytest.mark.long
def test_a_relay_is_switched_and_never_told_anything_between():
    """On after two minutes, off with the load, and the oracle may only switch it, too."""
    base_a = {0: 20.0, 200: 62.0, 260: 20.0}
    scores = []
    for play in (whole.play, lambda steps: run(steps, Headroom())):
        steps = scenario(base_a, 420)
        steps.plugs = [Plug(Car(max_a=48.0, need_kwh=80.0), min_a=40.0, max_a=40.0)]
        scores.append(play(steps))
    for score in scores:
        assert (score.trips, score.pauses, score.starts) == (0, 1, 2)
        assert {round(offers_a) for *_, offers_a in score.shown} == {0, 40}
    on_s = (80.0, 40.0)  # from the proof to the load, and once it is gone
    most_kwh = (sum(on_s) + 5) * EFFICIENCY_OF_OFFER * 40 * EV_V / 3.6e6
    whole_kwh, bare_kwh = (score.kwh for score in scores)
    assert 0.8 * most_kwh < bare_kwh < most_kwh
    assert whole_kwh == pytest.approx(bare_kwh, rel=0.15)
    full_kwh = (200 + 160) * EFFICIENCY_OF_OFFER * 40 * EV_V / 3.6e6
    assert scores[0].oracle_kwh == pytest.approx(full_kwh, rel=0.1)


def test_what_the_meter_sees_wrongly_is_what_the_scenario_says():
    """A CT of L1 that shows a tenth too much: of mains and car, the car's own CT is right."""
    wrong = scenario({0: 60.0}, 80, ct_error=(0.1, 0.0))
    whole.play(wrong)
    hidden_a = 0.1 * EFFICIENCY_OF_OFFER  # of each ampere offered
    offer_a = (LIMIT_A - 1.1 * 60.0) / (1 + hidden_a)
    assert wrong.plugs[0].pilot_a == pytest.approx(offer_a, abs=0.4)
    assert wrong.plugs[0].car.taken_kwh < offer_a * EV_V * 70 / 3.6e6


def test_where_two_runs_part_the_most_is_said():
    bare, ours = Score(kwh=1.0, oracle_kwh=2.0), Score(kwh=1.1, oracle_kwh=2.0)
    offers = [(10.0, 10.0), (10.0, 13.0), (10.0, 10.5), (6.0, 20.0), (6.0, 30.0), (6.0, 6.0)]
    for second, (one_a, other_a) in enumerate(offers):
        bare.shown.append((second, 20.0, 30.0, one_a))
        ours.shown.append((second, 20.0, 30.0, other_a))
    found = differences.between(bare, ours)
    assert found["same_share"] == 0.5
    assert found["apart"] == [3, 4, 6.0, 25.0]
    assert found["energy_vs_oracle"] == pytest.approx(0.05)
    assert "second 3 to 4: 25.0 A instead of 6.0 A" in differences.tell("steps", found)
