"""One charger as the wire sees it: what it is set up with and told, and on a bad line."""

import random
import struct

import pytest
from charging_bench import Bench
from installation import (
    COMMAND,
    CURRENT,
    FAILSAFE,
    FRAME_6_A,
    FRAME_16_A,
    FRAME_FAILSAFE_6_A,
    FRAME_PAUSE,
    KEPT_IN_FLASH,
    OPTIONS,
    STANDBY,
    STATE,
    WATCHDOG,
    Installation,
    evse,
    heidelberg,
)
from scripted_line import with_crc

from headroom.charging import commission
from meter.sim import chargers as sim


def test_before_the_controller_has_decided_it_gets_its_fallback_first_of_all(one):
    """Any exchange feeds its watchdog and may bring back the 13.5 A of before a restart."""
    one.slaves[0].holding[COMMAND] = 135
    one.run(60_000)
    assert one.chargers[0].state.online
    assert one.line.frames[0] == FRAME_6_A
    assert [value for register, value in one.slaves[0].writes if register == COMMAND] == [60]
    assert one.line.opened == [(19200, "E", 1)]


def test_set_up_writes_what_differs_once_and_never_what_is_right(one):
    one.run(5000)
    kept = [write for write in one.slaves[0].writes if write[0] in KEPT_IN_FLASH]
    assert sorted(kept) == [(WATCHDOG, 15000), (STANDBY, 4), (FAILSAFE, 60)]
    assert FRAME_FAILSAFE_6_A in one.line.frames

    again = Installation(one.clock, ("heidelberg", heidelberg(r257=15000, r258=4, r262=60)))
    again.run(5000)
    assert again.chargers[0].state.online
    assert again.slaves[0].writes == [(COMMAND, 60)]


def test_registers_kept_in_flash_are_never_written_cyclically(clock):
    both = Installation(clock, ("heidelberg", heidelberg(1)), ("evse_wb", evse(2)))
    both.start(6000, 6000)
    before = [len(slave.writes) for slave in both.slaves]
    for second in range(200):
        both.allow(6000 + second % 11 * 1000, 16000 - second % 11 * 1000)
        both.run(1000)
    for slave, count in zip(both.slaves, before, strict=True):
        later = {register for register, _ in slave.writes[count:]}
        assert later
        assert not later & KEPT_IN_FLASH


def test_a_register_that_cant_be_read_is_written_once_however_often_it_starts(clock):
    """Firmware 1.0.7 of a Heidelberg: 258 is write-only, and kept in flash since 1.0.8."""
    slave = heidelberg()
    readable = slave.answer

    def answer(frame):
        if frame[1] == 3 and int.from_bytes(frame[2:4], "big") == STANDBY:
            return slave.exception(3, 2)
        return readable(frame)

    house = Installation(clock, ("heidelberg", slave))
    house.line.answer = answer
    house.start(16000)
    for _ in range(5):
        house.line.answer = lambda frame: None
        house.run(20_000)
        assert not house.chargers[0].state.online
        house.line.answer = answer
        house.run(20_000)
        assert house.chargers[0].state.online
    assert slave.writes.count((STANDBY, 4)) == 1


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


def test_an_evse_that_came_back_with_coarse_steps_is_not_told_hundredfold(clock):
    """Bit 7 is gone after a factory reset, or it is another unit: 1600 would be 1600 A."""
    house = Installation(clock, ("evse_wb", evse(r2005=0x80)))
    house.start(16000)
    slave = house.slaves[0]
    slave.alive = False
    house.run(10_000)
    slave.alive = True
    slave.holding[OPTIONS] = 0
    before = len(slave.writes)
    house.run(20_000)
    assert {value for register, value in slave.writes[before:] if register == CURRENT} == {6, 16}


def test_a_current_that_somebody_else_wrote_is_written_over(clock):
    house = Installation(clock, ("evse_wb", evse()))
    house.start(10_000)
    house.slaves[0].holding[CURRENT] = 32
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


def in_flash(slave, register):
    return sum(written == register for written, _ in slave.writes)


def test_a_charger_that_clamps_what_it_keeps_in_flash_is_written_once_and_named(clock):
    """Its fallback can't be below 8 A, and it drops out once a minute, for an hour."""
    slave = heidelberg()

    def answer(frame):
        reply = slave.answer(frame)
        slave.holding[FAILSAFE] = max(80, slave.holding[FAILSAFE])
        return reply

    house = Installation(clock, ("heidelberg", slave))
    house.line.answer = answer
    house.idle_ms = 50
    house.start(10_000)
    for _ in range(60):
        slave.alive = False
        house.run(5000)
        slave.alive = True
        house.run(55_000)
        assert house.chargers[0].state.online
    assert in_flash(slave, FAILSAFE) == 1
    charger = house.chargers[0]
    assert charger.note() == "it does not keep register 262"
    assert charger.setup.failsafe == commission.UNPROVEN


def test_one_that_loses_its_set_up_with_each_restart_is_written_a_few_times_a_day(clock):
    house = Installation(clock, ("heidelberg", heidelberg()))
    house.idle_ms = 50
    house.start(10_000)
    charger, slave = house.chargers[0], house.slaves[0]
    for day in (1, 2):
        for _ in range(20):
            slave.alive = False
            house.run(5000)
            slave.holding[WATCHDOG] = 0
            slave.alive = True
            house.run(20_000)
        assert in_flash(slave, WATCHDOG) == 3 * day
        assert charger.note() == "it lost register 257 3 times today"
        assert charger.setup.failsafe == commission.UNPROVEN
        for _ in range(24):
            clock.advance(3_600_000)
            house.run(20)
    house.run(120_000)
    assert charger.setup.failsafe == commission.PROVEN
    assert charger.note() == ""


@pytest.mark.parametrize("seed", range(2))
def test_where_acknowledgements_are_lost_flash_is_still_written_rarely_and_counted(clock, seed):
    chance = random.Random(seed)
    house = Installation(clock, ("heidelberg", heidelberg(1)), ("evse_wb", evse(2)))
    honest = house.line.answer

    def answer(frame):
        reply = honest(frame)
        return reply if chance.random() < 0.5 else None

    house.line.answer = answer
    house.idle_ms = 50
    house.allow(10_000, 10_000)
    for _ in range(12):
        house.run(60_000)
        for slave in house.slaves:  # it forgets, and drops out
            slave.holding |= dict.fromkeys(KEPT_IN_FLASH & set(slave.holding), 1)
    for charger, slave in zip(house.chargers, house.slaves, strict=True):
        counts = [in_flash(slave, register) for register in KEPT_IN_FLASH]
        assert max(counts) <= 3
        assert sum(counts) == charger.setup.flash_writes


@pytest.mark.parametrize("lost", [WATCHDOG, FAILSAFE, STANDBY])
def test_what_a_quick_restart_lost_is_set_again_and_not_called_proven_meanwhile(one, lost):
    """It is back before the next poll: nothing but its registers tells."""
    one.idle_ms = 50
    one.start(10_000)
    charger, slave = one.chargers[0], one.slaves[0]
    one.run(60_000)
    wanted = slave.holding[lost]
    slave.holding[lost] = 0
    one.run(60_000)
    assert slave.holding[lost] == wanted
    assert charger.setup.failsafe == commission.PROVEN
    slave.refuses.add((lost, wanted))
    slave.holding[lost] = 0
    one.run(60_000)
    assert charger.note() == f"it refuses to have register {lost} set"
    if lost != STANDBY:
        assert charger.setup.failsafe == commission.UNPROVEN
    assert charger.state.online


def test_a_release_that_a_quick_restart_took_is_given_again():
    with Bench(sim.Obo) as bench:
        bench.allocate(10)
        bench.run(20)
        assert bench.models[0].pilot_a == 10
        bench.models[0].holding[5] = 0
        bench.run(1)
        assert bench.models[0].pilot_a == 0
        bench.run(60)
        assert bench.models[0].pilot_a == 10


@pytest.mark.parametrize("seed", range(4))
def test_a_mennekes_never_gets_0_a_whatever_is_lost(seed):
    """0.0 A means "no limit" to it: it is paused by its release."""
    chance = random.Random(seed)
    with Bench(sim.Mennekes) as bench:
        honest = bench.line.answer

        def answer(frame):
            kind = chance.randrange(6)
            if kind == 0:
                return None  # not heard
            reply = honest(frame)
            return None if kind == 1 else reply

        bench.line.answer = answer
        for _ in range(400):
            bench.allocate(chance.choice((0, 0, 6, 10, 16)))
            bench.run(chance.choice((0.2, 1, 3)))
        bench.bus.last_words()
        currents = [
            struct.unpack(">f", frame[7:11])[0]
            for _, frame in bench.line.sent
            if frame[1] == 16 and frame[2:4] == b"\x03\x02"
        ]
        assert len(currents) > 100
        assert min(currents) >= 6
