"""Thousands of mutated profiles: each is refused, or can be carried out whatever the wire says.

What is told is judged by the frames: 0, or between the profile's own minimum and maximum.
"""

import copy
import json
import random
import struct

import pytest
from scripted_line import Line, with_crc

from headroom import records
from headroom.charging import custom, families, profile, schema
from headroom.charging.bus import Bus
from headroom.charging.charger import Charger
from headroom.charging.rtu import Rtu
from lab.fast_clock import FastClock

PROFILES = [name for name in families.PROFILES if name != "custom"]
WORDS = (0, 1, 2, 3, 6, 60, 0x7F, 0x8000, 0xFFFF, 0x7FC0, 0x7F80, 0x4120, 32000)
VALUES = (
    *(0, 1, -1, 2, 5, 9, 100, 1000, 4000, 6000, 10_000, 65_535, 65_536, 80_000, 1 << 31, 1 << 40),
    *(
        1.5,
        True,
        None,
        "",
        "fallback",
        "f32",
        "u32",
        "i16",
        "i32",
        "coil",
        "N",
        "stop",
        "__init__",
    ),
    *([], {}, [1], [[3, 1, 1]], {"register": 1}, {"register": 65_535, "type": "f32"}),
)
ITEM = {"register": 5, "type": "u32", "ma_per_count": 100, "counts_per_a": 10, "write": 16}
EXTRAS = {
    "fine": {"register": 7, "mask": 1, "ma_per_count": 10},
    "pause": {"register": 8, "stop": 0, "run": 1},
    "slots": {"unit": 9, "count": 247, "first_address": 1},
    "handshake": {"register": 0, "answers": [[4, 5]]},
    "token": {"register": 9, "value": 1, "every_ms": 4000},
    "setup": [{"register": 11, "value": "fallback", "ma_per_count": 1000}],
    "readback": {"register": 6},
    "cap": {"register": 7, "ma_per_count": 1000},
    "raise_ms": 5000,
    "word_order": "low",
}


def plain(data):
    """As it would come from a file."""
    data = json.loads(json.dumps(data))
    data.pop("options", None)
    return data


def places(node, path=()):
    """Every way into a tree of lists and dicts."""
    if path:
        yield path
    for key in node if isinstance(node, dict) else range(len(node)):
        if isinstance(node[key], dict | list):
            yield from places(node[key], (*path, key))
        else:
            yield (*path, key)


def mutated(data, chance):
    data = copy.deepcopy(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        kind = chance.randrange(5)
        if kind == 0:
            key = chance.choice(list(EXTRAS))
            data[key] = copy.deepcopy(EXTRAS[key])
            continue
        *way, last = chance.choice(list(places(data)))
        place = data
        for step in way:
            place = place[step]
        if kind == 1:
            del place[last]
        elif kind == 2 and isinstance(place, dict):
            key = chance.choice(list(ITEM))
            place[key] = ITEM[key]
        elif kind == 3 and isinstance(place[last], int):
            place[last] = place[last] * chance.choice((1, 2, 10, 1000)) + chance.choice((-1, 0, 1))
        else:
            place[last] = copy.deepcopy(chance.choice(VALUES))
    return data


class Wire:
    """Answers anything with anything of the right length, at times refuses or is silent."""

    def __init__(self, chance):
        self.chance = chance
        self.mood = 0

    def __call__(self, frame):
        chance, function = self.chance, frame[1]
        if chance.random() < self.mood:
            return chance.choice((None, with_crc([frame[0], function | 0x80, 2])))
        if function not in (3, 4):
            return with_crc(frame[:6])
        count = int.from_bytes(frame[4:6], "big")
        words = [chance.choice((chance.choice(WORDS), chance.randrange(0x10000)))] * count
        if chance.random() < 0.7:
            words = [chance.choice(WORDS) for _ in words]
        return with_crc([frame[0], function, 2 * count, *struct.pack(f">{count}H", *words)])


def told_ma(family, frame):
    """What a frame tells the charger by its limit register in mA, None if it is no such."""
    item = family.data["limit"]
    if frame[1] not in (6, 16) or int.from_bytes(frame[2:4], "big") != item["register"]:
        return None
    kind = item.get("type", "u16")
    data = frame[4:6] if frame[1] == 6 else frame[7:11] if kind.endswith("32") else frame[7:9]
    if kind.endswith("32") and family.data.get("word_order") == "low":
        data = data[2:] + data[:2]
    form = {"u16": ">H", "i16": ">h", "u32": ">I", "i32": ">i", "f32": ">f"}[kind]
    counts = struct.unpack(form, data)[0]
    if "counts_per_a" in item:
        return counts * 1000 / item["counts_per_a"]
    return counts * item["ma_per_count"]


def drive(family, chance, patch):
    """Through its whole life on a wire that says anything; nothing may be raised."""
    clock = FastClock()
    clock.install(patch)
    wire = Wire(chance)
    line = Line(clock, wire)
    state = records.ChargerState(family.min_ma, family.max_ma, 48_000, 80_000, family.min_ma)
    low, high = family.data["addresses"]
    address = chance.choice((low, min(high, 247)))
    charger = Charger("charger1", family, address, state)
    try:
        custom.check(charger)
    except schema.ProfileError:
        return
    patch.setattr(charger, "broken", _raise)
    allocation = records.Allocation(0)
    bus = Bus(Rtu(line), [charger], [allocation])
    for round_ in range(9):
        wire.mood = (0, 0.1, 0.4)[round_ % 3]
        allocation.ready = round_ > 1
        allocation.fresh = round_ % 5 != 4
        most_ma = min(family.max_ma, 48_000)
        allocation.allowed_ma = chance.choice((0, family.min_ma, most_ma))
        until_ms = clock.ms + 6000
        while clock.ms < until_ms:
            begun_ms = clock.ms
            if not clock.run(bus.turn(round(clock.ms))):
                clock.advance(200)
            assert clock.ms - begun_ms <= 4500, "the bus counts as hung after 5 s"
    assert bus.last_words() == []
    overlaps = "pause" in family.data or "token" in family.data or "setup" in family.data
    if "fine" not in family.data and "slots" not in family.data and not overlaps:
        for ma in filter(None, (told_ma(family, frame) for _, frame in line.sent)):
            assert family.min_ma - 1 <= ma <= family.max_ma + 1


def _raise(error):
    raise error


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_a_profile_is_refused_or_carried_out(seed):
    chance = random.Random(seed)
    bases = [plain(profile.load(name).data) for name in PROFILES]
    refused = driven = 0
    while driven < 80:
        data = mutated(chance.choice(bases), chance)
        try:
            family = custom.build(data)
        except schema.ProfileError:
            refused += 1
            continue
        driven += 1
        with pytest.MonkeyPatch.context() as patch:
            drive(family, chance, patch)
    assert refused > 80
