"""Three voltages at a metering chip, one for each leg: in memory only where they are fitted.

Each leg's power is measured with its own, so nothing is assumed; a sensor that fails takes the
watts of its leg, and of the house, and of nothing else.
"""

from array import array

import micropython

from .channel import Steady
from .chip_power import ChipPower
from .power import Power
from .scale import Scale
from .turning import Turning
from .voltage import OTHER

_LEGS = 3


class ThreePower(Power):
    """A Power whose `mv` is that of L1, `low_mv` and `high_mv` the lowest and highest of any leg,
    `faults` those of all three, `good` only if all three are.
    """

    def __init__(self):
        super().__init__(_LEGS, 0, _LEGS)
        self.legs_mv = array("i", [0] * _LEGS)
        self.legs_faults = array("i", [0] * _LEGS)

    def unknown(self, faults):
        """See Power."""
        super().unknown(faults)
        for leg in range(_LEGS):
            self.legs_faults[leg] = faults

    def leg_mv(self, leg):
        """See Power."""
        return self.legs_mv[leg]

    def faults_of(self, c):
        """See Power."""
        return self.legs_faults[c]

    def where(self, bit):
        """See Power."""
        names = ["L%d" % (leg + 1) for leg in range(_LEGS) if self.legs_faults[leg] & bit]
        return " of " + " and ".join(names) if names else ""


class ThreeChipPower(ChipPower):
    """angles    an Angle for each leg
    mvs_a_lsb  of each leg's sensor, see ChipPower
    """

    def __init__(self, angles, mvs_a_lsb, nominal_mv):
        super().__init__(ThreePower(), angles, mvs_a_lsb[0], nominal_mv, _LEGS)
        self._scales = [Scale(mv) for mv in mvs_a_lsb]
        self._turns = [Turning((leg,)) for leg in range(_LEGS)]
        self._steady = (self.steady, Steady(), Steady())

    def unknown(self, faults):
        """See ChipPower."""
        super().unknown(faults)
        for steady in self._steady[1:]:
            steady.add(-1)

    def steady_mv(self, leg):
        """See ChipPower."""
        return self._steady[leg].mean()

    @micropython.native
    def _take(self, volts_q8, mhz):
        power = self.power
        power.faults = 0
        for leg in range(_LEGS):
            mv = self._scales[leg].of(volts_q8[leg])
            faults = self._judge(mv, mhz)
            power.legs_mv[leg] = mv
            power.legs_faults[leg] = faults
            power.faults |= faults
            self._steady[leg].add(mv)
            self._keep_extremes(mv, faults)
        power.mv = power.legs_mv[0]

    def _look_for_turns(self):
        power = self.power
        for leg in range(_LEGS):
            if self._turns[leg].look(power):
                power.legs_faults[leg] |= OTHER
                power.faults |= OTHER
                power.good = False
                power.known &= ~(1 << leg)
