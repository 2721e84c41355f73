"""Car, CT front end and oracle: amperes in, counts and kilowatt-hours out."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from lab.sim.car import Car
from lab.sim.fixed import Fixed
from lab.sim.front_end import MAINS_L1, MAINS_L2, NO_BURDEN, OPEN, FrontEnd
from lab.sim.oracle import Oracle

MAINS_A_PER_COUNT, EV_A_PER_COUNT = 0.14648, 0.07324
CYCLE = 128


def counts(front_end, frames, legs_a, ev_a):
    data = front_end.sample(frames, legs_a, ev_a)
    return np.frombuffer(data, "<u2").reshape(-1, 3).astype(float)


def test_rms_of_the_counts_is_the_true_current():
    frames = counts(FrontEnd(), 60 * CYCLE, (40.0, 25.0), 15.2)
    leg1_a, leg2_a, ev_a = frames.std(axis=0) * [
        MAINS_A_PER_COUNT,
        MAINS_A_PER_COUNT,
        EV_A_PER_COUNT,
    ]
    assert leg1_a == pytest.approx(MAINS_L1.mains_a(40.0, 15.2), rel=0.002)
    assert leg2_a == pytest.approx(MAINS_L2.mains_a(25.0, 15.2), rel=0.002)
    assert ev_a == pytest.approx(15.2, rel=0.002)
    assert frames.mean(axis=0) == pytest.approx([2048 + 7, 2048 - 12, 2048 + 4], abs=0.1)


def test_third_harmonic_has_its_share():
    leg1 = counts(FrontEnd(), 60 * CYCLE, (40.0, 0.0), 0.0)[:, 0]
    spectrum = np.abs(np.fft.rfft(leg1))
    assert spectrum[180] / spectrum[60] == pytest.approx(0.08 / (1 - 0.08**2) ** 0.5, rel=0.02)


def test_chunks_join_without_a_gap():
    whole = FrontEnd().sample(1000, (30.0, 20.0), 6.0)
    parts = FrontEnd()
    assert whole == b"".join(parts.sample(n, (30.0, 20.0), 6.0) for n in (1, 38, 461, 500))


def test_converter_clips_where_its_range_ends():
    front_end = FrontEnd()
    counts(front_end, CYCLE, (200.0, 0.0), 0.0)
    assert front_end.clipped == 0
    clipped = counts(front_end, CYCLE, (260.0, 0.0), 0.0)
    assert front_end.clipped > 10
    assert clipped[:, 0].max() == 4095
    assert clipped[:, 0].min() == 0


def test_an_open_ct_shows_bias_and_noise_and_a_missing_burden_both_rails():
    front_end = FrontEnd()
    front_end.gain[0], front_end.gain[1] = OPEN, NO_BURDEN
    frames = counts(front_end, 60 * CYCLE, (40.0, 25.0), 15.2)
    assert frames[:, 0].mean() == pytest.approx(2048 + 7, abs=0.1)
    assert frames[:, 0].std() < 1.0
    assert (frames[:, 1].min(), frames[:, 1].max()) == (0, 4095)
    assert frames[:, 2].std() * EV_A_PER_COUNT == pytest.approx(15.2, rel=0.002)


def drive(car, seconds, offer_a, from_s=0.0):
    steps = round(seconds * 100)
    return [car.step(from_s + i * 0.01, 0.01, offer_a) for i in range(steps)]


def test_car_takes_95_percent_after_its_dead_time_and_within_5_s():
    car = Car(lag_s=1.5)
    drawn = drive(car, 5, 16.0)
    assert max(drawn[:150]) == 0.0
    assert drawn[-1] == pytest.approx(15.2)
    drawn = drive(car, 5, 8.0, from_s=5)
    assert drawn[140] == pytest.approx(15.2)
    assert drawn[-1] == pytest.approx(7.6)


def test_car_stops_below_its_minimum_and_at_its_own_maximum():
    car = Car(max_a=10.0)
    assert drive(car, 5, 32.0)[-1] == pytest.approx(10.0)
    assert drive(car, 5, 5.9, from_s=5)[-1] == 0.0


def test_car_tapers_and_gets_full():
    car = Car(max_a=40.0, need_kwh=0.01)
    drawn = drive(car, 60, 32.0)
    assert max(drawn) == pytest.approx(0.95 * 32)
    assert any(0 < amps < 15 for amps in drawn[600:])
    assert drawn[-1] < 0.5
    assert car.taken_kwh == pytest.approx(0.01, rel=0.05)
    car.fill()
    assert drive(car, 3, 32.0, from_s=60)[-1] == 0.0


@dataclass
class Place:
    """Somewhere to charge, as the oracle sees it."""

    car: Car = field(default_factory=lambda: Car(max_a=15.2, lag_s=0.0))
    min_a: float = 6.0
    held_a: float = 6.0
    max_a: float = 48.0
    finest_a: float = 0.1
    present: bool = True


def charge(oracle, seconds, base_a):
    return [oracle.step((base_a, 0.0), 0.2) for _ in range(round(seconds * 5))]


def test_oracle_takes_what_is_free_on_the_worse_leg_from_the_moment_on_when_it_is():
    place = Place()
    oracle = Oracle(100, 80, [place])
    drawn = [oracle.step((30.0, 70.0), 0.2) for _ in range(500)]
    assert drawn[-1] == pytest.approx(9.5)
    assert oracle.kwh == pytest.approx(9.5 * 0.240 * 100 / 3600, rel=0.01)
    assert charge(oracle, 5, 10.0)[-1] == pytest.approx(15.2), "no more than its car can"
    assert charge(oracle, 0.2, 72.05) == [pytest.approx(0.95 * 7.9)], "in the charger's steps"
    place.present = False
    assert charge(oracle, 0.2, 10.0) == [0.0]


@pytest.mark.parametrize(
    "car", [Car(32.0, 32.0, 1.0, 2.0), Car(max_a=48, lag_s=6.0), Car(9.0, 16.0, 2.0, 1.0)]
)
def test_oracles_car_is_the_same_car_to_the_end_of_its_taper(car):
    oracle = Oracle(100, 80, [Place(car)])
    for step in range(5 * 3600):
        drawn = oracle.step((0.0, 0.0), 0.2), car.step(step * 0.2, 0.2, 48.0)
        assert drawn[0] == pytest.approx(drawn[1], abs=1.3), "a step of its rise apart"
    assert oracle.kwh == pytest.approx(car.taken_kwh, rel=0.001)


def test_oracle_holds_at_the_minimum_until_the_budget_is_spent():
    oracle = Oracle(100, 80, [Place()])
    assert charge(oracle, 600, 78.0)[-1] == pytest.approx(5.7)
    over = charge(oracle, 20, 134.3)
    assert over[0] == pytest.approx(5.7)
    assert over.index(0.0) * 0.2 == pytest.approx(10.5, abs=0.2)


def test_oracle_of_one_that_is_on_or_off_has_it_on_while_all_of_it_fits():
    """Whatever the budget tolerates; it needs no rest."""
    oracle = Oracle(100, 80, [Place(Car(lag_s=0.0), min_a=40.0, held_a=0.0, max_a=40.0)])
    assert max(charge(oracle, 60, 41.0)) == 0.0
    assert charge(oracle, 60, 39.0)[-1] == pytest.approx(38.0)
    assert charge(oracle, 0.2, 41.0)[-1] == 0.0
    assert charge(oracle, 60, 39.0)[-1] == pytest.approx(38.0)


def test_oracles_car_that_needs_9_a_has_them_or_nothing():
    oracle = Oracle(100, 80, [Place(Car(9.0, 32.0, 0.0))])
    assert charge(oracle, 5, 72.0)[-1] == pytest.approx(0.95 * 9)
    oracle.step((200.0, 0.0), 10)
    assert charge(oracle, 5, 72.0)[-1] == 0.0


def test_oracle_of_two_shares_what_is_free_and_serves_one_when_two_minimums_do_not_last():
    oracle = Oracle(100, 80, [Place(), Place(Car(max_a=30.4, lag_s=0.0))])
    drawn = [charge(oracle, 10, base_a)[-1] for base_a in (10.0, 50.0, 72.0)]
    assert drawn == pytest.approx([0.95 * 48, 0.95 * 30, 0.95 * 12])
    oracle.step((200.0, 0.0), 10)
    assert charge(oracle, 1, 72.0)[-1] == pytest.approx(0.95 * 8)


def test_what_the_oracles_tapering_car_leaves_is_the_others():
    first = Car(max_a=32.0, lag_s=0.0, need_kwh=2.0)
    first.taken_kwh = 0.96 * 2.0
    oracle = Oracle(100, 80, [Place(first), Place(Car(max_a=40.0, lag_s=0.0))])
    least = 0.4 * 32 + 0.95 * (40 - 0.4 * 32 / 0.95)
    assert charge(oracle, 10, 40.0)[-1] == pytest.approx(least, abs=0.2)


def hour(fixed, base_a):
    for step in range(18000):
        fixed.step(step * 0.2, (base_a, 20.0), 0.2)
    return fixed


def test_a_fixed_16_a_gives_95_percent_of_it_all_the_time_to_a_twin():
    place = Place(Car())
    fixed = hour(Fixed(16.0, 100, (40.0, 20.0), [place]), 40.0)
    assert fixed.kwh == pytest.approx(0.95 * 16 * 0.240, rel=0.002)
    assert not fixed.tripped
    assert place.car.taken_kwh == 0.0
    small = hour(Fixed(16.0, 100, (40.0, 20.0), [Place(Car(), max_a=10.0)]), 40.0)
    assert small.kwh == pytest.approx(0.95 * 10 * 0.240, rel=0.002)


def test_a_fixed_current_that_trips_the_breaker_gives_nothing_more():
    """70 A and 0.95 x 48 A: heat 0.49 goes to 1.336 and trips at 1.277, 2.7 time constants on."""
    fixed = hour(Fixed(48.0, 100, (70.0, 20.0), [Place(Car(lag_s=0.0))]), 70.0)
    assert fixed.tripped
    assert fixed.kwh == pytest.approx(0.95 * 48 * 0.240 * 160 / 3600, rel=0.05)


def test_a_fixed_current_gives_nothing_where_nobody_is():
    assert hour(Fixed(16.0, 100, (40.0, 20.0), [Place(Car(), present=False)]), 40.0).kwh == 0.0
