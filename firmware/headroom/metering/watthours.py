"""Energy drawn from the mains and fed into it, in watt-hours: where a voltage is fitted.

Of every channel, and of the house: there the legs are added up window by window, so what one leg
feeds in and another takes at the same moment leaves the house nowhere. What is unknown is not
counted. Time is that of the samples: W x frames below 1 Wh, Wh below 1 kWh and whole kWh, each a
small integer for ever. It is kept in a file as the ampere-hours are, see energy.py.
"""

import json
from array import array

import micropython
from micropython import const

_MOST = const(1 << 29)  # kWh: 500 kW for a hundred years


class WattHours:
    """Totals of `legs` legs in order, of the EV branch, used or not, and of the house.

    rate_hz  frames a second
    """

    def __init__(self, legs, rate_hz):
        self._hour = 3600 * rate_hz
        self._legs = legs
        self.house = legs + 1
        self._kwh = [array("i", [0] * (legs + 2)) for _ in range(2)]
        self._wh = [array("i", [0] * (legs + 2)) for _ in range(2)]
        self._rest = [array("i", [0] * (legs + 2)) for _ in range(2)]

    @micropython.native
    def add(self, power, frames):
        """Account for a window of so many frames, of which a Power tells."""
        house_mw = 0
        for c in range(self.house):
            if power.known >> c & 1:
                self._add(c, power.mw[c], frames)
                if c < self._legs:
                    house_mw += power.mw[c]
        if power.known & (1 << self._legs) - 1 == (1 << self._legs) - 1:
            self._add(self.house, house_mw, frames)

    def imported(self, channel):
        """Wh drawn from the mains so far."""
        return self._total(0, channel)

    def exported(self, channel):
        """Wh fed into them."""
        return self._total(1, channel)

    def dump(self):
        """The totals as one line of text."""
        channels = range(self.house + 1)
        return json.dumps([[self._total(sense, c) for c in channels] for sense in range(2)])

    def parse(self, text):
        """The totals that `dump` gave; ValueError if it isn't that."""
        totals = json.loads(text)
        fits = isinstance(totals, list) and len(totals) == 2
        for numbers in totals if fits else ():
            fits = fits and isinstance(numbers, list) and len(numbers) == self.house + 1
            fits = fits and all(type(n) is int and 0 <= n // 1000 < _MOST for n in numbers)
        if not fits:
            raise ValueError("not the watt-hours of this many channels")
        return totals

    def restore(self, totals):
        """Go on from what `parse` gave; from zero if that is None."""
        for i in range(2 if totals else 0):
            for c in range(self.house + 1):
                self._kwh[i][c] = totals[i][c] // 1000
                self._wh[i][c] = totals[i][c] % 1000

    def _total(self, sense, c):
        return self._kwh[sense][c] * 1000 + self._wh[sense][c]

    @micropython.native
    def _add(self, c, mw, frames):
        sense = 1 if mw < 0 else 0
        mw = abs(mw)
        wh, rest = self._wh[sense], self._rest[sense]
        rest[c] += mw // 1000 * frames + mw % 1000 * frames // 1000
        wh[c] += rest[c] // self._hour
        rest[c] %= self._hour
        if wh[c] >= 1000:
            self._kwh[sense][c] += wh[c] // 1000
            wh[c] %= 1000
