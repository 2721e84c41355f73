"""One charger as the wire sees it: what it is set up with and told, and on a bad line."""

import random

import pytest
from installation import (
    COMMAND,
    CURRENT,
    FRAME_6_A,
    FRAME_16_A,
    FRAME_PAUSE,
    OPTIONS,
    STATE,
    Installation,
    evse,
    heidelberg,
)
from scripted_line import with_crc


def test_before_the_controller_has_decided_it_gets_its_fallback_first_of_all(one):
    """Any exchange feeds its watchdog and may bring back the 13.5 A of before a restart."""
    one.slaves[0].holding[COMMAND] = 135
    one.run(60_000)
    assert one.chargers[0].state.online
    assert one.line.frames[0] == FRAME_6_A
    assert [value for register, value in one.slaves[0].writes if register == COMMAND] == [60]
    assert one.line.opened == [(19200, "E", 1)]


@pytest.mark.parametrize(
    ("ma", "frame"), [(16000, FRAME_16_A), (0, FRAME_PAUSE), (15_999, None), (6000, None)]
)
def test_an_offer_is_these_bytes(one, ma, frame):
    one.start(10_000)
    told_ms = one.clock.ms
    one.allow(ma)
    one.run(1500)
    frame = frame or with_crc([1, 6, 1, 5, 0, ma // 100])
    assert one.frames_since(told_ms).count(frame) == 1
    assert one.chargers[0].state.offer_ma == ma // 100 * 100
    assert one.slaves[0].holding[COMMAND] == ma // 100


def test_an_offer_is_refreshed_and_the_state_polled_as_long_as_measurement_is_fresh(one):
    one.start(16000)
    before = one.clock.ms
    one.run(60_000)
    frames = one.frames_since(before)
    assert 10 <= frames.count(FRAME_16_A) <= 14, "every 5 s"
    assert 50 <= sum(frame[1] == 4 for frame in frames) <= 62, "every second"
    assert {frame[1] for frame in frames} == {3, 4, 6}
    assert 3 <= sum(frame[1] == 3 for frame in frames) <= 5, "whether it kept its set-up"
    assert one.chargers[0].state.car
    assert one.chargers[0].state.charging


@pytest.mark.parametrize(
    ("value", "car", "charging"),
    [(2, 0, 0), (3, 0, 0), (4, 1, 0), (5, 1, 0), (6, 1, 1), (7, 1, 1), (8, 1, 1)],
)
def test_the_states_of_a_heidelberg(one, value, car, charging):
    one.slaves[0].inputs[STATE] = value
    one.start(6000)
    assert (one.chargers[0].state.car, one.chargers[0].state.charging) == (car, charging)


@pytest.mark.parametrize(
    ("options", "frame_hex"),
    [
        (0x80, "01 06 03 E8 06 40 0B EA"),
        (0, "01 06 03 E8 00 10 08 76"),
        (0x7F, "01 06 03 E8 00 10 08 76"),
    ],
)
def test_an_evse_is_told_in_the_unit_that_its_bit_7_says(clock, options, frame_hex):
    house = Installation(clock, ("evse_wb", evse(r2005=options)))
    house.start(16000)
    assert bytes.fromhex(frame_hex) in house.line.frames
    assert bytes.fromhex("01 03 03 E8 00 07 84 78") in house.line.frames
    assert house.line.opened == [(9600, "N", 1)]
    house.allow(12_340)
    house.run(1500)
    told = 1234 if options == 0x80 else 12
    assert house.slaves[0].holding[CURRENT] == told


def test_an_old_evse_that_hides_its_options_is_told_in_whole_amperes(clock):
    slave = evse()
    del slave.holding[OPTIONS]
    house = Installation(clock, ("evse_wb", slave))
    house.start(16000)
    assert slave.holding[CURRENT] == 16


@pytest.mark.parametrize(("fresh", "told_a"), [(True, {6, 16}), (False, {6})])
def test_an_evse_that_came_back_with_coarse_steps_is_not_told_hundredfold(clock, fresh, told_a):
    """Bit 7 is gone after a factory reset, or it is another unit: 1600 would be 1600 A."""
    house = Installation(clock, ("evse_wb", evse(r2005=0x80)))
    house.start(16000)
    slave = house.slaves[0]
    slave.alive = False
    house.allow(16000 if fresh else 6000, fresh=fresh)
    house.run(10_000)
    slave.alive = True
    slave.holding[OPTIONS] = 0
    before = len(slave.writes)
    house.run(20_000)
    assert {value for register, value in slave.writes[before:] if register == CURRENT} == told_a


def test_what_the_cable_carries_is_the_most_that_it_may_have(clock):
    """Register 1003 of an EVSE-WB, in amperes; 0 where the cable says nothing."""
    house = Installation(clock, ("evse_wb", evse(r1003=13)))
    house.start(10_000)
    slave, state = house.slaves[0], house.chargers[0].state
    for amps, report_limit_ma in ((13, 13_000), (20, 20_000), (0, -1), (32, 32_000)):
        slave.holding[1003] = amps
        house.run(3000)
        assert state.report_limit_ma == report_limit_ma


@pytest.mark.parametrize("written_a", [32, 6])
def test_a_current_that_somebody_else_wrote_is_written_over(clock, written_a):
    house = Installation(clock, ("evse_wb", evse()))
    house.start(10_000)
    house.slaves[0].holding[CURRENT] = written_a
    house.run(2000)
    assert house.slaves[0].holding[CURRENT] == 10


@pytest.mark.parametrize("seed", range(12))
def test_a_bad_line_never_raises_and_no_wrong_value_is_believed(clock, seed):
    chance = random.Random(seed)
    house = Installation(clock, ("heidelberg", heidelberg(1)), ("evse_wb", evse(2)))
    house.idle_ms = 20
    honest = house.line.answer

    def answer(frame):
        reply = honest(frame)
        fault = chance.randrange(8)
        if fault == 0:
            return None
        if fault == 1:
            return chance.randbytes(chance.randrange(1, 300))
        if reply is None:
            return None
        if fault == 2:
            damaged = bytearray(reply)
            damaged[chance.randrange(len(reply))] ^= 1 << chance.randrange(8)
            return bytes(damaged)
        if fault == 3:
            return chance.randbytes(chance.randrange(1, 4)) + reply
        if fault == 4:
            return reply[: chance.randrange(len(reply))]
        if fault == 5:
            return with_crc([frame[0], frame[1] | 0x80, chance.randrange(1, 12)])
        return reply

    house.line.answer = answer
    for _ in range(100):
        house.allow(*chance.choices((0, 6000, 10_000, 16_000), k=2))
        house.run(1000)
    heidelberg_writes = {
        value for register, value in house.slaves[0].writes if register == COMMAND
    }
    assert heidelberg_writes <= {0, 60, 100, 160}
    assert {value for register, value in house.slaves[1].writes if register == CURRENT} <= {
        0,
        6,
        10,
        16,
    }
    house.line.answer = honest
    house.allow(10_000, 10_000)
    house.run(40_000)
    assert house.slaves[0].holding[COMMAND] == 100
    assert house.slaves[1].holding[CURRENT] == 10
    assert [charger.state.offer_ma for charger in house.chargers] == [10_000, 10_000]


def test_one_that_refuses_more_than_it_can_is_given_what_it_can(clock):
    """Its own maximum is 16 A, and no register says so; three refusals are no silence."""
    one = Installation(clock, ("evse_wb", evse()))
    slave, state = one.slaves[0], one.chargers[0].state
    slave.holding[1003] = 63
    slave.refuses = {(CURRENT, ampere) for ampere in range(17, 81)}
    one.start(6000)
    for _ in range(40):
        one.allow(min(32_000, state.report_limit_ma))
        one.run(500)
        assert state.online
    assert slave.holding[CURRENT] == 16
    asked = [value for register, value in slave.writes if register == CURRENT]
    assert set(asked[asked.index(16) :]) == {16}, "no more is tried"
    slave.refuses = set()
    one.idle_ms = 200
    one.run(600_000)
    assert state.report_limit_ma == 63_000, "it is offered more again"


def test_one_that_refuses_whatever_it_is_told_does_not_answer(clock):
    one = Installation(clock, ("evse_wb", evse()))
    one.start(6000)
    one.slaves[0].refuses = {(CURRENT, ampere) for ampere in range(81)}
    one.allow(0)
    one.run(5000)
    assert one.chargers[0].state.ceiling_ma >= 6000
    assert one.chargers[0].faults["refused"] >= 3
