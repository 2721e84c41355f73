"""Charge and energy: exact ampere-hours of every channel; watt-hours as an estimate.

There is no voltage input, so watt-hours are ampere-hours times the nominal voltage, as if the
power factor were 1. They are for orientation, never for billing.

Counting: mA x ms below 1 mAh, mAh below 1 Ah, whole Ah: each a small integer for ever. The app
saves once an hour: 24 writes a day to two alternating files of some 100 bytes. Even if each write
erased the same flash sector (100,000 erasures) that is 11 years; littlefs spreads them over all
free sectors. A power failure loses at most the last hour.
"""

import json
from array import array

from micropython import const

_MAH = const(3_600_000)  # mA x ms
_STEP_MS = const(500)  # 2,000 A x 0.5 s is 10^9
_MOST = const(1 << 29)  # Ah: 1,000 A for 61 years
SAVE_EVERY_MS = const(3_600_000)


class Energy:
    """Totals of `channels` channels: the legs in order, then the EV branch."""

    def __init__(self, channels):
        self._ah = array("i", [0] * channels)
        self._mah = array("i", [0] * channels)
        self._rest = array("i", [0] * channels)

    def add(self, reading, elapsed_ms):
        """Account for `elapsed_ms` (at most 3 s) at the currents of a reading."""
        for leg in range(reading.legs):
            self._add(leg, reading.leg_ma[leg], elapsed_ms)
        self._add(reading.legs, reading.ev_ma, elapsed_ms)

    def mah(self, channel):
        """Charge so far in mAh."""
        return self._ah[channel] * 1000 + self._mah[channel]

    def wh(self, channel, volts):
        """Estimated energy in Wh at a nominal voltage."""
        return self.mah(channel) * volts // 1000

    def dump(self):
        """The totals as one line of text."""
        return json.dumps([list(self._ah), list(self._mah)])

    def parse(self, text):
        """The totals that `dump` gave; ValueError if it isn't that."""
        totals = json.loads(text)
        fits = isinstance(totals, list) and len(totals) == 2
        for numbers in totals if fits else ():
            fits = fits and isinstance(numbers, list) and len(numbers) == len(self._ah)
            fits = fits and all(type(n) is int and 0 <= n < _MOST for n in numbers)
        if not fits:
            raise ValueError("not the totals of this many channels")
        return totals

    def restore(self, totals):
        """Go on from what `parse` gave; from zero if that is None."""
        if totals:
            for c in range(len(self._ah)):
                self._ah[c], self._mah[c] = totals[0][c], totals[1][c]

    def _add(self, c, ma, elapsed_ms):
        while elapsed_ms > 0:  # in steps that keep mA x ms below 2^30
            step_ms = min(elapsed_ms, _STEP_MS)
            elapsed_ms -= step_ms
            self._rest[c] += ma * step_ms
            self._mah[c] += self._rest[c] // _MAH
            self._rest[c] %= _MAH
        if self._mah[c] >= 1000:
            self._ah[c] += self._mah[c] // 1000
            self._mah[c] %= 1000
