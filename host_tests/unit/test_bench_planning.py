"""The bench of the sun: its world and its oracle by arithmetic; what is missed is told."""

import numpy as np
import pytest

from lab.bench.planning import OURS, choice, goals, laws, oracle
from lab.bench.planning.days import SunDay, days
from lab.bench.planning.loop import play

TAKEN = 0.95 * 230


class Fixed:
    """Offers so many amperes at all times."""

    def __init__(self, amps):
        self.amps = amps

    def start(self, charger):
        pass

    def step(self, seen):
        return self.amps


def day(*hours_w, **charger):
    watts = np.repeat(np.array(hours_w, float), 3600)
    return SunDay(watts + 500, np.full(len(watts), 500.0), **charger)


def test_what_is_taken_bought_and_owed():
    score = play(day(3000, 500, 3000), Fixed(6.9))
    draw_w = 6 * TAKEN
    assert score.surplus_kwh == pytest.approx((2 * draw_w + 500) / 1000, rel=0.01)
    assert score.import_kwh == pytest.approx((draw_w - 500) / 1000, rel=0.01)
    assert score.most_owed_wh == pytest.approx(draw_w - 500, rel=0.01)
    assert (score.starts, score.writes) == (1, 1)
    assert play(day(3000), Fixed(5.9)).surplus_kwh == 0


@pytest.mark.parametrize(
    ("phases", "finest_a", "watts", "amps"),
    [
        (1, 1.0, 3000, 13),
        (1, 0.1, 3000, 13.7),
        (1, 1.0, 1300, 0),
        (1, 1.0, 9000, 32),
        (3, 1.0, 5000, 7),
    ],
)
def test_the_oracle_takes_what_the_charger_can_signal(phases, finest_a, watts, amps):
    found = oracle.kwh(day(watts, -300, phases=phases, finest_a=finest_a))
    assert found == pytest.approx(amps * phases * TAKEN / 1000)


@pytest.mark.long
def test_ours_on_one_day_against_all_others():
    """The rest is for `make bench SECTION=planning`."""
    winter = days()["winter"]()
    scores = {name: play(winter, law) for name, law in laws().items() if name != "zappi eco"}
    ours = scores.pop(OURS)
    assert ours.surplus_kwh >= goals.USED * oracle.kwh(winter)
    assert ours.starts < min(score.starts for score in scores.values())
    assert ours.most_owed_wh <= goals.OWED_MIN / 60 * 6 * 230


def row(used=0.98, owed=9.0, starts=2):
    return {
        "surplus_used_vs_oracle": used,
        "import_for_ev_kwh": 1.0,
        "most_owed_min": owed,
        "starts": starts,
        "writes": 9,
    }


def test_what_is_missed_is_told_in_words():
    assert goals.tell("day", {"ours": row(), "other": row(starts=3)}, "ours") == []
    told = goals.tell("day", {"ours": row(0.9699, 11.1), "a": row(starts=1), "b": row()}, "ours")
    assert told == [
        "Missed: day: 97.0% of the oracle's surplus.",
        "Missed: day: 11.1 minutes of the minimum owed, accepted are 11.",
        "Missed: day: a has 1 starts (ours 2), uses 98.0% (ours 97.0%),"
        " buys 1.00 kWh (ours 1.00).",
        "As few starts: day: b.",
    ]


def test_a_setting_is_as_good_as_another_law_if_it_is_in_all_three():
    rows = {
        "ours": choice.together([row(0.9, starts=1), row(1.1, starts=3)]),
        "peer": choice.together([row(1.0, starts=2), row(0.98, starts=2)]),
        "rare": choice.together([row(0.9, starts=1), row(0.9, starts=1)]),
    }
    assert rows["ours"] == {
        "used_mean": 1.0, "used_least": 0.9, "import_for_ev_kwh": 2.0, "most_owed_min": 9.0,
        "starts": 4,
    }  # fmt: skip
    assert choice.beaten(rows, ["peer", "rare"]) == [
        "As good as peer in all three: ours.",
        "As good as rare in all three: no setting.",
    ]
