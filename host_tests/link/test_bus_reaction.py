"""What a dead charger costs the others, by the bench's own installation in virtual time."""

import pytest

from lab.bench.charging import reaction

REPLY_MS = 250  # the Heidelberg profile's: the longest wait for a reply
REQUEST_MS = 16  # eight characters out, and the line's silence, at 9600 baud


@pytest.mark.parametrize("chargers", [2, 8])
@pytest.mark.parametrize("baud", [9600, 19200])
def test_a_dead_charger_costs_the_others_its_reply_timeout_at_most(chargers, baud):
    well = reaction(chargers, baud, dead=False, trials=30)
    one_dead = reaction(chargers, baud, dead=True, trials=30)
    assert one_dead["max_ms"] <= well["max_ms"] + REPLY_MS + REQUEST_MS
    assert one_dead["p50_ms"] <= well["p50_ms"]


def test_two_chargers_are_told_within_the_goal():
    assert reaction(2, 19200, dead=False, trials=60)["p99_ms"] < 100
