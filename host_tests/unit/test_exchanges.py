"""Replies that come later than they may: they are never taken for the reply to another request.

The chargers are pymodbus servers that answer in order; only the line delays what they say.
"""

import random

import pytest
from charging_bench import Bench
from scripted_line import Line, with_crc

from headroom.charging import families, profile
from headroom.charging.exchanges import Exchanges
from headroom.charging.rtu import Rtu, RtuError
from lab.sim import chargers as sim

FAMILIES = [name for name in families.FAMILIES if name != "custom"]
DRAW_A = 5.0
LATE_MS = (5, 5, 5, 280, 340, 600, 900, 1400)


def what_it_says(charger):
    state = charger.state
    return charger.answers.letter, tuple(state.reported_ma), state.report_limit_ma


def started(bench, amps):
    bench.allocate(amps)
    bench.models[0].draw_a = DRAW_A
    bench.run(20)
    charger, model = bench.chargers[0], bench.models[0]
    assert charger.state.online
    assert model.pilot_a == pytest.approx(amps, abs=0.01)
    return charger, model


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", FAMILIES)
def test_with_late_replies_nothing_untrue_is_believed(name, seed):
    chance = random.Random(seed)
    with Bench(sim.ALL[name]) as bench:
        charger, model = started(bench, 10)
        truth = what_it_says(charger)
        held = {10_000}
        for turn in range(1500):
            bench.line.delay_ms = chance.choice(LATE_MS) if turn % 300 < 200 else 5
            if turn % 7 == 0:
                bench.allocate(chance.choice((6, 8, 10, 13, 16)))
            bench.run(0.1)
            model.draw_a = DRAW_A
            held.add(round(model.pilot_a * 1000))
            said = what_it_says(charger)
            if name != "smartevse":  # that one truly stops when nothing is broadcast
                assert said[0] in (truth[0], "?")
            assert set(said[1]) <= {*truth[1], -1}
            assert said[2] in (truth[2], -1)
            assert charger.state.held_ma in {*held, -1}
            assert model.pilot_a * 1000 <= charger.state.ceiling_ma + 1
            if charger.state.offer_ma >= 0:
                assert model.pilot_a * 1000 <= charger.state.offer_ma + 1
        bench.line.delay_ms = 5
        bench.allocate(7)
        bench.run(40)
        assert charger.state.online
        assert model.pilot_a == pytest.approx(7, abs=0.01)


@pytest.mark.parametrize("late_ms", [340, 600, 1100])
def test_always_late_two_blocks_of_one_length_are_not_taken_for_each_other(late_ms):
    """OBO's both blocks have 5 words: read as the other the cap is a thousand amperes."""
    with Bench(sim.Obo) as bench:
        charger, _ = started(bench, 10)
        truth = what_it_says(charger)
        bench.line.delay_ms = late_ms
        for _ in range(600):
            bench.run(0.1)
            said = what_it_says(charger)
            assert said == truth or not charger.state.online
            assert said[2] in (truth[2], -1)
            assert charger.commissioning.flash_writes == 2, "what it was set up with before"


def test_a_late_acknowledgement_is_not_taken_for_that_of_the_same_limit_sent_anew(clock):
    """6 A, then 10 A is taken, then the 6 A that would lower it never reaches the charger."""
    six, ten = (bytes([6, 1, 5, 0, count]) for count in (60, 100))
    line = Line(clock)
    rtu = Rtu(line)
    exchanges = Exchanges(profile.load("heidelberg"), 1)

    async def write(pdu):
        await exchanges.write(rtu, pdu, 0)

    for pdu in (six, ten):
        with pytest.raises(RtuError, match="no reply"):
            clock.run(write(pdu))
    line.answer = lambda frame: with_crc([1, *six])  # late, and of the first
    with pytest.raises(RtuError, match="late"):
        clock.run(write(six))
    assert exchanges.in_doubt
    clock.advance(2000)  # nothing is under way any more
    clock.run(write(six))
    assert not exchanges.in_doubt


def test_a_lost_reply_costs_the_next_exchanges_and_not_the_charger():
    """Every fourth reply is lost: what is asked next to be certain keeps it online."""
    for name in ("obo", "abb", "delta", "evse_wb"):
        with Bench(sim.ALL[name]) as bench:
            charger, model = started(bench, 10)
            honest = bench.line.answer
            count = 0

            def answer(frame, honest=honest):
                nonlocal count
                count += 1
                reply = honest(frame)
                return reply if count % 4 else None

            bench.line.answer = answer
            for amps in (16, 6, 13, 8) * 4:
                bench.allocate(amps)
                bench.run(8)
                assert charger.state.online, name
                assert model.pilot_a == pytest.approx(amps, abs=0.01), name
