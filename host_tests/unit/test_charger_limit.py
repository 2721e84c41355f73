"""What a charger has been told and may hold: every transition of charging/limit.py, as a table.

A case is a list of events, and after the last: what it acknowledged (offer), what it may hold
(ceiling), and what is written next so that it draws so much.
"""

import pytest

from headroom import records
from headroom.charging import profile
from headroom.charging.limit import LIMIT, NOT_KNOWN, PAUSE, RUN, Limit

NOTHING = 0
MOST_MA = 32_000
PLAIN, PAUSABLE = "obo", "esp32_evse"  # its limit of 0 pauses; a register of its own does


def of_family(name):
    state = records.ChargerState(6000, MOST_MA, MOST_MA, MOST_MA, 6000)
    return Limit(profile.load(name), state, 0)


def told(what, ma=0):
    """Sent, and acknowledged."""

    def happens(limit):
        limit.sending(what, ma)
        limit.done(what, ma, 0)

    return happens


def sent(what, ma=0):
    return lambda limit: limit.sending(what, ma)


def broadcast(ma):
    """Sent to all, which nobody acknowledges."""

    def happens(limit):
        limit.sending(LIMIT, ma)
        limit.done(LIMIT, ma, 0, acknowledged=False)

    return happens


def lost(failsafe_ma):
    return lambda limit: limit.lost(failsafe_ma)


def found(limit):
    limit.found()


def shows(ma, runs=1):
    """Its registers are read."""

    def happens(limit):
        if limit._profile.name == PLAIN:
            limit.check((3, 5, 5), (0, ma // 1000, 0, 0, 0))
        else:
            limit.check((3, 100, 7), (0, 0, 0, runs, 0, 0, ma // 100))

    return happens


@pytest.mark.parametrize(
    ("events", "offer_ma", "ceiling_ma", "for_ma", "writes"),
    [
        pytest.param([], NOT_KNOWN, MOST_MA, 10_000, LIMIT, id="at first"),
        pytest.param([told(LIMIT, 10_000)], 10_000, 10_000, 10_000, NOTHING, id="told"),
        pytest.param([told(LIMIT, 10_000)], 10_000, 10_000, 0, LIMIT, id="0 pauses"),
        pytest.param(
            [told(LIMIT, 10_000), sent(LIMIT, 16_000)],
            NOT_KNOWN, 16_000, 10_000, LIMIT, id="a raise goes out",
        ),
        pytest.param(
            [told(LIMIT, 10_000), sent(LIMIT, 6000)],
            10_000, 10_000, 6000, LIMIT, id="a cut goes out",
        ),
        pytest.param(
            [told(LIMIT, 10_000), sent(LIMIT, 16_000), told(LIMIT, 8000)],
            8000, 8000, 8000, NOTHING, id="a cut after a raise that nobody acknowledged",
        ),
        pytest.param(
            [told(LIMIT, 10_000), broadcast(8000)], 8000, 10_000, 8000, NOTHING, id="a broadcast"
        ),
        pytest.param(
            [told(LIMIT, 10_000), broadcast(8000), shows(8000)],
            8000, 8000, 8000, NOTHING, id="a broadcast, read back",
        ),
        pytest.param(
            [told(LIMIT, 10_000), shows(32_000)],
            NOT_KNOWN, 32_000, 10_000, LIMIT, id="read to hold more",
        ),
        pytest.param(
            [told(LIMIT, 10_000), shows(32_000), told(LIMIT, 10_000)],
            10_000, 32_000, 10_000, NOTHING, id="it acknowledges, and held more when last read",
        ),
        pytest.param(
            [told(LIMIT, 10_000), shows(32_000), told(LIMIT, 10_000), shows(10_000)],
            10_000, 10_000, 10_000, NOTHING, id="it obeys again",
        ),
        pytest.param(
            [told(LIMIT, 10_000), shows(6000)],
            NOT_KNOWN, 10_000, 10_000, LIMIT, id="read to hold less",
        ),
        pytest.param(
            [told(LIMIT, 10_000), lost(6000)],
            NOT_KNOWN, 10_000, 10_000, LIMIT, id="lost, its failsafe is lower",
        ),
        pytest.param(
            [told(LIMIT, 10_000), lost(16_000)],
            NOT_KNOWN, 16_000, 10_000, LIMIT, id="lost, its failsafe is higher",
        ),
        pytest.param(
            [told(LIMIT, 10_000), lost(NOT_KNOWN)],
            NOT_KNOWN, MOST_MA, 10_000, LIMIT, id="lost, its failsafe is not proven",
        ),
        pytest.param(
            [told(LIMIT, 10_000), sent(LIMIT, 20_000), lost(6000)],
            NOT_KNOWN, 20_000, 10_000, LIMIT, id="lost with a raise",
        ),
        pytest.param(
            [told(LIMIT, 10_000), lost(6000), found],
            NOT_KNOWN, MOST_MA, 10_000, LIMIT, id="found again",
        ),
        pytest.param(
            [told(LIMIT, 10_000), lost(6000), found, told(LIMIT, 6000)],
            6000, 6000, 6000, NOTHING, id="found and told",
        ),
        pytest.param(
            [told(LIMIT, 10_000), found], 10_000, 10_000, 10_000, NOTHING, id="never lost"
        ),
    ],
)  # fmt: skip
def test_one_that_a_limit_of_0_pauses(clock, events, offer_ma, ceiling_ma, for_ma, writes):
    check(of_family(PLAIN), events, offer_ma, ceiling_ma, for_ma, writes)


RUNNING = [told(LIMIT, 10_000), told(RUN)]
STOPPED = [*RUNNING, told(PAUSE)]


@pytest.mark.parametrize(
    ("events", "offer_ma", "ceiling_ma", "for_ma", "writes"),
    [
        pytest.param([], NOT_KNOWN, MOST_MA, 0, PAUSE, id="at first"),
        pytest.param(
            [told(LIMIT, 10_000)], NOT_KNOWN, 10_000, 10_000, RUN, id="the limit goes first"
        ),
        pytest.param(RUNNING, 10_000, 10_000, 10_000, NOTHING, id="running"),
        pytest.param(RUNNING, 10_000, 10_000, 0, PAUSE, id="to be paused"),
        pytest.param([*RUNNING, sent(PAUSE)], 10_000, 10_000, 0, PAUSE, id="a pause goes out"),
        pytest.param(STOPPED, 0, 0, 0, NOTHING, id="stopped"),
        pytest.param(STOPPED, 0, 0, 10_000, RUN, id="to run again as before"),
        pytest.param(STOPPED, 0, 0, 8000, LIMIT, id="to run again with less"),
        pytest.param(
            [*STOPPED, sent(LIMIT, 16_000)], 0, 0, 16_000, LIMIT, id="a raise while stopped"
        ),
        pytest.param(
            [*STOPPED, told(LIMIT, 16_000)], 0, 0, 16_000, RUN, id="a raise while stopped, told"
        ),
        pytest.param(
            [*STOPPED, sent(RUN)], NOT_KNOWN, 10_000, 10_000, RUN, id="run goes out"
        ),
        pytest.param(
            [*STOPPED, sent(RUN)], NOT_KNOWN, 10_000, 0, PAUSE, id="run goes out, then the house"
        ),
        pytest.param(
            [*STOPPED, shows(10_000, 1)], NOT_KNOWN, 10_000, 0, PAUSE, id="read to run"
        ),
        pytest.param(
            [*RUNNING, shows(10_000, 0)], NOT_KNOWN, 10_000, 10_000, RUN, id="read to be stopped"
        ),
        pytest.param([*STOPPED, shows(10_000, 0)], 0, 0, 0, NOTHING, id="stopped, as read"),
        pytest.param(
            [*STOPPED, lost(6000)], NOT_KNOWN, 6000, 0, PAUSE, id="lost while stopped"
        ),
        pytest.param([*STOPPED, lost(0)], NOT_KNOWN, 0, 0, PAUSE, id="lost, and it stops then"),
        pytest.param(
            [*STOPPED, lost(6000), found], NOT_KNOWN, MOST_MA, 0, PAUSE, id="found again"
        ),
        pytest.param(
            [*RUNNING, lost(6000), found, told(PAUSE)], 0, 0, 0, NOTHING, id="found and stopped"
        ),
    ],
)  # fmt: skip
def test_one_with_a_pause_register(clock, events, offer_ma, ceiling_ma, for_ma, writes):
    check(of_family(PAUSABLE), events, offer_ma, ceiling_ma, for_ma, writes)


def check(limit, events, offer_ma, ceiling_ma, for_ma, writes):
    for happens in events:
        happens(limit)
    assert limit._state.offer_ma == limit.offer_ma == offer_ma
    assert limit._state.ceiling_ma == ceiling_ma
    assert limit.next(for_ma, 0) == writes


@pytest.mark.parametrize("family", [PLAIN, PAUSABLE])
def test_what_was_told_is_told_again_when_it_is_old(clock, family):
    limit = of_family(family)
    for happens in RUNNING if family == PAUSABLE else RUNNING[:1]:
        happens(limit)
    assert limit.next(10_000, limit._profile.refresh_ms - 1) == NOTHING
    assert limit.next(10_000, limit._profile.refresh_ms) == (RUN if family == PAUSABLE else LIMIT)
