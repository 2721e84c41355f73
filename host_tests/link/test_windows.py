"""Windows ready-made give the firmware what samples do."""

from statistics import mean

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
# A rise waits for the car since the one before was acknowledged: a window for each of the two.
LATE_S = 2 * 0.2 + CHUNK_FRAMES / RATE_HZ + 0.1  # ... a step of the world, a turn on the line
BEGIN_S = 17.0  # before it hangs on when, during the set-up, the first limit went out
SECONDS = 150.0


@pytest.mark.long
def test_both_give_the_same_allocations(played):
    plan = SECONDS, BOTH, FAULTS, CROWDED
    exact, ready = played(LockstepSession, *plan), played(WindowsSession, *plan)
    assert exact.result["rules_broken"] == ready.result["rules_broken"] == []
    truths, others = exact.truth(BEGIN_S, SECONDS), ready.truth(0, SECONDS)
    assert len({truth.offers_a for truth in truths}) > 10, "something was to be decided"
    for charger in range(2):
        parted_s = None
        for truth in truths:
            told_a = truth.offers_a[charger]
            same_a = next(t for t in reversed(others) if t.t_s <= truth.t_s).offers_a[charger]
            if abs(told_a - same_a) < STEPS_A[charger] + 0.05:
                parted_s = None
            elif parted_s is None:
                parted_s = truth.t_s
            else:
                assert truth.t_s - parted_s <= LATE_S, (truth.t_s, charger, told_a, same_a)
    drawn, also = (mean(t.car_a for t in run.truth(BEGIN_S, SECONDS)) for run in (exact, ready))
    assert also == pytest.approx(drawn, rel=0.02)
