"""Chargers that lie, one by one: what truly flows keeps the limits, and the liar is named."""

import liar_mutants
import pytest
from liars import Busy, CutAfterARaise, Greedy, Reports, Restarted, Stuck
from lying_plant import Plant

TWO = ("evse_wb", {}, None), ("obo", {}, None)


def always(*amps):
    return lambda t_s: amps


def steps(*parts):
    """House loads as (from second, L1, L2)."""

    def house(t_s):
        return [amps for start_s, *amps in parts if start_s <= t_s][-1]

    return house


def group_of_40(family, **own):
    return family, {"group": 1, **own}, None


def lie(plug, how):
    plug.lie = how


def said(plant, *words):
    """Whether one sentence, of now or ever, has all these words."""
    sentences = [*plant.faults, *(text for _, text in plant.texts)]
    return any(all(word in sentence for word in words) for sentence in sentences)


# -- it acknowledges and does not obey


@pytest.mark.parametrize(
    ("family", "source"),
    [("evse_wb", "ct"), ("obo", "register"), ("cfos", "estimate"), ("abb", "ct")],
)
def test_a_group_with_a_charger_stuck_at_32_a(family, source):
    """Its registers say so: 32 A of the 32 A that a breaker of 40 A gives; the other is paused."""
    chargers = group_of_40(family), group_of_40("obo")
    with Plant(chargers, always(20, 20), group1__breaker_a=40, ev_source=source) as plant:
        liar, other = plant.plugs
        plant.at(60, lambda: lie(liar, Stuck(liar, 32.0)))
        plant.run(160)
        plant.judge.check()
        assert said(plant, "charger1 draws 32.", "though told")
        assert liar.true_a == 32
        assert other.true_a in (0, 6)  # held at the minimum for five minutes at the most


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("source", ["ct", "register", "estimate"])
def test_one_stuck_at_32_a_while_the_house_grows(source, hidden):
    house = steps((0, 10, 10), (70, 40, 40), (110, 62, 62))
    with Plant(TWO, house, ev_source=source) as plant:
        liar = plant.plugs[1]
        plant.at(60, lambda: lie(liar, Stuck(liar, hidden=hidden)))
        plant.run(150)
        assert liar.true_a == 32
        plant.judge.check()


@pytest.mark.parametrize(
    ("source", "derate_pct"), [("ct", 80), ("ct", 100), ("register", 100), ("estimate", 80)]
)
def test_cars_that_draw_a_tenth_more_than_told(source, derate_pct):
    house = steps((0, 10, 10), (50, 45, 50), (90, 60, 60), (130, 70, 65))
    with Plant(TWO, house, ev_source=source, derate_pct=derate_pct) as plant:
        for plug in plant.plugs:
            plug.lie = Greedy()
        plant.run(170)
        plant.judge.check()


def test_an_ev_ct_that_reads_double():
    house = steps((0, 10, 10), (60, 45, 50), (90, 60, 60), (120, 70, 65), (150, 30, 35))
    with Plant(TWO, house) as plant:
        plant.ev_ct_factor = 2.0
        for s in range(50, 200, 40):
            plant.at(s, lambda: setattr(plant.plugs[0].car, "wants", not plant.plugs[0].car.wants))
        plant.run(200)
        plant.judge.check()


# -- it cannot be reached


@pytest.mark.parametrize(
    ("family", "source"),
    [("obo", "ct"), ("eprowallbox", "register"), ("delta", "ct"), ("obo", "estimate")],
)
def test_a_cut_stub_ends_in_its_own_fallback(family, source):
    """Told 6 A, fallback 32 A."""
    chargers = (family, {"fallback_a": 32}, None), ("evse_wb", {}, None)
    with Plant(chargers, steps((0, 68, 68), (60, 40, 40)), ev_source=source) as plant:
        plant.at(40, lambda: setattr(plant.plugs[0], "cut", True))
        plant.run(140)
        assert plant.plugs[0].true_a == 32
        plant.judge.check()
        assert said(plant, "charger1", "does not answer")


@pytest.mark.parametrize("source", ["ct", "register", "estimate"])
def test_a_group_beside_a_cut_charger_with_a_fallback_of_16_a(source):
    chargers = group_of_40("obo", fallback_a=16), group_of_40("evse_wb"), group_of_40("evse_wb")
    with Plant(chargers, always(20, 20), group1__breaker_a=40, ev_source=source) as plant:
        plant.at(60, lambda: setattr(plant.plugs[0], "cut", True))
        plant.run(130)
        assert plant.plugs[0].true_a == 16
        plant.judge.check()
        assert said(plant, "charger1", "kept for")


@pytest.mark.parametrize("source", ["ct", "register", "estimate"])
@pytest.mark.parametrize("group", [0, 1])
def test_one_cut_since_power_on_holds_its_maximum(group, source):
    chargers = ("evse_wb", {"group": group, "max_a": 32}, None), ("obo", {"group": group}, None)
    values = {"group1__breaker_a": 40} if group else {}
    house = steps((0, 10, 10), (80, 55, 55))
    with Plant(chargers, house, ev_source=source, **values) as plant:
        plant.plugs[0].cut = True
        plant.run(120)
        assert plant.plugs[0].true_a == 32
        plant.judge.check()
        assert said(plant, "charger1", "does not answer")


@pytest.mark.parametrize(
    ("family", "source"), [("evse_wb", "ct"), ("esp32_evse", "register"), ("phoenix", "estimate")]
)
def test_a_raise_that_was_taken_but_not_acknowledged_then_the_cut(family, source):
    """With no watchdog it keeps that raise for ever."""
    chargers = (family, {"max_a": 32}, None), ("obo", {}, None)
    house = steps((0, 62, 62), (60, 30, 30), (100, 50, 50))
    with Plant(chargers, house, ev_source=source) as plant:
        liar = plant.plugs[0]
        plant.at(50, lambda: lie(liar, CutAfterARaise()))
        plant.run(150)
        assert liar.cut
        assert liar.true_a > 12
        plant.judge.check()
        assert said(plant, "charger1", "does not answer")


@pytest.mark.parametrize(
    ("source", "reachable_s"), [("ct", 0), ("ct", 2), ("register", 2), ("estimate", 0)]
)
def test_a_restart_to_the_maximum_then_the_cut(source, reachable_s):
    with Plant(TWO, steps((0, 60, 60), (100, 30, 30)), ev_source=source) as plant:
        liar = plant.plugs[0]
        plant.at(60, lambda: lie(liar, Restarted(liar, 0.1)))
        plant.at(60.2 + reachable_s, lambda: setattr(liar, "cut", True))
        plant.run(150)
        plant.judge.check()


@pytest.mark.parametrize("source", ["ct", "register", "estimate"])
def test_a_restart_to_the_maximum(source):
    """It answers again after 0.6 s, and holds 32 A until it is told."""
    chargers = ("evse_wb", {"group": 1}, None), ("obo", {"group": 1}, None)
    house = always(20, 20)
    with Plant(chargers, house, ev_source=source, group1__breaker_a=40) as plant:
        liar = plant.plugs[0]
        plant.at(60, lambda: lie(liar, Restarted(liar, 0.6)))
        plant.run(62)
        assert liar.true_a > 16
        plant.run(60)
        plant.judge.check()
        assert not liar.wild


def test_after_a_trip_no_charger_is_raised_by_its_own_watchdog():
    """A stuck neighbour and the house are above the rating; the other one was paused."""
    chargers = ("evse_wb", {"max_a": 32}, None), ("obo", {"fallback_a": 16}, None)
    with Plant(chargers, steps((0, 10, 10), (60, 45, 45)), breaker_a=63) as plant:
        plant.at(40, lambda: lie(plant.plugs[0], Stuck(plant.plugs[0], 32.0)))
        plant.run(200)
        assert any("supervisor" in text for _, text in plant.texts)
        plant.judge.check()


# -- it reports what isn't so


@pytest.mark.parametrize(
    ("family", "a"),
    [
        ("obo", 32.0),
        ("mennekes", 100.0),
        ("heidelberg", 100.0),
        ("eprowallbox", 32.0),
        ("obo", 0.0),
    ],
)
def test_a_report_that_never_changes(family, a):
    chargers = (family, {}, None), ("obo", {}, None)
    house = steps((0, 20, 20), (55, 40, 45), (85, 66, 70))
    with Plant(chargers, house, ev_source="register") as plant:
        plant.at(50, lambda: lie(plant.plugs[0], Reports(plant.plugs[0], a)))
        plant.run(120)
        plant.judge.check()


@pytest.mark.parametrize("family", ["mennekes", "eprowallbox", "delta"])
def test_currents_that_are_refused_from_some_moment_on(family):
    """Exception 6, busy, for their block alone; its car takes less than that last report."""
    chargers = (family, {}, None), ("obo", {}, None)
    house = steps((0, 20, 20), (60, 50, 55), (90, 66, 70))
    with Plant(chargers, house, ev_source="register") as plant:
        plant.at(50, lambda: lie(plant.plugs[0], Busy()))
        plant.at(55, lambda: setattr(plant.plugs[0].car, "max_a", 8.0))
        plant.run(120)
        plant.judge.check()


# -- the judge can say no: with these faults in the firmware it falls for the lie

BLIND = liar_mutants.reserves_no_excess
CT = liar_mutants.believes_all_of_the_ev_ct
TOLD = liar_mutants.reserves_what_was_told
REPORT = liar_mutants.believes_any_report


@pytest.mark.parametrize(
    ("faults", "test", "case"),
    [
        ((BLIND,), test_a_group_with_a_charger_stuck_at_32_a, ("obo", "register")),
        ((CT, BLIND), test_one_stuck_at_32_a_while_the_house_grows, ("ct", True)),
        ((CT, BLIND), test_cars_that_draw_a_tenth_more_than_told, ("ct", 100)),
        ((CT,), test_an_ev_ct_that_reads_double, ()),
        ((TOLD,), test_a_group_beside_a_cut_charger_with_a_fallback_of_16_a, ("register",)),
        ((TOLD,), test_one_cut_since_power_on_holds_its_maximum, (1, "estimate")),
        (
            (TOLD, CT),
            test_a_raise_that_was_taken_but_not_acknowledged_then_the_cut,
            ("evse_wb", "ct"),
        ),
        ((TOLD, CT), test_a_restart_to_the_maximum_then_the_cut, ("ct", 0)),
        ((liar_mutants.never_looks_again, BLIND), test_a_restart_to_the_maximum, ("estimate",)),
        ((REPORT, BLIND), test_a_report_that_never_changes, ("obo", 32.0)),
        ((REPORT, BLIND), test_currents_that_are_refused_from_some_moment_on, ("delta",)),
    ],
)
def test_the_judge_sees_a_fault(faults, test, case, monkeypatch):
    for fault in faults:
        fault(monkeypatch)
    with pytest.raises(AssertionError, match="not protected"):
        test(*case)
