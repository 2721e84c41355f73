"""Is a CT on backwards? Without a car, where a voltage is fitted, and whatever the sun does.

What is on two legs at once, a dryer, a heat pump or an inverter, moves the watts of both by as
much and the same way, whether the house draws or feeds in. Where they move by as much the other
way, one of the two CTs is on backwards. Never one reading: five such moves, each one the same way
taking two off, and one an hour. Which of the two it is their signs tell, once nothing feeds in:
at night the one with negative watts. A car's step tells it at once, see standing_test.py.
"""

from array import array

from micropython import const

_LEAST_W = const(300)  # of a window's move
_UNLIKE = const(8)  # the two may differ by an eighth of it
_ENOUGH = const(5)
_FORGETS = const(18_000)  # windows: an hour


class Direction:
    """legs   how many have a CT; power: the Power of the meter"""

    def __init__(self, legs, power):
        self._power = power
        self._pairs = [(a, b) for a in range(legs) for b in range(a + 1, legs)]
        self.votes = array("i", [0] * len(self._pairs))
        self._w = array("i", [0] * legs)
        self._known = 0
        self._windows = 0

    def look(self, reading):
        """Take in the power of a window."""
        power = self._power
        known = self._known & power.known
        self._windows = (self._windows + 1) % _FORGETS
        for i in range(len(self._pairs)):
            a, b = self._pairs[i]
            if known >> a & known >> b & 1:
                self._count(i, self._moved_w(a), self._moved_w(b))
            if not self._windows:
                self.votes[i] = max(0, self.votes[i] - 1)
        for leg in range(len(self._w)):
            self._w[leg] = power.mw[leg] // 1000
        self._known = power.known

    def _moved_w(self, leg):
        return self._power.mw[leg] // 1000 - self._w[leg]

    def _count(self, i, a_w, b_w):
        size_w = abs(a_w)
        if size_w < _LEAST_W or abs(abs(b_w) - size_w) > size_w // _UNLIKE:
            return
        vote = 1 if (a_w > 0) is not (b_w > 0) else -2
        self.votes[i] = max(0, min(self.votes[i] + vote, _ENOUGH + 2))

    def notes(self):
        """A sentence for each two legs of which one is on backwards."""
        for i in range(len(self._pairs)):
            if self.votes[i] >= _ENOUGH:
                yield (
                    "the CT of L%d or that of L%d is on backwards: turn round the one whose watts "
                    "are negative at night" % (self._pairs[i][0] + 1, self._pairs[i][1] + 1)
                )
