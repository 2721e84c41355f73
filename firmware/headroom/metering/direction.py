"""Is a CT on backwards? Without a car, where a voltage is fitted, and whatever the sun does.

What is on two legs at once, a dryer, a heat pump or an inverter, moves the watts of both by as
much and the same way, whether the house draws or feeds in. Where they move by as much the other
way, one of the two CTs is on backwards. Never one reading: seven such moves, each one the same way
taking two off, and one an hour. Which of the two it is their signs tell, once nothing feeds in:
at night the one with negative watts. A car's step tells it at once, see standing_test.py.

Two loads that are alike, such as zones of a hob, switch in the same window too. But a move falls
into two windows, for it begins anywhere in the first: only what is on both legs has the same part
in each.
"""

from array import array

from micropython import const

_LEAST_W = const(300)  # of a move
_PART = const(8)
_UNLIKE = const(8)  # the two may differ by an eighth of it,
_OTHERS_W = const(40)  # or by what small loads make
_ENOUGH = const(7)
_FORGETS = const(18_000)  # windows: an hour


class Direction:
    """legs   how many have a CT; power: the Power of the meter"""

    def __init__(self, legs, power):
        self._power = power
        self._pairs = [(a, b) for a in range(legs) for b in range(a + 1, legs)]
        self.votes = array("i", [0] * len(self._pairs))
        self._w = array("i", [0] * legs)
        self._moved = array("i", [0] * legs)
        self._before = array("i", [0] * legs)
        self._known = 0
        self._windows = 0

    def look(self, reading):
        """Take in the power of a window."""
        power, moved = self._power, self._moved
        known = self._known & power.known
        for leg in range(len(moved)):
            watts = power.mw[leg] // 1000
            moved[leg] = watts - self._w[leg] if known >> leg & 1 else 0
            self._w[leg] = watts
        self._known = power.known
        self._windows = (self._windows + 1) % _FORGETS
        counted = False
        for i in range(len(self._pairs)):
            a, b = self._pairs[i]
            counted = self._count(i, a, b) or counted
            if not self._windows:
                self.votes[i] = max(0, self.votes[i] - 1)
        for leg in range(len(moved)):
            self._before[leg] = 0 if counted else moved[leg]

    def _count(self, i, a, b):
        """Has a move of both ended with this window or the one before?"""
        before, moved = self._before, self._moved
        a_w, b_w = before[a] + moved[a], before[b] + moved[b]
        if abs(a_w) < _LEAST_W or abs(before[a]) * _PART < abs(moved[a]):
            return False
        if _unlike(before[a], before[b]) or _unlike(moved[a], moved[b]):
            return False
        vote = 1 if (a_w > 0) is not (b_w > 0) else -2
        self.votes[i] = max(0, min(self.votes[i] + vote, _ENOUGH + 2))
        return True

    def notes(self):
        """A sentence for each two legs of which one is on backwards."""
        for i in range(len(self._pairs)):
            if self.votes[i] >= _ENOUGH:
                yield (
                    "the CT of L%d or that of L%d is on backwards: turn round the one whose watts "
                    "are negative at night" % (self._pairs[i][0] + 1, self._pairs[i][1] + 1)
                )


def _unlike(a_w, b_w):
    return abs(abs(a_w) - abs(b_w)) > max(abs(a_w) // _UNLIKE, _OTHERS_W)
