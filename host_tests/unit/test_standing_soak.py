"""Random busy homes: no CT is accused wrongly, and each planted mistake is found.

The cars' steps are those that balancing makes of what the house does. Each home is lived with an
EV CT and with the chargers' reports at once, and its currents and watts are judged apart: so with
and without a voltage. HEADROOM_HOMES says how many (`make soak-cts`: 200, three hours each).
"""

import os

import pytest
from busy_home import VOLTS, Home, half, off, on_a_branch, slipped, swapped, turned

from headroom import records
from headroom.metering.power import Power
from headroom.metering.standing_test import StandingTest

HOMES = int(os.environ.get("HEADROOM_HOMES", "10"))
HOURS = 3.0 if "HEADROOM_HOMES" in os.environ else 0.4
PANELS = ((2, (0, 1)), (2, (0, 1)), (1, (0,)), (3, (0, 1, 2)), (3, (0,)))  # legs, those loaded


class Lived:
    """A home and its two standing tests, window by window."""

    def __init__(self, home):
        self.home = home
        legs = home.legs
        self.power = Power(legs, 0)
        self.power.known, self.power.mv = (1 << legs) - 1, round(VOLTS * 1000)
        self.states = [
            records.ChargerState(6000, 48_000, 60_000, 80_000, 6000, home.loaded)
            for _ in home.cars
        ]
        for state in self.states:
            state.online = state.car = True
        self.by_ct = StandingTest(legs, home.loaded, None, self.power)
        self.by_report = StandingTest(legs, home.loaded, self.states, self.power)
        self.reading = records.Reading(legs)

    def windows(self):
        """Yields after each one."""
        home, reading = self.home, self.reading
        for window, (rms_a, along_a, ev_a) in enumerate(home.run()):
            for leg in range(home.legs):
                reading.leg_ma[leg] = round(rms_a[leg] * 1000)
                self.power.mw[leg] = round(along_a[leg] * VOLTS * 1000)
            reading.ev_ma = round(ev_a * 1000)
            for i, (car, state) in enumerate(zip(home.cars, self.states, strict=True)):
                state.reported_age_ms += records.WINDOW_MS
                if window % car.poll == i:
                    state.car, state.reported_age_ms = car.there, 0
                    for phase in range(3):
                        state.reported_ma[phase] = round(car.shown_a * 1000)
                state.offer_ma = round(home.balancing.told_a * 1000 / len(self.states))
            for test in (self.by_ct, self.by_report):
                reading.good = True
                test.look(reading)
            yield


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(HOMES))
def test_no_false_alarm_in_a_busy_home(seed):
    """Two in five of split phase; every third with the sun, every fourth with a battery."""
    legs, loaded = PANELS[seed % 5]
    lived = Lived(Home(seed, HOURS, legs, loaded, seed % 3 == 0, seed % 4 == 0))
    for _ in lived.windows():
        assert not any(lived.reading.faults), list(lived.by_ct.notes())
        for test in (lived.by_ct, lived.by_report):
            for watch in test.currents + test.watts:
                assert watch.pct == watch.sound_pct, (vars(watch), list(test.notes()))


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("mistake", [off, half, slipped, on_a_branch, swapped, turned])
def test_a_planted_mistake_is_found_in_a_busy_home(mistake):
    """With an EV CT and a voltage, within forty steps of its cars; one that is off by its current
    alone. In test_standing_test.py: a calm house, each source, with and without a voltage."""
    found = 0
    for seed in range(500, 506):
        legs, loaded = ((2, (0, 1)), (3, (0, 1, 2)))[seed % 2]
        lived = Lived(Home(seed, 1.5, legs, loaded, mistake=mistake))
        test = lived.by_ct
        for _ in lived.windows():
            wrong = test.currents[0].pct if mistake is off else test.watts[0].pct
            if wrong < 78:
                found += 1
                break
            assert lived.home.steps < 40, seed
        assert bool(list(test.notes())) is (wrong < 78)
    assert found >= 4
