"""The cars as a test of the mains CTs, in a calm house. test_standing_soak.py has busy ones."""

from types import SimpleNamespace

import pytest
from busy_home import half, off, on_a_branch, slipped, swapped, turned
from calm_home import CT, REGISTER, Plant, right

from headroom import records
from headroom.app import building
from headroom.app.control import Control
from headroom.balancing.controller import Controller
from headroom.metering.health import Health
from headroom.reporting.reporter import Reporter
from headroom.settings import table

STEPS = (6, 12, 6, 13, 6)  # A of the car


@pytest.mark.parametrize("source", [CT, REGISTER])
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (off, "does not move with the cars"),
        (on_a_branch, "does not move with the cars"),
        (slipped, "shows 69 % of what the cars draw"),  # the RMS beside 3 A of reactive current
        (half, "shows 49 % of what the cars draw"),
    ],
)
def test_five_steps_that_a_leg_does_not_make_are_a_fault_and_its_reading_is_not_good(
    wrong, says, source
):
    plant = Plant(source, cts=wrong)
    assert plant.steps(*STEPS[:4]) == [[]] * 4
    assert plant.steps(*STEPS[4:]) == [[0]]
    [note] = plant.notes
    assert note.startswith("the CT of L1 " + says)


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_what_moves_with_the_cars_is_no_fault_and_a_few_that_do_not_are_forgotten(source):
    plant = Plant(source)
    assert plant.steps(16, 6, 30, 12, 0, 20) == [[]] * 6
    plant.cts = on_a_branch
    plant.steps(12, 20, 12, 20)
    plant.cts = right
    plant.steps(12, 20, 12)
    plant.cts = on_a_branch
    assert plant.steps(20, 12, 20, 12) == [[]] * 4
    assert plant.notes == []


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_three_steps_with_the_cars_end_it(source):
    plant = Plant(source, cts=half)
    assert plant.steps(*STEPS)[-1] == [0]
    plant.cts = right
    assert plant.steps(0, 6, 0) == [[0], [0], []]
    assert plant.notes == []


def test_a_ct_that_reads_low_raises_nothing_ends_in_the_fallback_and_the_log_says_why():
    """The whole decision: half of what L1 carries is hidden, then the house draws ten amperes
    less. A car that had more than its fallback comes down to it and stays there."""
    plant, health, events = Plant(cts=half), Health(), []
    controller = Controller(2, 60_000, 80, 6000, 5000, [plant.state], (), CT)
    meter = SimpleNamespace(ct_tests=[plant.test], window=plant.reading, power=None)
    nothing = SimpleNamespace(add=lambda *_: 0, watch=lambda *_: 0, tripped="", chargers=[])
    bus = SimpleNamespace(switch=lambda: None)
    control = Control(meter, health, nothing, controller, nothing, bus)
    log = SimpleNamespace(note=events.append)
    reporter = Reporter(log, meter, health, controller, nothing, nothing)
    [allocation] = controller.allocations

    def window():
        plant.measure()
        control._window(plant.windows * 200)
        plant.state.offer_ma = plant.state.ceiling_ma = allocation.allowed_ma
        if plant.windows % 5 == 0:
            reporter.look(1000)

    plant.window = window
    plant.steps(6, 12, 6, 13)
    assert allocation.allowed_ma > 6000
    plant.ev_a = 6.0
    plant.hold(4)
    assert (allocation.allowed_ma, allocation.reason) == (6000, records.BLIND)
    plant.house = [2 + 0j, 0j]
    for _ in range(600):
        plant.window()
        assert allocation.allowed_ma == 6000
    assert "no good measurement" in events
    assert "L1 " + records.FAULT_NAMES[records.UNMOVED] in events


@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.6, 1.2])
@pytest.mark.parametrize("source", [CT, REGISTER])
def test_what_the_house_switches_before_the_cars_judges_nobody(seconds, source):
    """The car is lowered because the house has switched on, and rises once that is over."""
    plant = Plant(source)
    plant.steps(16)
    for ev_a, house_a in ((6, 22), (16, 12)) * 8:
        plant.hold(13)
        if ev_a == 6:
            plant.house = [house_a, 9]
            plant.window()
        plant.state.offer_ma = ev_a * 1000
        plant.hold(seconds)
        plant.ev_a = ev_a
        plant.hold(13)
        plant.house = [house_a, 9]
        assert plant.reading.good
    assert plant.notes == []


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_what_the_house_switches_before_the_cars_hides_nothing(source):
    """The same, with a CT on a wire that carries the house alone."""
    plant = Plant(source, cts=on_a_branch)
    plant.steps(16)
    for _ in range(6):
        plant.house = [22, 9]
        plant.window()
        plant.state.offer_ma = 6000
        plant.hold(1)
        plant.ev_a = 6
        plant.hold(13)
        plant.house = [12, 9]
        plant.hold(13)
        plant.state.offer_ma = 16_000
        plant.ev_a = 16
        plant.hold(13)
    assert plant.reading.faults[0] == records.UNMOVED


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_a_leg_that_was_right_lately_is_not_called_low_before_its_credit_is_used_up(source):
    """Four for each right step, 32 at most; what stands still is called so all the same."""
    plant = Plant(source)
    plant.steps(*(6, 13) * 4)
    plant.cts = slipped
    assert plant.steps(*(6, 12) * 10) == [[]] * 20
    assert plant.steps(*(6, 12) * 7)[-1] == [0]
    plant = Plant(source)
    plant.steps(*(6, 13) * 4)
    plant.cts = on_a_branch
    assert plant.steps(*(6, 13) * 4)[-1] == [0]


def test_a_report_that_comes_late_judges_nobody():
    plant = Plant(REGISTER)
    plant.steps(16)
    for ev_a in (6, 16) * 5:
        plant.silent = True
        plant.hold(8)
        plant.ev_a = ev_a
        plant.hold(15)
        plant.silent = False
        plant.hold(15)
        assert plant.reading.good
    assert plant.notes == []


@pytest.mark.parametrize("why", ["it says nothing", "its last word is old"])
def test_a_charger_that_does_not_tell_its_current_tests_nothing(why):
    plant = Plant(REGISTER, cts=on_a_branch)
    if why == "it says nothing":
        plant.state.reported_ma[0] = plant.state.reported_ma[1] = -1
    else:
        plant.steps(12, 6)
    plant.silent = True
    assert plant.steps(12, 6, 12, 6, 12, 6) == [[]] * 6
    assert plant.notes == []


@pytest.mark.parametrize("source", [CT, REGISTER])
@pytest.mark.parametrize("sun_a", [2, 3, 5, 8, 11, 20])
def test_a_house_that_feeds_in_is_not_accused(sun_a, source):
    """The same two currents of the car again and again, as a self-test has them, in steady sun:
    the RMS of its legs moves by less, the other way or not at all. Watts are not fooled."""
    plant = Plant(source, house=[-sun_a + 1j, -sun_a + 0.3j])
    assert plant.steps(*(16, 6) * 6) == [[]] * 12
    assert plant.notes == []


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_a_leg_that_a_step_turns_round_is_not_accused_beside_one_that_feeds_in(source):
    """Sun and a heat pump: with each step of 7.4 A one leg goes from 3.7 A fed in to 3.7 A drawn
    beside 8 A of reactive current, so its RMS stands still; that of the other one falls."""
    plant = Plant(source, house=[-3.7 - 8j, -11 - 2j])
    assert plant.steps(*(7.4, 0) * 12) == [[]] * 24
    plant.house = [12 - 3j, 9 - 2j]
    plant.cts = on_a_branch
    assert plant.steps(*(6, 12) * 7)[-1] == [0], "once the sun is down it is"


@pytest.mark.parametrize("source", [CT, REGISTER])
@pytest.mark.parametrize("reactive_a", [0, 2, 5, 9])
def test_a_battery_that_keeps_a_leg_at_nothing_is_not_accused(reactive_a, source):
    """What it gives follows what is missing, a window late and with a time constant of 1 s."""
    gives = [0.0, 0.0]

    def kept(legs, house):
        found = [a - g for a, g in zip(legs, gives, strict=True)]
        for leg in (0, 1):
            gives[leg] += 0.2 * found[leg].real
        return found

    plant = Plant(source, cts=kept, house=[3 - reactive_a * 1j] * 2)
    assert plant.steps(*(12, 0, 14, 0, 32, 0) * 3) == [[]] * 18
    assert plant.notes == []


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_a_ct_that_is_on_backwards_is_named_by_the_watts_and_is_no_fault(source):
    plant = Plant(source, cts=turned)
    assert plant.steps(*STEPS) == [[]] * 5
    [note] = plant.notes
    assert note.startswith("the CT of L1 is on backwards: turn it round")
    plant.cts = right
    plant.steps(12, 6, 12)
    assert plant.notes == []


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_a_swapped_pair_of_split_phase_is_named_by_the_watts(source):
    plant = Plant(source, cts=swapped)
    assert plant.steps(*STEPS) == [[]] * 5
    [note] = plant.notes
    assert note.startswith("the CTs of L1 and L2 are swapped, or both are on backwards")


@pytest.mark.parametrize("watts_pct", [100, -100])
@pytest.mark.parametrize("source", [CT, REGISTER])
def test_a_swapped_pair_is_named_by_a_car_on_one_leg(source, watts_pct):
    exchanged = lambda legs, house: [legs[1], legs[0]]  # noqa: E731
    plant = Plant(source, loaded=(0,), cts=exchanged, watts_pct=watts_pct)
    assert plant.steps(*STEPS)[-1] == [0]
    lost, stranger = plant.notes
    assert lost.startswith("the CT of L1 does not move with the cars")
    assert stranger.startswith("the CT of L2 moves with the cars, and no setting 'legs' says so")
    assert "swapped" in lost
    assert "swapped" in stranger


@pytest.mark.parametrize("source", [CT, REGISTER])
def test_a_swapped_pair_of_three_phases_is_named_by_the_watts(source):
    plant = Plant(source, 3, (0, 1, 2), swapped)
    assert plant.steps(*STEPS) == [[]] * 5
    assert [note[:41] for note in plant.notes] == [
        "the CT of L1 moves as on another phase, s",
        "the CT of L2 moves as on another phase, s",
    ]


@pytest.mark.parametrize("pct", [50, 0, -100])
def test_a_voltage_that_lies_makes_no_fault(pct):
    plant = Plant(watts_pct=pct)
    assert plant.steps(*STEPS) == [[]] * 5
    assert plant.reading.good
    assert plant.notes
    plant.power.known = plant.power.mv = 0
    plant.steps(12)


def test_a_car_on_one_of_three_phases_makes_no_fault_of_the_others():
    """By its reports it is known that it draws nothing there; by an EV CT it is only told."""
    plant = Plant(REGISTER, 3, (0, 1, 2))
    plant.phases = (0,)
    assert plant.steps(*STEPS) == [[]] * 5
    assert plant.notes == []
    plant = Plant(CT, 3, (0, 1, 2))
    plant.phases = (0,)
    assert plant.steps(*STEPS) == [[]] * 5
    assert [note[:12] for note in plant.notes] == ["the CT of L2", "the CT of L3"]
    plant = Plant(CT, 3, (0, 1, 2), half)
    assert plant.steps(*STEPS)[-1] == [0]


def test_only_what_can_be_is_watched():
    states = [records.ChargerState(6000, 32_000, 60_000, 80_000, 6000, (1,))]
    values = table.defaults()
    for source, found in (("ct", [False, True]), ("register", [False, True]), ("estimate", None)):
        table.put(values, "ev_source", source)
        tests = building.ct_tests(values, states, None)
        assert [[watch.loaded for watch in test.currents] for test in tests] == [found][
            : bool(found)
        ]
    assert building.ct_tests(values, [], None) == []
    [direction] = building.ct_tests(values, [], SimpleNamespace(known=0, mw=[0, 0]))
    assert list(direction.notes()) == []
