"""The bus as the wire sees it: reductions first, dead chargers, and the last words."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from installation import (
    COMMAND,
    CURRENT,
    FAILSAFE,
    FRAME_6_A,
    FRAME_PAUSE,
    STANDBY,
    WATCHDOG,
    Installation,
    evse,
)
from scripted_line import with_crc

from headroom.app.guard import Guard
from headroom.balancing.controller import Controller
from headroom.charging.bus import Bus
from headroom.records import Reading


def test_a_reduction_goes_ahead_of_everything(two):
    two.start(16000, 16000)
    for at_ms in range(7, 2000, 131):
        two.allow(16000, 16000)
        two.run(7000)
        begun_ms = two.clock.ms
        two.run(2500, at_ms, lambda: two.allow(16000, 6000))
        down = with_crc([2, 6, 1, 5, 0, 60])
        sent = [(ms, frame) for ms, frame in two.line.sent if ms >= begun_ms + at_ms]
        index = next(i for i, (_, frame) in enumerate(sent) if frame == down)
        assert index <= 1, "at most the exchange that was begun goes first"
        # One exchange of 8 + 13 characters, its 100 ms of quiet, the reply's delay of 5 ms.
        assert sent[index][0] - begun_ms - at_ms <= 100 + 30 + 10


def test_the_silence_before_an_urgent_reduction_is_three_and_a_half_characters(two):
    two.start(16000, 16000)
    ended_ms = two.clock.ms
    two.allow(6000, 6000)
    two.run(500)
    first, second = [ms for ms, _ in two.line.sent if ms >= ended_ms][:2]
    on_wire_ms = 2 * 8 * 11 / 19.2 + 5
    assert second - first >= on_wire_ms + 3.5 * 11 / 19.2 - 1, "after the reply"
    assert second - first <= on_wire_ms + 8


def test_reductions_go_on_while_another_charger_is_dead(two):
    two.start(16000, 16000)
    two.slaves[0].alive = False
    two.run(4000)
    for ma in (15_000, 12_000, 9000, 6000):
        begun_ms = two.clock.ms
        two.allow(6000, ma)
        two.run(3000)
        down = with_crc([2, 6, 1, 5, 0, ma // 100])
        reached_ms = next(at for at, frame in two.line.sent if at >= begun_ms and frame == down)
        assert reached_ms - begun_ms <= 250 + 100 + 30, "one reply timeout of the dead one"


def test_three_failures_take_a_charger_offline_by_name(one):
    one.start(16000)
    charger, slave = one.chargers[0], one.slaves[0]
    bad = charger.frames_bad
    slave.alive = False
    while charger.frames_bad < bad + 2:
        one.run(50)
    assert charger.state.online
    while charger.frames_bad < bad + 3:
        one.run(50)
    assert not charger.state.online
    assert charger.state.offer_ma == -1
    assert list(charger.state.reported_ma) == [-1, -1, -1], "its last report tells nothing now"
    assert charger.where() == "charger1 (heidelberg at address 1)"
    assert charger.error == "no reply"


def test_an_offline_charger_is_asked_less_and_less(one):
    one.start(16000)
    one.slaves[0].alive = False
    one.run(5000)
    silent_ms = one.clock.ms
    one.run(120_000)
    asked = [ms for ms, _ in one.line.sent if ms >= silent_ms]
    gaps = [after - before for before, after in pairwise(asked)]
    assert all(after >= before - 50 for before, after in pairwise(gaps))
    assert 8000 <= max(gaps) <= 9000


@pytest.mark.parametrize(("back_ms", "longest_ms"), [(14_000, 2000), (60_000, 8000)])
def test_the_back_off_is_short_until_its_own_watchdog_has_acted(one, back_ms, longest_ms):
    """Line noise for 14 s, and it still offers 16 A; after 15 s it is at its failsafe."""
    one.start(16000)
    begun_ms = one.clock.ms
    one.slaves[0].alive = False
    one.run(4000, 3000, lambda: one.allow(6000))
    one.run(back_ms - 4000)
    orders = [ms for ms, frame in one.line.sent if ms > begun_ms + 3000 and frame == FRAME_6_A]
    gaps = [after - before for before, after in pairwise(orders)]
    assert longest_ms <= max(gaps) <= longest_ms + 400
    one.slaves[0].alive = True
    one.run(longest_ms + 400)
    assert one.slaves[0].holding[COMMAND] == 60


def test_a_charger_that_comes_back_is_set_up_and_told_anew(one):
    one.start(16000)
    slave = one.slaves[0]
    slave.alive = False
    one.run(30_000)
    slave.alive = True
    slave.holding |= {WATCHDOG: 0, STANDBY: 0, COMMAND: 0, FAILSAFE: 0}
    before = len(slave.writes)
    one.run(12_000)
    assert one.chargers[0].state.online
    written = slave.writes[before:]
    assert written.index((FAILSAFE, 60)) < written.index((COMMAND, 160))
    assert {(WATCHDOG, 15000), (STANDBY, 4)} <= set(written)
    assert one.chargers[0].error == ""


def test_a_reduction_that_was_not_acknowledged_is_sent_until_it_is(one):
    one.start(16000)
    one.slaves[0].alive = False
    one.run(300, 1, lambda: one.allow(6000))
    assert one.chargers[0].state.offer_ma != 6000
    one.slaves[0].alive = True
    one.run(15_000)
    assert one.chargers[0].state.offer_ma == 6000
    assert one.slaves[0].holding[COMMAND] == 60


def test_a_raise_that_may_have_been_taken_is_lowered_at_once(one):
    """The write arrives and its echo is lost: the charger may hold 16 A, never having said so."""
    one.start(6000)
    slave = one.slaves[0]
    one.line.answer = lambda frame: slave.answer(frame) and None
    one.allow(16_000)
    while slave.holding[COMMAND] != 160:
        one.run(20)
    one.line.answer = slave.answer
    begun_ms = one.clock.ms
    one.allow(6000)
    one.run(1000)
    assert slave.holding[COMMAND] == 60
    down = with_crc([1, 6, 1, 5, 0, 60])
    sent_ms = next(ms for ms, frame in one.line.sent if ms >= begun_ms and frame == down)
    assert sent_ms - begun_ms <= 600, "a reply timeout, then the wait for a late reply"


def test_a_dead_charger_costs_another_only_its_reply_timeout(two):
    two.start(16000, 16000)
    two.slaves[0].alive = False
    begun_ms = two.clock.ms
    two.run(60_000)
    polled = [ms for ms, frame in two.line.sent if ms >= begun_ms and frame[:2] == b"\x02\x04"]
    gaps = [after - before for before, after in pairwise(polled)]
    assert max(gaps) <= 1000 + 250 + 250
    assert two.chargers[1].state.online
    assert two.chargers[1].frames_bad == 0


def test_when_blind_the_fallback_goes_out_once_and_then_not_one_byte_more(one):
    one.start(16000)
    blind_ms = one.clock.ms
    one.allow(6000, fresh=False)
    one.run(300_000)
    assert one.frames_since(blind_ms) == [with_crc([1, 6, 1, 5, 0, 60])]
    fresh_ms = one.clock.ms
    one.allow(6000, fresh=True)
    one.run(3000)
    assert one.frames_since(fresh_ms), "the keep-alive goes on"


def test_when_the_supervisor_lets_go_while_blind_the_silence_lasts(one):
    """The overload is over; what the controller then begins again is not the keep-alive."""
    one.start(16000)
    controller = Controller(1, 100_000, 80, 6000, 5000, [one.chargers[0].state])
    one.bus = Bus(one.bus.rtu, one.chargers, controller.allocations)
    reading = Reading(1)
    reading.good = True
    supervisor = SimpleNamespace(tripped="overload", dead=False, check=lambda elapsed_ms: None)
    guard = Guard(supervisor, one.bus, controller)
    for _ in range(10):
        controller.step(reading, 200, 0)
        guard.look(100)
        one.run(200)
    for blind_ms in range(600, 3000, 200):
        controller.step(reading, 200, blind_ms)
        one.run(200)
    silent_ms = one.clock.ms
    supervisor.tripped = ""
    guard.look(100)
    one.run(200)
    assert one.frames_since(silent_ms) == []
    for _ in range(10):
        controller.step(reading, 200, 0)
        one.run(200)
    assert one.frames_since(silent_ms), "a good measurement ends it"


def test_what_is_below_the_fallback_stays_when_blind(one):
    one.start(0)
    blind_ms = one.clock.ms
    one.allow(0, fresh=False)
    one.run(60_000)
    assert one.frames_since(blind_ms) == []


def test_blind_from_the_start_each_charger_is_told_its_fallback_once(two):
    two.allow(6000, 6000, fresh=False)
    two.run(60_000)
    for unit in (1, 2):
        assert two.frames_since(0, unit) == [with_crc([unit, 6, 1, 5, 0, 60])]


@pytest.mark.parametrize("at_s", [0.3, 60])
def test_one_without_a_watchdog_that_restarts_while_blind_is_told_its_fallback_again(clock, at_s):
    """Nothing else would ever lower it; who finds the car at 6 A may well switch it off and on."""
    one = Installation(clock, ("evse_wb", evse()))
    one.start(16000)
    one.allow(6000, fresh=False)
    one.run(5000)

    def restart():
        one.slaves[0].holding[CURRENT] = 32

    one.run(at_s * 1000 + 6000, at_ms=at_s * 1000, action=restart)
    assert one.slaves[0].holding[CURRENT] == 6
    one.bus.silent = True
    silent_ms = clock.ms
    one.run(60_000)
    assert one.frames_since(silent_ms) == []


def test_an_overruled_charger_is_kept_alive_at_its_fallback_and_a_paused_one_stays_paused(two):
    """Silence would end in its own watchdog's fallback: 6 A more on a leg with too much."""
    two.start(16000, 0)
    two.bus.failsafe = True
    two.run(60_000)
    assert [slave.holding[COMMAND] for slave in two.slaves] == [60, 0]
    assert two.frames_since(two.clock.ms - 12_000), "both are kept alive"


def test_the_supervisor_overrules_with_the_fallback_then_silence_before_the_end(two):
    two.start(16000, 0)
    tripped_ms = two.clock.ms
    two.bus.failsafe = two.bus.silent = True
    two.run(60_000)
    assert two.frames_since(tripped_ms) == [with_crc([1, 6, 1, 5, 0, 60])]
    two.bus.failsafe = two.bus.silent = False
    two.run(3000)
    assert two.slaves[0].holding[COMMAND] == 160


def test_the_supervisor_is_heard_before_the_controller_ever_decided(one):
    one.bus.failsafe = True
    one.run(5000)
    assert one.slaves[0].holding[COMMAND] == 60


def test_the_last_words_are_the_fallback_twice_without_waiting_for_a_reply(two):
    two.start(16000, 0)
    stopped_ms = two.clock.ms
    two.slaves[0].alive = False
    two.bus.last_words()
    assert two.frames_since(stopped_ms) == 2 * [
        with_crc([1, 6, 1, 5, 0, 60]),
        FRAME_PAUSE.replace(b"\x01\x06", b"\x02\x06")[:-2]
        + with_crc(b"\x02\x06\x01\x05\0\0")[-2:],
    ]


def test_an_exception_for_one_leaves_no_other_without_its_last_words(two):
    two.start(16000, 16000)
    stopped_ms = two.clock.ms
    two.chargers[0].line = ("no baud rate", "N", 1)
    failures = two.bus.last_words()
    assert two.frames_since(stopped_ms, unit=2) == 2 * [with_crc([2, 6, 1, 5, 0, 60])]
    assert [charger.name for charger, _ in failures] == 2 * ["charger1"]


@pytest.mark.parametrize("where", ["next", "pdu", "check"])
def test_what_one_chargers_profile_raises_ends_no_others_service(two, where, monkeypatch):
    two.start(16000, 16000)
    begun_ms = two.clock.ms

    def explode(*_):
        raise TypeError("unsupported types for __rshift__: 'float', 'int'")

    monkeypatch.setattr(two.chargers[0].limit, where, explode)
    two.allow(6000, 10_000)
    two.run(10_000)
    broken, healthy = two.chargers
    assert not broken.state.online
    assert broken.error == (
        "its profile can't be carried out: "
        "TypeError(\"unsupported types for __rshift__: 'float', 'int'\")"
    )
    assert broken.state.ceiling_ma >= two.slaves[0].holding[COMMAND] * 100
    assert healthy.state.online
    assert two.slaves[1].holding[COMMAND] == 100
    assert len(two.frames_since(begun_ms, 2)) >= 10
    monkeypatch.undo()
    two.clock.install(monkeypatch)
    two.run(20_000)
    assert broken.state.online
    assert two.slaves[0].holding[COMMAND] == 60


def test_no_memory_is_everybodys_and_ends_in_a_restart(one, monkeypatch):
    one.start(16000)

    def explode(*_):
        raise MemoryError

    monkeypatch.setattr(one.chargers[0].limit, "next", explode)
    with pytest.raises(MemoryError):
        one.run(10_000)
