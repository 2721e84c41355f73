"""The goals of balancing: who is better than our law is named, with what it paid."""

import pytest

from lab.bench.balancing import goals
from lab.bench.balancing.loop import run
from lab.bench.balancing.rules_alone import RulesAlone
from lab.bench.balancing.scenario import STEP_S, Plug, Scenario
from lab.bench.balancing.scenarios import DATA_DIR, TRACES, scenarios, skipped
from lab.sim.car import Car


def row(overload_as=100.0, pauses=1, energy=0.99, trips=0, worst_s=5.0, swing_a=0.0):
    return {
        "overload_as": overload_as,
        "pauses": pauses,
        "energy_vs_oracle": energy,
        "trips": trips,
        "worst_overload_s": worst_s,
        "writes": 1,
        "swing_a": swing_a,
    }


@pytest.mark.parametrize(
    ("other", "better", "paid"),
    [
        (row(), None, None),
        (row(overload_as=98.5), None, None),
        (row(overload_as=97.0), {"overload_as": 97.0}, {}),
        (row(pauses=0), {"pauses": 0}, {}),
        (row(90.0, 3, 0.5), {"overload_as": 90.0}, {"pauses": 3, "energy_vs_oracle": 0.5}),
        (row(900.0, 0, trips=1), {"pauses": 0}, {"overload_as": 900.0, "trips": 1}),
        (row(0.0, 0, swing_a=2.0), {"overload_as": 0.0, "pauses": 0}, {"swing_a": 2.0}),
    ],
)
def test_a_law_that_overloads_or_pauses_less_is_named_with_its_price(other, better, paid):
    rows = {"ours": row(), "ours, register": row(0.0, 0), "fixed 16 A": row(0.0, 0), "warp": other}
    worse_than = goals.judge(rows, "ours")["worse_than"]
    assert worse_than == ({} if better is None else {"warp": {"in": better, "paid": paid}})


def test_energy_and_trips():
    verdict = goals.judge({"ours": row(energy=0.9799, trips=1)}, "ours")
    assert not verdict["energy"]
    assert not verdict["no_trip"]
    assert goals.judge({"ours": row(energy=0.98)}, "ours")["energy"]


def test_what_is_missed_and_who_is_better_is_told_in_words():
    rows = {
        "ours": row(energy=0.9, trips=2),
        "warp": row(90.0, 3, 0.5, trips=2),
        goals.BOUND: row(0.0, 0, 0.981),
    }
    assert goals.tell("tight", rows, "ours") == [
        "Missed: tight: 2 trips.",
        "Missed: tight: energy 90.0% of the oracle's; the rules alone leave 98.1%.",
        "Worse: tight: warp has 90 A*s of overload (ours 100);"
        " paid: 50.0% of the energy (ours 90.0%), 3 pauses (ours 1).",
    ]
    assert goals.tell("tight", {"ours": row(), "warp": row()}, "ours") == []


def test_recorded_houses_that_arent_there_are_named(tmp_path, monkeypatch):
    monkeypatch.delenv(DATA_DIR, raising=False)
    assert [line.split(":")[1].strip() for line in skipped()] == ["redd", "gjw", "uci"]
    assert all("HEADROOM_DATA_DIR is not set" in line for line in skipped())
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    (tmp_path / TRACES[1][0]).touch()
    assert [line.split(":")[1].strip() for line in skipped()] == ["redd", "uci"]
    assert {"redd", "gjw", "uci"} & set(scenarios()) == {"gjw"}


def test_what_the_rules_alone_leave_is_a_rise_after_five_seconds_and_a_fall_at_once():
    """10 minutes of 20 A, ten of 50, ten of 20, of a limit of 80, before a car that follows."""
    base = [(amps, 0.0) for amps in (20.0, 50.0, 20.0) for _ in range(round(600 / STEP_S))]
    plug = Plug(Car(max_a=80.0, lag_s=0.0, need_kwh=1000.0), max_a=80.0)
    shown = run(Scenario("", base, [plug]), RulesAlone()).shown
    offers = {round(t_s): offer_a for t_s, _, _, offer_a in shown}
    assert [offers[s] for s in (300, 602, 900, 1204, 1206)] == [60.0, 30.0, 30.0, 30.0, 60.0]
