"""What a self-test has seen: one row for each 200 ms window, in 10 mA so that it fits a board.

A charger that is stepped between two currents is a known load. The rows between two changes of
what it was told are a plateau; only its settled part tells a level.
"""

from array import array

from micropython import const

UNIT_MA = const(10)
NONE = const(-32768)
SHORTEST = const(60)  # windows: from a change until even a slow car has followed, 10 s and more
SETTLED = const(15)  # the last of them, that tell a level
_MOST = const(32767)


class Recording:
    """Columns told, ev, reported, leg[i] (RMS) and along[i] (signed, see metering/phase.py)."""

    def __init__(self, legs):
        self.told = array("h")
        self.ev = array("h")
        self.reported = array("h")
        self.leg = [array("h") for _ in range(legs)]
        self.along = [array("h") for _ in range(legs)]

    def add(self, told_ma, ev_ma, reported_ma, leg_ma, along_ma):
        """One window; -1 for a `reported_ma` and None for an `along_ma` that isn't known."""
        self.told.append(_packed(told_ma))
        self.ev.append(_packed(ev_ma))
        self.reported.append(NONE if reported_ma < 0 else _packed(reported_ma))
        for column, ma in zip(self.leg, leg_ma):
            column.append(_packed(ma))
        for column, ma in zip(self.along, along_ma):
            column.append(NONE if ma is None else _packed(ma))

    def plateaus(self):
        """(first row, end) of the settled part of each stretch that was told the same."""
        found = []
        begin = 0
        for row in range(1, len(self.told) + 1):
            if row == len(self.told) or self.told[row] != self.told[begin]:
                if row - begin >= SHORTEST:
                    found.append((row - SETTLED, row))
                begin = row
        return found


def median(values):
    """The middle one; None of nothing."""
    return sorted(values)[len(values) // 2] if values else None


def weighted_quantile(pairs, part):
    """Of (value, weight): `part` of the weight lies below it."""
    pairs = sorted(pairs)
    left = sum(weight for _, weight in pairs) * part
    for value, weight in pairs:
        left -= weight
        if left <= 0:
            return value
    return pairs[-1][0]


def _packed(ma):
    return max(-_MOST, min(_MOST, ma // UNIT_MA))
