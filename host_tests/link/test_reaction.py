"""How soon chargers are told less: the bench's own steps, the whole firmware in virtual time."""

import pytest

from lab.bench.reaction import steps as module

# To the first byte: the design's figure; and two windows with a turn on the line. What 99 of 100
# steps take there is in the bench.
MOST_MS = {"above_rating": 60, "above_limit": 450}
REPLY_MS = 250  # the profiles': the longest wait for a reply
REQUEST_MS = 16  # eight characters out, and the line's silence, at 9600 baud


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(module, "FEW", 12)


def times(count, baud, kind, dead=False):
    found = module.measure(count, baud, kind, dead, quick=True)
    assert len(found.first_ms) == 12
    assert not found.missed
    return found


@pytest.mark.long
@pytest.mark.parametrize("kind", module.KINDS)
def test_two_chargers_are_told_in_time(kind):
    assert max(times(2, 19200, kind).first_ms) < MOST_MS[kind]


@pytest.mark.long
def test_a_dead_charger_costs_the_others_its_reply_timeout_at_most():
    well = times(4, 9600, "above_rating")
    one_dead = times(4, 9600, "above_rating", dead=True)
    assert max(one_dead.last_ms) <= max(well.last_ms) + REPLY_MS + REQUEST_MS
