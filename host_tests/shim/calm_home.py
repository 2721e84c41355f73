"""A calm house with one charger, as the standing test of the CTs sees it."""

from busy_home import VOLTS

from headroom import records
from headroom.metering.power import Power
from headroom.metering.standing_test import StandingTest

CT, REGISTER = records.EV_CT, records.EV_REGISTER
CALM = [12 + 3j, 9 - 2j, 10 + 0j]  # A of the house; + j leads


def right(legs, house):
    return legs


class Plant:
    """A calm house and one charger, whose car makes steps when it is told to."""

    def __init__(self, source=CT, legs=2, loaded=(0, 1), cts=right, house=CALM, watts_pct=100):
        self.state = records.ChargerState(6000, 32_000, 60_000, 80_000, 6000, loaded)
        self.state.online = self.state.car = True
        self.power = Power(legs, 0)
        self.power.known, self.power.mv = (1 << legs) - 1, round(VOLTS * 1000)
        states = [self.state] if source == REGISTER else None
        self.test = StandingTest(legs, loaded, states, self.power)
        self.reading = records.Reading(legs)
        self.loaded, self.house, self.cts, self.watts_pct = loaded, house, cts, watts_pct
        self.phases = loaded  # those that its car has
        self.ev_a, self.shown = 0.0, [0.0] * 11  # the charger's meter is 2 s late
        self.windows = 0
        self.silent = False

    def hold(self, seconds):
        for _ in range(round(seconds * 5)):
            self.window()

    def window(self):
        self.measure()
        self.test.look(self.reading)

    def measure(self):
        legs = range(self.reading.legs)
        house = [self.house[leg] for leg in legs]
        mains = [a + (self.ev_a if leg in self.phases else 0) for leg, a in enumerate(house)]
        for leg, a in enumerate(self.cts(mains, house)):
            self.reading.leg_ma[leg] = round(abs(a) * 1000)
            self.reading.faults[leg] = 0
            self.power.mw[leg] = round(a.real * VOLTS * 10) * self.watts_pct
        self.reading.ev_ma = round(self.ev_a * 1000)
        self.reading.good = True
        self.reading.at_ms = self.windows * 200
        self.shown = [*self.shown[1:], self.ev_a]
        self.state.reported_age_ms += 200
        if self.windows % 5 == 0 and not self.silent:
            self.state.reported_age_ms = 0
            for phase, leg in enumerate(self.loaded):
                ma = round(self.shown[0] * 1000) if leg in self.phases else 0
                self.state.reported_ma[phase] = ma
        self.windows += 1

    def steps(self, *amperes):
        """After each step: which legs have a fault."""
        found = []
        for a in amperes:
            self.hold(12)
            self.state.offer_ma = a * 1000
            self.hold(0.6)
            self.ev_a = (self.ev_a + a) / 2
            self.window()
            self.ev_a = a
            self.hold(12)
            faults = self.reading.faults[: self.reading.legs]
            assert self.reading.good is not any(faults)
            found.append([leg for leg, bits in enumerate(faults) if bits == records.UNMOVED])
        return found

    @property
    def notes(self):
        return list(self.test.notes())
