"""The stop-watch of a demo: which steps count, and when the clock starts and ends."""

import pytest

from lab.sim.reaction import ReactionTimer, percentile


class TestReactionTimer:
    """Which steps count, and when the clock starts and ends."""

    @pytest.fixture
    def timer(self):
        timer = ReactionTimer(rated_a=100.0)
        timer.tick(0.0, 30.0, 16.0, 60.0, True)
        return timer

    def test_from_the_first_sample_to_the_first_byte_of_a_lower_limit(self, timer):
        timer.tick(1.0, 10.0, 16.0, 86.0, True)
        timer.limit_sent(1.05, 16.0, 16.0)
        timer.limit_sent(1.25, 10.0, 16.0)
        timer.limit_sent(1.50, 9.0, 10.0)
        assert [(r.ms, r.above_rating) for r in timer.done] == [(pytest.approx(250.0), False)]

    def test_a_frame_already_on_the_wire_is_no_answer(self, timer):
        timer.tick(1.0, 10.0, 16.0, 120.0, True)
        timer.limit_sent(0.999, 12.0, 16.0)
        assert timer.done == []
        timer.limit_sent(1.08, 10.0, 16.0)
        assert timer.done[0].above_rating

    @pytest.mark.parametrize(("headroom_a", "offer_a"), [(20.0, 16.0), (15.5, 16.0), (2.0, 6.0)])
    def test_a_step_that_asks_for_no_reduction_does_not_count(self, timer, headroom_a, offer_a):
        timer.tick(1.0, headroom_a, offer_a, 80.0, offer_a > 6.0)
        timer.limit_sent(1.1, offer_a - 1, offer_a)
        assert timer.done == []

    def test_a_step_that_is_over_before_the_answer_is_dropped_and_a_missed_one_counted(
        self, timer
    ):
        timer.tick(1.0, 10.0, 16.0, 86.0, True)
        timer.tick(1.1, 30.0, 16.0, 66.0, True)
        timer.tick(2.0, 10.0, 16.0, 86.0, True)
        timer.tick(8.0, 10.0, 16.0, 86.0, True)
        assert (timer.done, timer.missed) == ([], 1)


def test_percentiles_by_nearest_rank():
    assert percentile([], 0.5) is None
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 99.0
