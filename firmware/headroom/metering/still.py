"""Powers of a metering chip that stand still while its currents move: only with a voltage.

A power, real or reactive, has 28 bits and the noise of a house: with another current it is never
the same. Where a channel's current has moved by a 128th three times and one of its two powers not
by a bit, the chip's part that multiplies has stopped, or what is read is no register of it. So has
a voltage of 24 bits. Only the watts hang on these, so they alone are unknown, until it moves.
Where no voltage is, neither it nor what is multiplied with it has a reason to move: that sensor is
off, which takes the watts of its own leg.
"""

from array import array

import micropython
from micropython import const

_LEAST_LSB = const(256)  # of an RMS value: 3 mV, far above noise
_MOVES = const(7)  # a current moves by its 128th
_ENOUGH = const(3)


class Still:
    """channels, sensors: how many currents and voltages there are."""

    def __init__(self, channels, sensors):
        self._currents = array("i", [0] * channels)
        self._shown = array("i", [0] * (2 * channels + sensors))
        self._still = array("i", [0] * (2 * channels + sensors))

    @micropython.native
    def look(self, currents_q8, in_phase, quadrature, volts_q8):
        """Take in what the chip shows in a window: does a power or a voltage stand still?"""
        moved, count, sensors = False, len(in_phase), len(volts_q8)
        for c in range(count):
            current_q8 = currents_q8[c]
            moves = abs(current_q8 - self._currents[c]) > current_q8 >> _MOVES
            moves = moves and current_q8 >> 8 >= _LEAST_LSB
            if moves:
                self._currents[c] = current_q8
                moved = True
            moves = moves and volts_q8[c % sensors]
            self._count(c, in_phase[c], moves)
            self._count(count + c, quadrature[c], moves)
        for i in range(sensors):
            self._count(2 * count + i, volts_q8[i], moved and volts_q8[i])
        return max(self._still) >= _ENOUGH

    @micropython.native
    def _count(self, i, shown, moves):
        if shown != self._shown[i]:
            self._shown[i] = shown
            self._still[i] = 0
        elif moves and self._still[i] < _ENOUGH:
            self._still[i] += 1
