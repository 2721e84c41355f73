"""Windows ready-made give the firmware what samples do."""

import pytest

from lab.lockstep.session import LockstepSession
from lab.lockstep.windows import CHUNK_FRAMES, WindowsSession
from lab.sim.front_end import RATE_HZ

BOTH = (("heidelberg", 1), ("evse_wb", 2))
CALM = (20.0, 15.0)
CROWDED = {
    0: CALM, 18: (58.0, 15.0), 24: (70.5, 15.0), 27: CALM, 34: (5.0, 66.0), 40: (0.3, 0.3),
    46: (74.0, 20.0), 47: (130.0, 20.0), 47.5: (74.0, 20.0), 60: CALM,
}  # fmt: skip
FAULTS = ["ct_open_l1@66-70", "ct_clipped_l1@86-88", "samples_off@106-110", "charger2_off@126-140"]
STEPS_A = (0.1, 1.0)  # of each charger's limit
LATE_S = 0.2 + CHUNK_FRAMES / RATE_HZ + 0.1  # a window, a step of the world, a turn on the line
BEGIN_S = 17.0  # before it hangs on when, during the set-up, the first limit went out
SECONDS = 150.0


def offers(run):
    """[(s, amperes of each charger)] and the figures of a run."""
    return [(truth.t_s, truth.offers_a) for truth in run.truth(0, SECONDS)], run.result


def test_both_give_the_same_allocations(played):
    plan = SECONDS, BOTH, FAULTS, CROWDED
    exact, figures = offers(played(LockstepSession, *plan))
    ready, others = offers(played(WindowsSession, *plan))
    assert figures["rules_broken"] == others["rules_broken"] == []
    assert len({offer for _, offer in exact}) > 10, "something was to be decided"
    for charger in range(2):
        parted_s = None
        for t_s, told in exact:
            same = next(amps for s, amps in reversed(ready) if s <= t_s)[charger]
            if abs(told[charger] - same) < STEPS_A[charger] + 0.05:
                parted_s = None
            elif parted_s is None:
                parted_s = t_s
            else:
                assert t_s - parted_s <= LATE_S, (t_s, charger, told, same)
    assert others["kwh_delivered"] == pytest.approx(figures["kwh_delivered"], rel=0.01)
