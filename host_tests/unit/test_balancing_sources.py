"""Base load where no EV CT is: from the chargers' reports, or estimated from our own steps."""

from array import array

import pytest
from balancing_rows import charger, table

from headroom import records
from headroom.balancing.following import Following

STEP_MS = 200


def test_a_register_belongs_to_the_mains_of_when_it_was_read():
    state = charger()
    source = Following(2, table([state]), 6000, True)
    mains = records.Reading(2)
    state.offer_ma = 20_000
    base_ma = array("i", [0, 0])

    def window(leg_ma):
        mains.leg_ma[0] = mains.leg_ma[1] = leg_ma
        source.update(mains, STEP_MS)
        state.reported_age_ms += STEP_MS

    window(50_000)
    state.reported_ma[0], state.reported_age_ms = 20_000, 0
    for _ in range(40):
        window(50_000)
    source.base(mains, base_ma)
    assert list(base_ma) == [30_000, 30_000]
    state.offer_ma = 10_000
    window(50_000)
    window(46_000)  # the car is on its way down: the base stands still
    source.base(mains, base_ma)
    assert list(base_ma) == [30_000, 30_000]
    window(52_000)  # up, against the offer: that is the house
    source.base(mains, base_ma)
    assert list(base_ma) == [36_000, 36_000]


def test_the_report_of_one_car_does_not_hide_how_another_moves():
    states = [charger(), charger()]
    source = Following(2, table(states), 6000, True)
    mains = records.Reading(2)
    base_ma = array("i", [0, 0])

    def window(leg_ma, *reports):
        for i in reports:
            states[i].reported_ma[0], states[i].reported_age_ms = 20_000, 0
        mains.leg_ma[0] = mains.leg_ma[1] = leg_ma
        source.update(mains, STEP_MS)
        for state in states:
            state.reported_age_ms += STEP_MS
        source.base(mains, base_ma)
        return list(base_ma)

    states[0].offer_ma = states[1].offer_ma = 20_000
    window(50_000)
    assert window(50_000, 0, 1) == [10_000, 10_000]
    states[1].offer_ma = 12_000
    window(50_000)
    assert window(42_000, 0) == [10_000, 10_000], "the second went down while the first was read"
    states[0].offer_ma = states[1].offer_ma = 28_000
    window(42_000)
    states[0].reported_ma[0], states[0].reported_age_ms = 28_000, 0
    assert window(50_000) == [10_000, 10_000], "the first went up: that was not the second too"


def test_an_estimate_is_never_above_the_offers():
    state = charger()
    source = Following(2, table([state]), 6000, False)
    mains = records.Reading(2)
    base_ma = array("i", [0, 0])
    for told_a, leg_a in ((6, 20), (6, 26), (12, 26), (12, 60), (12, 30), (6, 30), (6, 24)) * 20:
        state.offer_ma = told_a * 1000
        mains.leg_ma[0] = mains.leg_ma[1] = leg_a * 1000
        source.update(mains, STEP_MS)
        source.base(mains, base_ma)
        assert base_ma[0] + 12_000 >= leg_a * 1000


def test_a_car_that_answered_a_step_is_known_to_follow_whatever_the_house_did_meanwhile():
    """It goes from 6 A to 15.2 A (95 % of 16 A) while 4 A of the house end in the same window."""
    state = charger()
    source = Following(1, table([state]), 6000, False)
    mains = records.Reading(1)
    base_ma = array("i", [0])

    def windows(count, house_ma, car_ma):
        for _ in range(count):
            mains.leg_ma[0] = house_ma + car_ma
            source.update(mains, STEP_MS)
        source.base(mains, base_ma)
        return base_ma[0]

    state.offer_ma = 0
    windows(5, 10_000, 0)
    state.offer_ma = 6_000
    windows(5, 10_000, 0)
    assert windows(40, 10_000, 5_700) == pytest.approx(10_000, abs=500)
    state.offer_ma = 16_000
    windows(5, 10_000, 5_700)
    assert windows(40, 6_000, 15_200) == pytest.approx(6_000, abs=500)


def test_phases_in_rotation_are_subtracted_from_their_own_legs():
    state = charger(legs=(1, 2, 0))
    source = Following(3, table([state]), 6000, True)
    mains = records.Reading(3)
    base_ma = array("i", [0, 0, 0])
    state.offer_ma = 16_000
    for _ in range(3):
        mains.leg_ma[:] = array("i", [30_000, 30_000, 30_000])
        state.reported_ma[:] = array("i", [16_000, 10_000, 0])
        state.reported_age_ms = 0
        source.update(mains, STEP_MS)
    source.base(mains, base_ma)
    assert list(base_ma) == [30_000, 14_000, 20_000]
