"""Whether the lab sees that a charger is left with less than there is, and accuses no other."""

from types import SimpleNamespace

import pytest

from lab.sim.idle import Idle
from lab.sim.truth import Conditions, Truth

TICK_S = 0.05


class Scene:
    """One charger of 6 to 32 A whose car takes 95 %, on a limit of 80 A; the test is the meter."""

    def __init__(self):
        car = SimpleNamespace(target_a=lambda offer_a: 30.4)
        self.station = SimpleNamespace(
            name="charger1", min_a=6.0, max_a=32.0, held_a=6.0, present=True, car=car
        )
        self.charger = SimpleNamespace(pauses=0)
        self.front_end = SimpleNamespace(gain=[1.0, 1.0, 1.0])
        self.idle = Idle(
            SimpleNamespace(
                stations=[self.station],
                judge=SimpleNamespace(chargers=[self.charger]),
                front_end=self.front_end,
            )
        )
        self.now_s = 0.0
        self.conditions = Conditions(firmware=True)
        self.link = True

    def wait(self, seconds, pilot_a, base_a=20.0, rooms_a=()):
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            mains_a = (base_a + 0.95 * pilot_a, 0.0)
            truth = Truth(self.now_s, TICK_S, mains_a, 80.0 - base_a, (pilot_a,), (self.link,))
            self.idle.tick(truth, self.conditions, rooms_a)

    @property
    def found(self):
        return [text for _, text in self.idle.found]


def test_one_that_stays_at_its_minimum_is_told_once():
    scene = Scene()
    scene.wait(60, 6.0)
    assert scene.found == []
    scene.wait(300, 6.0)
    assert scene.found == ["charger1: left at 6.0 A for 90 s though there are 26.0 A more"]


def test_one_that_never_comes_back_after_a_pause_is_told():
    scene = Scene()
    scene.charger.pauses = 1
    scene.wait(420, 0.0)  # five minutes, and the two that room has to last
    assert scene.found == []
    scene.wait(180, 0.0)
    assert scene.found[0].startswith("charger1: left at 0.0 A for 500 s")


def rises(scene):
    for step in range(40):
        scene.wait(20, 6.0 + 0.5 * step)


def has_what_its_car_takes(scene):
    scene.wait(300, 31.0)


def has_what_the_house_leaves(scene):
    scene.wait(300, 18.0, base_a=60.0)


def has_what_its_setting_allows(scene):
    scene.wait(300, 16.0, rooms_a=[0.0])


def has_no_car(scene):
    scene.station.present = False
    scene.wait(900, 0.0)


def sees_nothing(scene):
    scene.conditions.sees = False
    scene.wait(900, 6.0)


def lacks_the_ev_ct(scene):
    scene.front_end.gain[2] = 0.0
    scene.wait(900, 6.0)


def has_lost_its_charger(scene):
    scene.link = False
    scene.wait(900, 6.0)


def finds_room_that_does_not_last(scene):
    for _ in range(10):
        scene.wait(60, 6.0)
        scene.wait(10, 6.0, base_a=75.0)


def rests_for_half_an_hour(scene):
    scene.charger.pauses = 9
    scene.wait(1500, 0.0)


@pytest.mark.parametrize(
    "story",
    [
        rises,
        has_what_its_car_takes,
        has_what_the_house_leaves,
        has_what_its_setting_allows,
        has_no_car,
        sees_nothing,
        lacks_the_ev_ct,
        has_lost_its_charger,
        finds_room_that_does_not_last,
        rests_for_half_an_hour,
    ],
)
def test_one_that_has_what_it_can_is_not_accused(story):
    scene = Scene()
    story(scene)
    assert scene.found == []
