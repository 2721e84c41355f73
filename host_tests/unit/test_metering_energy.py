"""Charge and energy: they add up, survive restarts, and what is no total is passed over."""

from array import array

import pytest

from headroom import records
from headroom.metering.energy import Energy
from headroom.storage.pair import Pair

NO_TOTALS = [
    "5",
    "null",
    "[]",
    "{",
    '{"a": 1, "b": 2}',
    "[[1, 2], [3, 4]]",
    "[[1, 2, 3], 4]",
    '["abc", "def"]',
    '[[1, 2, "3"], [4, 5, 6]]',
    "[[1, 2, 3], [4, null, 6]]",
    "[[1, 2.5, 3], [4, 5, 6]]",
    "[[true, 2, 3], [4, 5, 6]]",
    "[[1, 2, 3], [4, 5, -6]]",
    "[[1, 2, 99999999999], [4, 5, 6]]",
]


def test_charge_adds_up_and_survives_a_restart():
    energy = Energy(3)
    reading = records.Reading(2)
    reading.leg_ma = array("i", [36_000, 100])
    reading.ev_ma = 7_200
    for _ in range(5 * 3600):  # an hour of windows
        energy.add(reading, 200)
    restored = Energy(3)
    restored.restore(restored.parse(energy.dump()))
    for totals in (energy, restored):
        assert [totals.mah(c) for c in range(3)] == [36_000, 100, 7_200]
        assert totals.wh(0, 120) == 4320
    energy.add(reading, 3000)
    reading.leg_ma[0] = 1_200_000  # beyond any CT here: 3 s of it are a whole Ah
    energy.add(reading, 3000)
    assert energy.mah(0) == 36_000 + (36_000 * 3 + 1_200_000 * 3) // 3600


@pytest.mark.parametrize("text", NO_TOTALS)
def test_totals_that_are_none_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  JSON's own words, or ours
        Energy(3).parse(text)


@pytest.mark.parametrize("text", NO_TOTALS)
def test_what_is_no_total_is_passed_over_for_the_last_good_one(text, tmp_path):
    """Whole as a file, CRC and all: as a bug of ours might have written it."""
    pair = Pair(str(tmp_path), "energy")
    pair.save("[[1, 2, 3], [4, 5, 6]]")
    pair.save(text)
    pair, energy = Pair(str(tmp_path), "energy"), Energy(3)
    energy.restore(pair.load(energy.parse))
    assert [energy.mah(c) for c in range(3)] == [1004, 2005, 3006]
    assert pair.notes[0].startswith("energy.b passed over: ")
    (tmp_path / "energy.a").unlink()
    energy = Energy(3)
    energy.restore(Pair(str(tmp_path), "energy").load(energy.parse))
    assert [energy.mah(c) for c in range(3)] == [0, 0, 0]


def test_the_newest_totals_come_up_whichever_file_they_are_in(tmp_path):
    pair = Pair(str(tmp_path), "energy")
    for ah in range(1, 6):
        pair.save(f"[[{ah}, 0, 0], [0, 0, 0]]")
        again, energy = Pair(str(tmp_path), "energy"), Energy(3)
        energy.restore(again.load(energy.parse))
        assert energy.mah(0) == 1000 * ah
