"""The bus and its chargers as the wire sees them: frames in, frames out, in virtual time.

Registers and frames are those of the makers' tables; the firmware's profiles are not looked at.
"""

import asyncio
import random
import time
from itertools import pairwise

import pytest
from scripted_line import Line, Slave, together, with_crc
from virtual_time import Clock

from headroom import fleet, records, settings
from headroom.charging.bus import Bus
from headroom.charging.rtu import Rtu

STATE, STANDBY, WATCHDOG, COMMAND, FAILSAFE = 5, 258, 257, 261, 262  # Heidelberg Energy Control
CURRENT, VEHICLE, AFTER_BOOT, OPTIONS = 1000, 1002, 2000, 2005  # EVSE-WB
KEPT_IN_FLASH = {WATCHDOG, STANDBY, FAILSAFE, AFTER_BOOT, OPTIONS}
FRAME_16_A = bytes.fromhex("01 06 01 05 00 A0 98 4F")
FRAME_6_A = bytes.fromhex("01 06 01 05 00 3C 98 26")
FRAME_PAUSE = bytes.fromhex("01 06 01 05 00 00 98 37")
FRAME_FAILSAFE_6_A = bytes.fromhex("01 06 01 06 00 3C 68 26")


def heidelberg(unit=1, **held):
    registers = {WATCHDOG: 0, STANDBY: 0, 259: 1, COMMAND: 0, FAILSAFE: 0}
    return Slave(
        unit,
        registers | {int(name[1:]): value for name, value in held.items()},
        {STATE: 7, 6: 60, 7: 61, 8: 0, 9: 250, 10: 230, 11: 230, 12: 230, 13: 1, 14: 2800},
    )


def evse(unit=1, **held):
    registers = {1000: 0, 1001: 0, 1002: 3, 1003: 32, 1004: 0, 1005: 18, 1006: 2}
    registers |= {AFTER_BOOT: 32, OPTIONS: 0}
    return Slave(unit, registers | {int(name[1:]): value for name, value in held.items()})


class Installation:
    """Chargers on a line, with the allocations in the test's hands."""

    def __init__(self, clock, *chargers):
        """Each charger is (profile, slave)."""
        values = settings.defaults()
        for n, (profile, slave) in enumerate(chargers, 1):
            settings.put(values, f"charger{n}.profile", profile)
            settings.put(values, f"charger{n}.address", slave.unit)
        settings.check(values)
        self.clock = clock
        self.slaves = [slave for _, slave in chargers]
        self.line = Line(clock, together(*self.slaves))
        self.chargers, problems = fleet.build(values, "")
        assert problems == []
        self.allocations = [records.Allocation(c.state.fallback_ma) for c in self.chargers]
        self.bus = Bus(Rtu(self.line), self.chargers, self.allocations)

    def allow(self, *currents_ma, fresh=True):
        """What the controller decides, from now on."""
        for allocation, ma in zip(self.allocations, currents_ma, strict=True):
            allocation.ma = ma
            allocation.ready = True
            allocation.fresh = fresh

    def run(self, ms, at_ms=0, action=None):
        """Serve the line for `ms`; `action()` happens `at_ms` from now, whatever goes on."""

        async def serve():
            end_ms = self.clock.ms + ms
            if action:
                asyncio.get_running_loop().call_later(at_ms / 1000, action)
            while self.clock.ms < end_ms:
                if not await self.bus.turn(time.ticks_ms()):
                    await asyncio.sleep_ms(2)

        self.clock.run(serve())

    def frames_since(self, ms, unit=None):
        return [
            frame for at_ms, frame in self.line.sent if at_ms >= ms and unit in (None, frame[0])
        ]

    def start(self, *currents_ma):
        """Until every charger is set up and told."""
        self.run(5000)
        assert all(charger.state.online for charger in self.chargers)
        self.allow(*currents_ma)
        self.run(2000)
        assert [charger.state.offer_ma for charger in self.chargers] == list(currents_ma)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(ticks_ms=(1 << 30) - 4000)  # it wraps in the midst of every test
    clock.install(monkeypatch)
    return clock


@pytest.fixture
def one(clock):
    return Installation(clock, ("heidelberg", heidelberg()))


@pytest.fixture
def two(clock):
    return Installation(clock, ("heidelberg", heidelberg(1)), ("heidelberg", heidelberg(2)))


# -- set-up


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


# -- offers


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
    assert {frame[1] for frame in frames} == {4, 6}
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


# -- reductions


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


# -- failures


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


# -- the measurement is not fresh, or the supervisor steps in


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


def test_the_supervisor_overrules_with_the_fallback_then_silence(two):
    two.start(16000, 0)
    tripped_ms = two.clock.ms
    two.bus.failsafe = True
    two.run(60_000)
    assert two.frames_since(tripped_ms) == [with_crc([1, 6, 1, 5, 0, 60])]
    two.bus.failsafe = False
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


# -- a line of which nothing can be believed


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_line_never_raises_and_no_wrong_value_is_believed(clock, seed):
    chance = random.Random(seed)
    house = Installation(clock, ("heidelberg", heidelberg(1)), ("evse_wb", evse(2)))
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
