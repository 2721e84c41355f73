"""A charger's set-up: written once, never cyclically to flash, again after an unseen restart."""

import random
import struct

import pytest
from charging_bench import Bench
from installation import (
    COMMAND,
    FAILSAFE,
    FRAME_FAILSAFE_6_A,
    KEPT_IN_FLASH,
    STANDBY,
    WATCHDOG,
    Installation,
    evse,
    heidelberg,
)

from headroom.charging import commission
from lab.sim import chargers as sim


def test_set_up_writes_what_differs_once_and_never_what_is_right(one):
    one.run(5000)
    kept = [write for write in one.slaves[0].writes if write[0] in KEPT_IN_FLASH]
    assert sorted(kept) == [(WATCHDOG, 15000), (STANDBY, 4), (FAILSAFE, 60)]
    assert FRAME_FAILSAFE_6_A in one.line.frames

    again = Installation(one.clock, ("heidelberg", heidelberg(r257=15000, r258=4, r262=60)))
    again.run(5000)
    assert again.chargers[0].state.online
    assert again.slaves[0].writes == [(COMMAND, 60)]


@pytest.mark.long
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


def in_flash(slave, register):
    return sum(written == register for written, _ in slave.writes)


@pytest.mark.long
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
    assert charger.commissioning.failsafe == commission.UNPROVEN


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
        assert charger.commissioning.failsafe == commission.UNPROVEN
        for _ in range(24):
            clock.advance(3_600_000)
            house.run(20)
    house.run(120_000)
    assert charger.commissioning.failsafe == commission.PROVEN
    assert charger.note() == ""


@pytest.mark.long
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
        assert sum(counts) == charger.commissioning.flash_writes


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
    assert charger.commissioning.failsafe == commission.PROVEN
    slave.refuses.add((lost, wanted))
    slave.holding[lost] = 0
    one.run(60_000)
    assert charger.note() == f"it refuses to have register {lost} set"
    if lost != STANDBY:
        assert charger.commissioning.failsafe == commission.UNPROVEN
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


@pytest.mark.long
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
