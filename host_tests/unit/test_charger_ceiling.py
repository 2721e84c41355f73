"""What a charger may hold, whatever it was told, acknowledged or shows."""

import pytest
from installation import (
    COMMAND,
    CURRENT,
    FAILSAFE,
    Installation,
    evse,
    heidelberg,
)


def test_what_it_may_hold_is_what_it_acknowledged_and_a_raise_from_when_it_is_sent(one):
    state, slave = one.chargers[0].state, one.slaves[0]
    assert state.ceiling_ma == 16_000, "never heard: the most that a Heidelberg can do"
    one.start(10_000)
    assert state.ceiling_ma == 10_000
    one.line.answer = lambda frame: slave.answer(frame) and None
    one.allow(12_000)
    one.run(200)
    assert state.ceiling_ma == slave.holding[COMMAND] * 100 == 12_000
    assert state.offer_ma == -1


def test_a_raise_that_was_taken_unacknowledged_is_kept_when_its_cable_is_cut(one):
    one.start(6000)
    state, slave = one.chargers[0].state, one.slaves[0]
    one.line.answer = lambda frame: slave.answer(frame) and None
    one.allow(12_000)
    while slave.holding[COMMAND] != 120:
        one.run(20)
    slave.alive = False
    one.run(60_000)
    assert not state.online
    assert state.ceiling_ma == 12_000


@pytest.mark.parametrize(
    ("told_ma", "fallback_a", "may_hold_ma"), [(6000, 10, 10_000), (12_000, 6, 12_000)]
)
def test_cut_off_it_may_hold_what_it_was_told_or_the_fallback_of_its_watchdog(
    clock, told_ma, fallback_a, may_hold_ma
):
    house = Installation(clock, ("heidelberg", heidelberg()), fallback_a=fallback_a)
    house.start(told_ma)
    house.slaves[0].alive = False
    house.run(60_000)
    assert house.chargers[0].state.ceiling_ma == may_hold_ma


def test_a_failsafe_that_nobody_proved_may_give_it_its_maximum(clock):
    slave = heidelberg()
    slave.refuses.add((FAILSAFE, 60))
    house = Installation(clock, ("heidelberg", slave))
    house.start(10_000)
    assert house.chargers[0].state.ceiling_ma == 10_000
    slave.alive = False
    house.run(10_000)
    assert house.chargers[0].state.ceiling_ma == 16_000


def test_what_it_was_read_to_hold_is_kept_when_it_answers_no_more(clock):
    """It restarts to its maximum, is read once and cut off."""
    house = Installation(clock, ("evse_wb", evse()))
    house.start(10_000)
    state, slave = house.chargers[0].state, house.slaves[0]
    assert (state.held_ma, state.ceiling_ma) == (10_000, 10_000)

    def cut_after_a_read(frame):
        if frame[1] != 3:
            return slave.answer(frame)
        slave.holding[CURRENT] = 32
        reply = slave.answer(frame)
        slave.alive = False
        return reply

    house.line.answer = cut_after_a_read
    house.run(20_000)
    assert not state.online
    assert state.ceiling_ma == 32_000
    assert state.held_ma == -1


def test_one_that_acknowledges_and_does_not_obey_may_hold_what_it_shows(clock):
    """Its register stays at 32 A whatever it says; then its cable is cut."""
    house = Installation(clock, ("evse_wb", evse()))
    house.start(10_000)
    state, slave = house.chargers[0].state, house.slaves[0]

    def stuck(frame):
        reply = slave.answer(frame)
        slave.holding[CURRENT] = 32
        return reply

    house.line.answer = stuck
    house.run(3000)
    for _ in range(50):
        house.run(97)
        assert state.online
        assert (state.held_ma, state.ceiling_ma) == (32_000, 32_000)
    slave.alive = False
    house.run(20_000)
    assert state.ceiling_ma == 32_000


def test_one_that_comes_back_may_hold_anything_until_it_is_told(clock):
    """It is asked for its unit before it can be told, and then the cable is cut again."""
    house = Installation(clock, ("evse_wb", evse()))
    house.start(10_000)
    state, slave = house.chargers[0].state, house.slaves[0]
    slave.alive = False
    house.run(10_000)
    assert state.ceiling_ma == 10_000, "nothing says that it restarted"
    slave.alive = True
    house.line.answer = lambda frame: None if frame[1] == 6 else slave.answer(frame)
    slave.holding[CURRENT] = 32
    house.run(5000)
    assert state.ceiling_ma == min(80_000, house.chargers[0].state.circuit_ma)
    house.line.answer = slave.answer
    house.run(5000)
    assert state.ceiling_ma == slave.holding[CURRENT] * 1000 == 10_000
