"""Divide what the lines leave among the chargers: minimums first, then fair shares, to the mA.

A line is whatever several chargers load together: a leg of the panel, or the breaker of a group.
A charger loads each of its lines with the same current, so it gets as much as its tightest line
leaves (max-min fairness). Nothing is ever handed out twice: after `divide` every line's share
adds up to at most what it had.
"""

from array import array

from .kernel import fill, place


class Sharing:
    """Shares for `states` (one ChargerState a charger) on `lines` lines; charger i loads those
    whose bits are set in `uses[i]`.

    Set before `divide`, in mA: minimums[i], 0 for who takes no part; wants[i] what it really
    needs; caps[i] the most that it may have. `order` holds who is served first.
    """

    def __init__(self, states, lines, uses):
        zeros = [0] * len(states)
        self._lines = lines
        self.uses = array("i", uses)
        self.minimums = array("i", zeros)
        self.wants = array("i", zeros)
        self.caps = array("i", zeros)
        self.order = array("i", range(len(states)))
        self.left_ma = array("i", [0] * lines)
        self._levels = array("i", [state.priority for state in states])
        self._present = sorted({state.priority for state in states}, reverse=True)
        self._users = array("i", [0] * lines)

    def divide(self, headroom_ma, rooms):
        """Fill `rooms` (mA, one per charger) from `headroom_ma` (one per line).

        In order, each gets its minimum if that still fits, else nothing. Then the highest
        priority is raised to what it wants in equal parts, then the next; at last all are raised
        to their caps with what nobody wanted. `left_ma` is what remains of each line.
        """
        self.place(headroom_ma, rooms)
        self.fill(rooms)

    def fill(self, rooms):
        """The second part alone: raise those that have their minimum, out of `left_ma`."""
        for level in self._present:
            self._fill(level, self.wants, rooms)
        for level in self._present:
            self._fill(level, self.caps, rooms)

    def place(self, headroom_ma, rooms):
        """The first part alone: who can have its minimum."""
        left_ma = self.left_ma
        for line in range(self._lines):
            left_ma[line] = headroom_ma[line] if headroom_ma[line] > 0 else 0
        place(len(rooms), self._lines, self.order, self.minimums, self.uses, left_ma, rooms)

    def _fill(self, level, goals, rooms):
        fill(
            len(rooms),
            self._lines,
            level,
            self._levels,
            goals,
            self.uses,
            self.left_ma,
            self._users,
            rooms,
        )
