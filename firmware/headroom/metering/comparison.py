"""The cars' current flows through the mains too: on a leg that they load, EV is never above it.

Where it is, a mains CT reads low (another type or burden than was set, not closed, on another
leg), the EV branch's reads high, or something in the house feeds in. Nothing tells which, so the
reading is used and doubted: it raises no allocation. A CT that reads low is not found here while
the house itself draws more than is missing; `selftest` finds it.
"""

from array import array

from micropython import const

from .. import records

_SHARE_PCT = const(10)  # two CTs and burdens at their worst, one 333 mV type not calibrated: 9 %
_LEAST_MA = const(1000)  # noise of either
_WINDOWS = const(50)  # 10 s: longer than any inrush, and as long to be made good


class Comparison:
    """Of the EV branch with `legs`, the indices of those that it loads."""

    def __init__(self, legs):
        self._legs = legs
        self._windows = array("i", [0] * len(legs))
        self._below = [False] * len(legs)

    def look(self, reading):
        """Take in a window; sets BELOW_EV in its faults, and `doubtful`."""
        reading.doubtful = False
        for i in range(len(self._legs)):
            leg = self._legs[i]
            if reading.good:
                self._count(i, reading.leg_ma[leg], reading.ev_ma)
            if self._below[i]:
                reading.faults[leg] |= records.BELOW_EV
                reading.doubtful = True

    def _count(self, i, mains_ma, ev_ma):
        above = ev_ma - _LEAST_MA > mains_ma + mains_ma * _SHARE_PCT // 100
        windows = self._windows[i] + (1 if above else -1)
        self._windows[i] = windows = max(0, min(windows, _WINDOWS))
        if windows == (0 if self._below[i] else _WINDOWS):
            self._below[i] = not self._below[i]
