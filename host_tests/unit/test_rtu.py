"""One Modbus exchange, frames in and frames out. Nothing here waits in real time."""

import contextlib
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_line import Line, with_crc
from virtual_time import Clock

from headroom.charging import receiver
from headroom.charging import rtu as module
from headroom.charging.rtu import Rtu, RtuError

REPLY_MS = 250
QUIET_MS = 20

# Recorded on a Heidelberg Energy Control: request, reply, (unit, function, register, words).
RECORDED = [
    ("01 03 01 01 00 01 D4 36", "01 03 02 3A 98 AB 4E", (1, 3, 257, (15000,))),
    ("02 04 00 05 00 01 21 F8", "02 04 02 00 02 7C F1", (2, 4, 5, (2,))),
    (
        "02 04 00 0A 00 03 90 3A",
        "02 04 06 00 EF 00 F1 00 F0 F0 03",
        (2, 4, 10, (239, 241, 240)),
    ),
    ("02 04 00 11 00 02 21 FD", "02 04 04 00 00 C9 4A 1F 23", (2, 4, 17, (0, 51530))),
    ("02 03 01 05 00 01 95 C4", "02 03 02 00 00 FC 44", (2, 3, 261, (0,))),
]
# Computed from the makers' register tables: unit, register, value, frame.
WRITES = [
    pytest.param(1, 261, 160, "01 06 01 05 00 A0 98 4F", id="heidelberg 16.0 A"),
    pytest.param(1, 261, 0, "01 06 01 05 00 00 98 37", id="heidelberg pause"),
    pytest.param(1, 262, 60, "01 06 01 06 00 3C 68 26", id="heidelberg failsafe 6.0 A"),
    pytest.param(1, 1000, 16, "01 06 03 E8 00 10 08 76", id="evse 16 A"),
    pytest.param(1, 1000, 1600, "01 06 03 E8 06 40 0B EA", id="evse 16.00 A"),
]
STATE_REPLY = bytes.fromhex("02 04 02 00 02 7C F1")
WRITE_16_A = bytes.fromhex("01 06 01 05 00 A0 98 4F")


class Bench:
    """An Rtu on a scripted line, 19200 8E1."""

    def __init__(self, answer=lambda frame: None):
        self.clock = Clock()
        self.line = Line(self.clock, answer)

    def __enter__(self):
        self._patch = pytest.MonkeyPatch()
        self.clock.install(self._patch)
        self.rtu = Rtu(self.line)
        self.rtu.open(19200, "E", 1)
        return self

    def __exit__(self, *_):
        self._patch.undo()

    def read(self, unit, function, register, count):
        return tuple(
            self.clock.run(self.rtu.read(unit, function, register, count, REPLY_MS, QUIET_MS))
        )

    def write(self, unit, register, value):
        self.clock.run(self.rtu.write(unit, register, value, REPLY_MS, QUIET_MS))


def kind_of(answer, exchange):
    """The kind of RtuError, and its code, that `exchange(bench)` ends in."""
    with Bench(answer) as bench, pytest.raises(RtuError) as caught:
        exchange(bench)
    return caught.value.kind, caught.value.code


def read_state(bench):
    return bench.read(2, 4, 5, 1)


def write_16_a(bench):
    return bench.write(1, 261, 160)


@pytest.mark.parametrize(("request_hex", "reply_hex", "meaning"), RECORDED)
@pytest.mark.parametrize("piece", [1, 3, 256])
def test_recorded_reads(request_hex, reply_hex, meaning, piece):
    unit, function, register, words = meaning
    with Bench(lambda frame: bytes.fromhex(reply_hex)) as bench:
        bench.line.piece = piece
        assert bench.read(unit, function, register, len(words)) == words
        assert bench.line.frames == [bytes.fromhex(request_hex)]


@pytest.mark.parametrize(("unit", "register", "value", "frame_hex"), WRITES)
def test_writes_are_these_bytes_and_done_when_echoed(unit, register, value, frame_hex):
    with Bench(lambda frame: frame) as bench:
        bench.write(unit, register, value)
        bench.rtu.write_now(unit, register, value)
        assert bench.line.frames == [bytes.fromhex(frame_hex)] * 2


@pytest.mark.parametrize("baud", [1200, 9600, 19200, 57600, 115200])
def test_last_words_are_frames_of_their_own(baud):
    """Modbus over Serial Line V1.02, 2.5.1.1: 3.5 characters of silence before each, at least
    1.75 ms."""
    with Bench(lambda frame: b"") as bench:
        bench.rtu.open(baud, "E", 1)
        begun_ms = bench.clock.ms
        for _ in range(3):
            bench.rtu.write_now(1, 261, 60)
        times = [begun_ms, *(at_ms for at_ms, _ in bench.line.sent)]
        silence_ms = max(3.5 * 11_000 / baud, 1.75)
        assert all(b - a >= silence_ms for a, b in pairwise(times))


@pytest.mark.parametrize(
    "noise", [b"\x00", b"\xff", b"\x02", b"\x02\x04", b"\x02\x04\x02", b"\x55" * 9]
)
def test_noise_before_a_reply_is_survived(noise):
    with Bench(lambda frame: noise + STATE_REPLY) as bench:
        assert read_state(bench) == (2,)


def test_the_echo_of_our_own_bytes_is_no_reply():
    with Bench(lambda frame: STATE_REPLY) as bench:
        bench.line.echo = True
        assert read_state(bench) == (2,)
    with Bench() as bench:
        bench.line.echo = True
        with pytest.raises(RtuError, match=module.SILENT):
            write_16_a(bench)


def held(bench, late_ms):
    """`send` returns that long after the last stop bit; the reply comes 2 ms after it."""
    bench.line.delay_ms = 2
    bench.line.piece = 1
    sent = bench.line.send

    async def send_and_be_held(frame):
        await sent(frame)
        bench.clock.advance(late_ms)

    bench.line.send = send_and_be_held


@pytest.mark.parametrize("late_ms", [0, 2, 4, 6, 10, 40])
def test_a_reply_that_began_while_another_task_held_the_loop_is_not_lost(late_ms):
    with Bench(lambda frame: STATE_REPLY if frame[1] == 4 else frame) as bench:
        held(bench, late_ms)
        assert read_state(bench) == (2,)
        write_16_a(bench)  # its acknowledgement is no echo: the read had none


@pytest.mark.parametrize("late_ms", [0, 4, 40])
def test_the_echo_of_a_write_is_no_acknowledgement_however_late_it_is_seen(late_ms):
    with Bench(lambda frame: STATE_REPLY if frame[1] == 4 else None) as bench:
        held(bench, late_ms)
        bench.line.echo = True
        for _ in range(2):
            with pytest.raises(RtuError):
                write_16_a(bench)
            assert read_state(bench) == (2,)


def test_what_lay_on_the_line_before_the_request_is_no_reply():
    with Bench() as bench:
        bench.line.arrive(STATE_REPLY)
        with pytest.raises(RtuError, match=module.SILENT):
            read_state(bench)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        pytest.param(None, module.SILENT, id="silence"),
        pytest.param(b"\x02", module.DAMAGED, id="one byte"),
        pytest.param(STATE_REPLY[:-1], module.DAMAGED, id="cut off"),
        pytest.param(with_crc([3, 4, 2, 0, 2]), module.DAMAGED, id="another unit"),
        pytest.param(with_crc([2, 3, 2, 0, 2]), module.DAMAGED, id="another function"),
        pytest.param(with_crc([2, 4, 4, 0, 2, 0, 2]), module.DAMAGED, id="more registers"),
        pytest.param(with_crc([2, 4, 0]), module.DAMAGED, id="no register"),
        pytest.param(b"\xaa" * 300, module.DAMAGED, id="a babbling transceiver"),
    ],
)
def test_a_read_without_a_good_reply_is_one_error(reply, kind):
    assert kind_of(lambda frame: reply, read_state) == (kind, 0)


@pytest.mark.parametrize("reply", [STATE_REPLY, WRITE_16_A])
def test_no_flipped_bit_passes(reply):
    for bit in range(8 * len(reply)):
        flipped = bytearray(reply)
        flipped[bit // 8] ^= 1 << bit % 8
        exchange = read_state if reply is STATE_REPLY else write_16_a
        kind, _ = kind_of(lambda frame, damaged=bytes(flipped): damaged, exchange)
        assert kind == module.DAMAGED, f"bit {bit}"


@pytest.mark.parametrize("code", [1, 2, 3, 4, 6, 11, 255])
def test_a_refusal_carries_its_code(code):
    assert kind_of(lambda frame: with_crc([2, 0x84, code]), read_state) == (module.REFUSED, code)
    assert kind_of(lambda frame: with_crc([1, 0x86, code]), write_16_a) == (module.REFUSED, code)


@pytest.mark.parametrize(
    "echoed", [(1, 6, 1, 5, 0, 0xA1), (1, 6, 1, 6, 0, 0xA0), (1, 6, 1, 5, 0xA0, 0)]
)
def test_a_write_that_echoes_something_else_is_not_done(echoed):
    kind, _ = kind_of(lambda frame: with_crc(echoed), write_16_a)
    assert kind == module.DIFFERENT


def test_silence_costs_the_reply_timeout_and_no_more():
    with Bench() as bench:
        with pytest.raises(RtuError):
            read_state(bench)
        sent_ms, frame = bench.line.sent[0]
        on_wire_ms = (len(frame) + 7) * 11 * 1000 / 19200
        waited_ms = bench.clock.ms - sent_ms
        assert REPLY_MS <= waited_ms <= REPLY_MS + on_wire_ms + 5


def test_silence_is_kept_between_frames():
    with Bench(lambda frame: STATE_REPLY) as bench:
        read_state(bench)
        ended_ms = bench.clock.ms
        read_state(bench)
        assert bench.line.sent[1][0] - ended_ms >= QUIET_MS


def test_a_wrapping_clock_costs_no_frame():
    clock = Clock(ticks_ms=(1 << 30) - 40)
    patch = pytest.MonkeyPatch()
    clock.install(patch)
    line = Line(clock, lambda frame: STATE_REPLY)
    rtu = Rtu(line)
    rtu.open(19200, "E", 1)
    for _ in range(10):
        clock.run(rtu.read(2, 4, 5, 1, REPLY_MS, QUIET_MS))
    patch.undo()
    assert clock.ms < 10 * 100


@given(st.binary(max_size=300), st.integers(1, 40))
def test_random_bytes_end_in_the_one_error(garbage, piece):
    with Bench(lambda frame: garbage) as bench:
        bench.line.piece = piece
        for exchange in (read_state, write_16_a):
            with contextlib.suppress(RtuError):
                exchange(bench)


BABBLE = {
    "random": random.Random(1).randbytes(400),
    "zeros": bytes(400),
    "0x55": b"\x55" * 400,
    "its address and function": b"\x02\x04" * 200,
    "the head of a reply": b"\x02\x04\x02" * 134,
    "the head of a long reply": b"\x02\x04\x18" * 134,
    "refusals": b"\x02\x84" * 200,
    "a word too early": b"\x02\x04\x02\0\2\0\0" * 58,
}


class Counted(bytearray):
    """Counts the bytes that are looked at one by one."""

    looked_at = 0

    def __getitem__(self, at):
        self.looked_at += 1
        return super().__getitem__(at)


@pytest.mark.parametrize("registers", [1, 12, 100])
@pytest.mark.parametrize("babble", BABBLE.values(), ids=BABBLE)
@pytest.mark.parametrize("piece", [1, 7, 400])
def test_babble_costs_a_few_looks_a_byte_and_holds_the_loop_for_none_of_it(
    babble, piece, registers, monkeypatch
):
    through_crc = []
    honest = receiver.crc16
    monkeypatch.setattr(
        receiver, "crc16", lambda data: through_crc.append(len(data)) or honest(data)
    )
    with Bench(lambda frame: babble) as bench:
        bench.line.piece = piece
        receiving = bench.rtu.receiver
        receiving._buffer = Counted(receiving._buffer)
        receiving._view = memoryview(receiving._buffer)
        turns = []
        take = receiving.take
        receiving.take = lambda line: turns.append(bench.clock.ms) or take(line)
        with pytest.raises(RtuError, match=module.DAMAGED):
            bench.read(2, 4, 5, registers)
    assert sum(through_crc) <= 3 * len(receiving._buffer)
    assert receiving._buffer.looked_at <= 8 * len(receiving._buffer)
    assert len(set(turns)) == len(turns), "the others have a turn each time that something came"


def test_a_reply_behind_the_worst_babble_is_found():
    with Bench(lambda frame: b"\x02\x04\x02" * 30 + STATE_REPLY) as bench:
        assert read_state(bench) == (2,)
