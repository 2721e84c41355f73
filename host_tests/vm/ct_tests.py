"""The standing test and the direction, for whatever Python runs this: steps of a car and a dryer.

On MicroPython the heap is locked meanwhile. Prints what is believed of each leg, then the faults.
"""

import json

from heap import lock, unlock

from headroom import records
from headroom.metering.direction import Direction
from headroom.metering.power import Power
from headroom.metering.standing_test import StandingTest

MV = 120_000


def live(test, direction, reading, power, state, l1_pct, watts_pct):
    """Ten steps of a car between 6 and 14 A; L1 shows that part of it, and its watts another."""
    for step in range(10):
        ma = 6000 + step % 2 * 8000
        state.offer_ma = ma
        for window in range(60):
            if window == 5:
                reading.ev_ma = ma
            if window == 10:
                state.reported_ma[0] = ma
            state.reported_age_ms = 0
            for leg in range(2):
                dryer_ma = 13_000 if 25 <= window < 45 else 10_000  # on both legs
                pct = l1_pct if leg == 0 else 100
                reading.leg_ma[leg] = dryer_ma + reading.ev_ma * pct // 100
                reading.faults[leg] = 0
                pct = watts_pct if leg == 0 else 100
                power.mw[leg] = (dryer_ma + reading.ev_ma) * pct // 100 * (MV // 1000)
            reading.good = True
            test.look(reading)
            direction.look(reading)


def case(states, l1_pct, watts_pct):
    reading, power = records.Reading(2), Power(3, 2)
    power.mv, power.known = MV, 3
    state = records.ChargerState(6000, 32_000, 60_000, 80_000, 6000, (0, 1))
    state.online = state.car = True
    test = StandingTest(2, (0, 1), [state] if states else None, power)
    direction = Direction(2, power)
    lock()
    try:
        live(test, direction, reading, power, state, l1_pct, watts_pct)
    finally:
        unlock()
    found = [watch.pct for watch in test.currents + test.watts]
    notes = list(test.notes()) + list(direction.notes())
    print(json.dumps([found, list(reading.faults), reading.good, direction.votes[0], notes]))


for by_reports in (False, True):
    for l1_pct, watts_pct in ((100, 100), (50, 100), (0, 100), (100, -100)):
        case(by_reports, l1_pct, watts_pct)
