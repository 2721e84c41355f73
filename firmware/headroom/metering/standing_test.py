"""The cars as a standing test of the mains CTs: with each of their steps its legs must move too.

How far a leg moved, and when that is believed, is in watch.py. The currents alone make a fault:
the reading is then not good, so the cars have their fallback and nothing is raised. It ends when
the leg moves with the cars again: one that starts or stops is a step. What the watts show, where a
voltage is fitted, is only told (rule 9: a voltage that lies moves no car); they tell more, for
they have a sign and are not fooled by what feeds in.

Of three phases an EV CT is around one: a car with fewer looks like CTs that see nothing, so that
is told and is no fault.
"""

from array import array

from micropython import const

from .. import records
from .watch import LOW_PCT, Watch

_OLD_MS = const(3000)  # a report of more than that tells no step


class StandingTest:
    """legs    how many have a CT
    loaded  indices of those that the cars load
    states  ChargerState of each charger, whose registers tell the cars' current; None: the EV CT
    power   the Power of a meter with a voltage, None without
    behind  windows that the meter takes for a whole step beyond the one that has it
    """

    def __init__(self, legs, loaded, states, power, behind=0):
        self._states = states
        self._power = power
        self._least_pct = 1 if states is None and legs == 3 and len(loaded) > 1 else 0
        late = states is not None
        behind = behind if late else 0  # an EV CT is behind by as much
        fed = array("b", [0])
        self.currents = [Watch(leg in loaded, late, False, behind, fed) for leg in range(legs)]
        watts = range(legs if power else 0)
        self.watts = [Watch(leg in loaded, late, True, behind, fed) for leg in watts]

    def look(self, reading):
        """Take in a window; sets UNMOVED in its faults."""
        known = reading.good
        told_ma = self._told_ma()
        for leg in range(reading.legs):
            watch = self.currents[leg]
            ev_ma = -1
            if known:
                ev_ma = reading.ev_ma if self._states is None else self._reported_ma(leg)
            watch.look(reading.leg_ma[leg], ev_ma, told_ma)
            if watch.loaded and self._least_pct <= watch.pct < LOW_PCT:
                reading.faults[leg] |= records.UNMOVED
                reading.good = False
            if self._power:
                self._look_at_watts(leg, ev_ma, told_ma)

    def _look_at_watts(self, leg, ev_ma, told_ma):
        power = self._power
        if not power.known >> leg & 1:
            ev_ma = -1
        self.watts[leg].look(power.mw[leg] // max(1, power.leg_mv(leg) // 1000), ev_ma, told_ma)

    def _told_ma(self):
        total_ma = 0
        if self._states:
            for state in self._states:
                total_ma += state.offer_ma
        return total_ma

    def _reported_ma(self, leg):
        """What the cars draw of a leg, or at all if they don't load it; -1 if one doesn't say."""
        total_ma = 0
        for state in self._states:
            phase = 0
            if self.currents[leg].loaded:
                if leg not in state.legs:
                    continue
                if len(self.currents) == 3:
                    phase = state.legs.index(leg)
            if state.online and not state.car:
                continue
            ma = state.reported_ma[phase]
            if ma < 0 or state.reported_age_ms > _OLD_MS:
                return -1
            total_ma += ma
        return total_ma

    def notes(self):
        """What the steps of the cars have shown: sentences."""
        for watch in self.currents + self.watts:
            if watch.pct != watch.sound_pct:
                from .ct_notes import notes  # in memory only then

                return notes(self.currents, self.watts)
        return ()
