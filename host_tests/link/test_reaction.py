"""How soon chargers are told less: the bench's own steps, the whole firmware in virtual time."""

import pytest

from lab.bench.reaction import steps as module

GOALS_MS = {"above_rating": 60, "above_limit": 350}  # to the first byte; the design's figures
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


@pytest.mark.parametrize("kind", module.KINDS)
def test_two_chargers_are_told_within_the_goals(kind):
    assert max(times(2, 19200, kind).first_ms) < GOALS_MS[kind]


def test_a_dead_charger_costs_the_others_its_reply_timeout_at_most():
    well = times(4, 9600, "above_rating")
    one_dead = times(4, 9600, "above_rating", dead=True)
    assert max(one_dead.last_ms) <= max(well.last_ms) + REPLY_MS + REQUEST_MS
