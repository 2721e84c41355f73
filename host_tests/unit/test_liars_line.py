"""Replies that are late, another's or noise, and restarts: nothing false is read or believed."""

import pytest
from liars import Foreign, Late, Restarted
from lying_plant import Plant


def watch(plant, plug, seconds):
    """Run, and collect what the firmware took for that charger's state that can't be so."""
    state = plant.chargers[plant.plugs.index(plug)].state
    wrong = []
    most_ma = plug.model.max_a * 1000
    end_s = plant.now_s + seconds
    while plant.now_s < end_s:
        plant.run(0.2)
        if state.online and not state.charging:
            wrong.append((plant.now_s, "not charging"))
        if state.report_limit_ma > most_ma:
            wrong.append((plant.now_s, "cap", state.report_limit_ma))
        if max(state.reported_ma) > most_ma * 1.05:
            wrong.append((plant.now_s, "current", list(state.reported_ma)))
    return wrong


@pytest.mark.parametrize("late_ms", [(200, 700), (600, 600)])
@pytest.mark.parametrize("family", ["obo", "mennekes", "abb", "heidelberg"])
def test_a_late_reply_is_never_taken_for_another_block(family, late_ms):
    with Plant([(family, {}, None)], lambda t_s: (20, 20)) as plant:
        liar = plant.plugs[0]
        plant.run(40)
        assert liar.true_a >= 16
        liar.lie = Late(plant.line, *late_ms)
        assert watch(plant, liar, 40) == []
        plant.judge.check()


@pytest.mark.parametrize("family", ["obo", "mennekes", "abb", "heidelberg"])
def test_anothers_reply_is_never_taken_for_its_own(family):
    chargers = [(family, {}, None), (family, {}, None)]
    with Plant(chargers, lambda t_s: (10, 10)) as plant:
        plant.run(40)
        plant.plugs[1].car.wants = False
        plant.run(10)
        plant.plugs[0].lie = Foreign(plant.line)
        assert watch(plant, plant.plugs[0], 60) == []
        plant.judge.check()


@pytest.mark.parametrize(
    ("bytes_a_tick", "second"), [(3, "evse_wb"), (60, "evse_wb"), (170, "heidelberg")]
)
def test_noise_on_the_line_costs_no_protection(bytes_a_tick, second):
    """170 bytes let hardly a frame through: then a charger's own watchdog protects; evse_wb, which
    has none, keeps what it was told last for ever, as its page says."""
    chargers = [("obo", {}, None), (second, {}, None)]

    def house(t_s):
        return (20, 20) if t_s < 60 else (58, 62)

    with Plant(chargers, house) as plant:
        plant.at(50, lambda: setattr(plant.line, "babble", bytes_a_tick))
        plant.run(150)
        plant.judge.check()


@pytest.mark.parametrize("late_ms", [150, 600])
def test_a_node_that_answers_late_hears_a_reduction(late_ms):
    """Nobody acknowledges a broadcast: it needs no answer in time, and its own 11 s no patience.

    After that one reduction the meter is silent, so that the node's own watchdog stops it.
    """
    with Plant([("smartevse", {}, None)], lambda t_s: (20, 20)) as plant:
        plant.run(40)
        node = plant.plugs[0]
        assert node.true_a > 25
        node.lie = Late(plant.line, late_ms, late_ms)
        while plant.chargers[0].state.online:
            plant.run(0.2)
        plant.run(0.4)
        assert 0 < node.model.pilot_a <= 6
        plant.run(11)
        assert node.model.pilot_a == 0
        plant.judge.check()


@pytest.mark.parametrize("family", ["evse_wb", "eprowallbox"])
def test_one_that_answers_late_is_told_its_minimum_and_kept_there(family):
    """One is asked first how it counts; the watchdog of the other would give it 32 A."""
    with Plant([(family, {"fallback_a": 32, "max_a": 32}, None)], lambda t_s: (20, 20)) as plant:
        plant.run(40)
        plug = plant.plugs[0]
        assert plug.true_a > 25
        plug.lie = Late(plant.line, 300, 900)
        plant.run(8 + 6)  # from its third silence on, and its car needs a moment
        for _ in range(120):
            plant.run(0.5)
            assert plug.model.pilot_a <= 6
        plant.judge.check()


def test_what_one_without_a_watchdog_holds_on_a_jammed_line_is_kept_for_it():
    """Nothing can lower it; the other has the minimum, within the dead time and 3 s."""
    with Plant([("obo", {}, None), ("evse_wb", {}, None)], lambda t_s: (20, 20)) as plant:
        plant.run(50)
        held_a = plant.plugs[1].true_a
        assert held_a > 16
        plant.line.babble = 170
        plant.plugs[1].cut = True  # not one frame gets through to it
        plant.run(6 + 3)
        assert plant.kept_a(1) >= plant.plugs[1].true_a
        plant.house = lambda t_s: (58, 62)
        plant.run(6 + 3)
        assert plant.kept_a(1) >= plant.plugs[1].true_a >= held_a - 1
        assert plant.controller.allocations[0].allowed_ma <= 6000


@pytest.mark.parametrize("family", ["obo", "heidelberg", "delta", "eprowallbox", "mennekes"])
def test_a_charger_that_lost_its_set_up_in_a_quick_restart_is_set_up_again(family):
    with Plant([(family, {}, None)], lambda t_s: (20, 20)) as plant:
        plug = plant.plugs[0]
        plant.run(40)
        kept = {r: plug.model.holding[r] for r in plug.as_sold}
        assert plug.model.pilot_a >= 16
        plug.lie = Restarted(plug, 0.6, forgets=True)
        plant.run(90)
        assert {r: plug.model.holding[r] for r in plug.as_sold} == kept
        assert plug.model.pilot_a >= 16


@pytest.mark.long
@pytest.mark.parametrize("family", ["obo", "heidelberg", "mennekes", "eprowallbox"])
def test_late_replies_wear_out_no_flash(family):
    """Five minutes: a register that is kept in flash is written three times at the most."""
    with Plant([(family, {}, None)], lambda t_s: (20, 20)) as plant:
        plug = plant.plugs[0]
        plug.lie = Late(plant.line, 150, 600)
        plant.run(300)
        assert max(plug.model.flash_writes.values(), default=0) <= 3
