"""The receiver and the bus under a fault injector: nothing wrong is believed, every fault counted.

Time is virtual. HEADROOM_SOAK=1 runs the long counts everywhere.
"""

import os
import random
from collections import Counter
from functools import partial

import pytest
from charging_bench import Bench
from scripted_line import with_crc

from headroom.charging import receiver as heard
from headroom.charging import rtu as module
from headroom.charging.rtu import Rtu, RtuError
from lab.fast_clock import FastClock
from lab.sim import chargers as sim

UNIT, REPLY_MS, QUIET_MS = 7, 40, 5
SOAK = bool(os.environ.get("HEADROOM_SOAK"))
ALONE = 20_000 if SOAK else 2_000
MIXED = 100_000 if SOAK else 20_000
FUZZ_BYTES = 1_000_000


class Injector:
    """A line whose far end answers rightly, except when a fault of `kinds` is drawn.

    Every register reads as a new random value, so that no answer fits two requests.
    """

    def __init__(self, clock, kinds, share, seed=1):
        self.clock = clock
        self.kinds = kinds
        self.share = share
        self.chance = random.Random(seed)
        self.injected = Counter()
        self.kind = "none"
        self.truth = None
        self._arriving = []

    def open(self, baud, parity, stop):
        pass

    async def send(self, frame):
        frame = bytes(frame)
        chance = self.chance
        self.kind = chance.choice(self.kinds) if chance.random() < self.share else "none"
        self.injected[self.kind] += 1
        self.clock.advance(len(frame) * 11 / 19.2)
        if self.kind == "echo":
            self.arrive(frame[: chance.randrange(2, len(frame) + 1)], 0)
            tail = frame[len(self._arriving[-1][1]) :]
            if tail:
                self.arrive(tail, 0.6)
        good = self._good(frame)
        delay_ms = chance.uniform(2.1, 20)
        for data, after_ms in self._spoiled(good):
            self.arrive(data, delay_ms + after_ms)

    def arrive(self, data, in_ms):
        self._arriving.append((self.clock.us + in_ms * 1000, data))

    def read_into(self, buffer):
        count = 0
        while self._arriving and self._arriving[0][0] <= self.clock.us and count < len(buffer):
            _, data = self._arriving.pop(0)
            part = data[: len(buffer) - count]
            buffer[count : count + len(part)] = part
            count += len(part)
        return count

    def _good(self, frame):
        if frame[1] in (3, 4):
            count = int.from_bytes(frame[4:6], "big")
            self.truth = tuple(self.chance.randrange(0x10000) for _ in range(count))
            words = b"".join(word.to_bytes(2, "big") for word in self.truth)
            return with_crc([UNIT, frame[1], len(words), *words])
        return frame if frame[1] in (5, 6) else with_crc(frame[:6])

    def _spoiled(self, good):
        chance, kind = self.chance, self.kind
        if kind == "noise":
            noise = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 10)))
            return [(noise, -1.5), (good, 0)]
        if kind == "wrong unit":
            return [(with_crc([UNIT + chance.randrange(1, 200), *good[1:-2]]), 0)]
        if kind == "wrong function":
            return [(with_crc([UNIT, good[1] ^ 0x40, *good[2:-2]]), 0)]
        if kind == "short":
            return [(good[: chance.randrange(1, len(good))], 0)]
        if kind == "long":
            return [(good + bytes(chance.randrange(1, 20)), 0)]
        if kind == "flipped bits":
            spoiled = bytearray(good)
            for bit in chance.sample(range(8 * len(good)), chance.randrange(1, 4)):
                spoiled[bit // 8] ^= 1 << bit % 8  # a CRC-16 finds any three
            return [(bytes(spoiled), 0)]
        if kind == "silence":
            return []
        if kind == "late":
            return [(good, REPLY_MS + 18)]
        if kind == "refusal":
            return [(with_crc([UNIT, good[1] | chance.choice((0x80, 0x08)), 4]), 0)]
        if kind == "another value":
            return [(with_crc([*good[:-3], good[-3] ^ 1]), 0)]
        return [(good, 0)]


# What becomes of each kind: the kind of RtuError, None if survived; and the receiver's count.
BECOMES = {
    "none": (None, None),
    "echo": (None, heard.ECHO),
    "noise": (None, heard.NOISE),
    "long": (None, heard.LONG),
    "wrong unit": (module.DAMAGED, heard.UNIT),
    "wrong function": (module.DAMAGED, heard.FUNCTION),
    "short": (module.DAMAGED, heard.SHORT),
    "flipped bits": (module.DAMAGED, heard.CRC),
    "silence": (module.SILENT, None),
    "late": (module.SILENT, heard.NOISE),
    "refusal": (module.REFUSED, None),
}
ON_WRITES = BECOMES | {"another value": (module.DIFFERENT, None)}


async def exchange(rtu, chance):
    """One random request and what it gave; as a charger does, wait after a failure."""
    choice = chance.randrange(4)
    if choice == 0:
        register, value = chance.randrange(0x10000), chance.randrange(0x10000)
        await rtu.write(UNIT, register, value, REPLY_MS, QUIET_MS)
        return None
    if choice == 1:
        pdu = bytes([16, 1, chance.randrange(256), 0, 1, 2, 0, chance.randrange(256)])
        await rtu.write_pdu(UNIT, pdu, REPLY_MS, QUIET_MS)
        return None
    function, count = chance.choice((3, 4)), chance.randrange(1, 12)
    return await rtu.read(UNIT, function, chance.randrange(0xFF00), count, REPLY_MS, QUIET_MS)


def run(kinds, share, frames, writes_only=False):
    """Exchange so many frames; the injector, the receiver and the errors by kind."""
    clock = FastClock()
    with pytest.MonkeyPatch.context() as patch:
        clock.install(patch)
        line = Injector(clock, kinds, share)
        rtu = Rtu(line)
        rtu.open(19200, "E", 1)
        chance = random.Random(2)
        errors = Counter()
        for _ in range(frames):
            before_ms = clock.ms
            try:
                if writes_only:
                    clock.run(rtu.write(UNIT, 261, chance.randrange(200), REPLY_MS, QUIET_MS))
                    got = None
                else:
                    got = clock.run(exchange(rtu, chance))
                failed_as = None
            except RtuError as error:
                failed_as = error.kind
                errors[failed_as] += 1
                clock.advance(REPLY_MS)
                got = None
            assert failed_as == ON_WRITES[line.kind][0], line.kind
            assert got is None or tuple(got) == line.truth
            assert clock.ms - before_ms < 3 * REPLY_MS + 30  # no lock-up
    return line, rtu.receiver.counts, errors


@pytest.mark.parametrize("kind", [kind for kind in BECOMES if kind != "none"])
def test_one_kind_alone(kind):
    share = 1.0 if kind == "echo" else 0.5  # a line echoes always, or never
    line, counts, errors = run([kind], share, ALONE)
    fails_as, counted_as = BECOMES[kind]
    injected = line.injected[kind]
    assert injected > ALONE // 3
    assert errors == ({fails_as: injected} if fails_as else {})
    late_and_last = 1 if kind == "late" else 0  # the last one is not met by another request
    for name, count in counts.items():
        expected = injected if name == counted_as else 0
        assert expected - late_and_last <= count <= expected, name


def test_an_acknowledgement_of_another_value_is_none():
    line, _, errors = run(["another value"], 0.5, ALONE, writes_only=True)
    assert errors == {module.DIFFERENT: line.injected["another value"]}


@pytest.mark.long
def test_all_kinds_mixed():
    kinds = [kind for kind in BECOMES if kind not in ("none", "echo")]
    line, counts, errors = run(kinds, 0.3, MIXED)
    expected_errors, expected_counts = Counter(), Counter()
    for kind, injected in line.injected.items():
        fails_as, counted_as = BECOMES[kind]
        expected_errors[fails_as] += injected
        expected_counts[counted_as] += injected
    del expected_errors[None], expected_counts[None]
    assert errors == expected_errors
    assert sum(line.injected.values()) == MIXED
    for name, count in counts.items():
        assert expected_counts[name] - 1 <= count <= expected_counts[name], name


@pytest.mark.parametrize("likely", [0.0, 0.3], ids=["pure", "with our address and function"])
def test_a_million_random_bytes(likely):
    clock = FastClock()
    chance = random.Random(3)
    with pytest.MonkeyPatch.context() as patch:
        clock.install(patch)

        class Babble(Injector):
            sent = 0

            def _spoiled(self, good):
                pieces = []
                for at in range(chance.randrange(12)):
                    data = bytearray(chance.randbytes(chance.randrange(1, 90)))
                    if chance.random() < likely:
                        data[:2] = good[:2]
                    self.sent += len(data)
                    pieces.append((bytes(data), at * 3))
                return pieces

        line = Babble(clock, ["none"], 0)
        rtu = Rtu(line)
        rtu.open(9600, "N", 1)
        believed = 0
        while line.sent < FUZZ_BYTES // 2:
            try:
                clock.run(exchange(rtu, chance))
                believed += 1
            except RtuError:
                continue
    assert believed == 0


def test_chargers_on_a_bad_line_hold_what_we_believe():
    """The whole bus with faults: what a charger acknowledged is what it does, and it recovers."""
    chance = random.Random(5)
    with Bench(sim.Heidelberg, partial(sim.Abb, 2), sim.Mennekes) as bench:
        true_answer = bench.line.answer
        share = 0.25

        def answer(frame):
            reply = true_answer(frame)
            if reply is None or chance.random() > share:
                return reply
            kind = chance.randrange(4)
            if kind == 0:
                return None
            spoiled = bytearray(reply)
            if kind == 1:
                spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
            elif kind == 2:
                del spoiled[chance.randrange(len(spoiled)) :]
            else:
                spoiled[:0] = chance.randbytes(4)
            return bytes(spoiled)

        bench.line.answer = answer
        bench.allocate(6, 6, 6)
        for _ in range(400 if SOAK else 60):
            amps = [chance.choice((0, 6, 8, 10, 13, 16)) for _ in bench.models]
            bench.allocate(*amps)
            for _ in range(10):
                bench.run(1)
                for charger, model in zip(bench.chargers, bench.models, strict=True):
                    assert model.pilot_a * 1000 <= charger.limit.ceiling_ma + 1
                    if charger.state.offer_ma >= 0:
                        assert model.pilot_a * 1000 <= charger.state.offer_ma + 1
        share = 0
        bench.allocate(7, 8, 9)
        bench.run(40)
        assert [model.pilot_a for model in bench.models] == [7, 8, 9]
        assert all(charger.frames_bad > 50 for charger in bench.chargers)
        for charger in bench.chargers:
            assert sum(charger.faults.values()) == charger.frames_bad


def test_a_late_acknowledgement_is_not_taken_for_the_next_writes():
    """Function 16 acknowledges a register, not a value: 16 A late must not stand for 6 A lost."""
    with Bench(sim.Abb) as bench:
        bench.allocate(10)
        bench.run(5)
        true_answer = bench.line.answer
        writes = []

        def answer(frame):
            if frame[1] != 16 or len(writes) >= 2:
                return true_answer(frame)
            writes.append(bytes(frame))
            bench.line.delay_ms = 340 if len(writes) == 1 else 5  # its profile allows 300
            if len(writes) == 1:
                bench.allocate(6)
                return true_answer(frame)
            return None  # lost on its way

        bench.line.answer = answer
        bench.allocate(16)
        state, model = bench.chargers[0].state, bench.models[0]
        for _ in range(400):
            bench.run(0.005)
            if state.offer_ma >= 0:
                assert model.pilot_a * 1000 <= state.offer_ma
        assert len(writes) == 2
        assert model.pilot_a == 6
