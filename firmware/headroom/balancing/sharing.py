"""Divide what the lines leave among the chargers: minimums first, then fair shares, to the mA.

A line is whatever several chargers load together: a leg of the panel, or the breaker of a group.
A charger loads each of its lines with the same current, so it gets as much as its tightest line
leaves (max-min fairness). Nothing is ever handed out twice: what the chargers get of a line adds
up to at most what it had.
"""

from array import array

from . import kernel

IDLE_MARGIN_MA = 4000


class Sharing:
    """Seats of `states` (one ChargerState a charger) on `lines` lines; charger i loads those
    whose bits are set in `uses[i]`.

    Set for each charger before `divide`, in mA:
    minimums  what it takes part with, 0 if it doesn't
    idle      the minimum of one without a car, served from what is left at the end, else 0
    fixed     what it may be drawing though it takes no part and can't be told
    wants     what it really needs; caps: the most that it may have
    ma        what it has now; holding: 1 if that is its minimum, without room
    keys      the smallest is served first

    `rooms` and `left_ma` (of each line) are the result.
    """

    def __init__(self, states, lines, uses):
        zeros = [0] * len(states)
        self._count = len(states)
        self._lines = lines
        self.uses = array("i", uses)
        self.minimums = array("i", zeros)
        self.idle = array("i", zeros)
        self.fixed = array("i", zeros)
        self.wants = array("i", zeros)
        self.caps = array("i", zeros)
        self.ma = array("i", zeros)
        self.holding = array("i", zeros)
        self.keys = array("i", zeros)
        self.rooms = array("i", zeros)
        self.left_ma = array("i", [0] * lines)
        self.free_ma = array("i", [0] * lines)
        self._fixed_ma = array("i", [0] * lines)
        self._excess_ma = array("i", [0] * lines)
        self._scratch = array("i", zeros)
        self._users = array("i", [0] * lines)
        self._order = array("i", range(len(states)))
        self._levels = array("i", [state.priority for state in states])
        self._present = sorted({state.priority for state in states}, reverse=True)

    def divide(self, headroom_ma):
        """Fill `rooms` from `headroom_ma` (one per line); True if somebody is short.

        In order, each gets its minimum if that still fits, else nothing. Then the highest
        priority is raised to what it wants in equal parts, then the next; at last all are raised
        to their caps with what nobody wanted. If the house leaves too little for the minimums of
        those that are running, nobody starts, and the others have their minimum at most beside
        one that may hold his.
        """
        kernel.sort(self._count, self._order, self.keys)
        self.free(headroom_ma)
        self._place(self.rooms)
        short = False
        if self._somebody_out(self.rooms):
            kernel.running_only(self._count, self.minimums, self.ma)
            self._place(self._scratch)
            short = self._somebody_out(self._scratch)  # else somebody's turn has come
        if short:
            self._place(self.rooms)
            kernel.take_held(
                self._count,
                self._lines,
                self.minimums,
                self.uses,
                self.left_ma,
                self.rooms,
                self._excess_ma,
            )
        self._fill(self.rooms)
        if self._lines:
            kernel.seat_idle(
                self._count,
                self._lines,
                IDLE_MARGIN_MA,
                self.idle,
                self.ma,
                self.uses,
                self.left_ma,
                self.rooms,
            )
        return short

    def prove(self, headroom_ma, rooms):
        """Fill `rooms` in the same way, from what has been there for long; `left_ma` changes."""
        self.free(headroom_ma)
        self._place(rooms)
        self._fill(rooms)

    def total(self, values, sums):
        """What one value for each charger adds up to on each line."""
        kernel.total(self._count, self._lines, self.uses, values, sums)

    def next_above(self, first, may_hold):
        """The next charger with more than its room, -1 for none; not who is holding, if he may."""
        may = 1 if may_hold else 0
        return kernel.next_above(self._count, first, self.ma, self.rooms, self.holding, may)

    def least(self, i, lines_ma):
        """Of the lines that charger i loads, the one with the least in `lines_ma`."""
        uses = self.uses[i]
        least = -1
        for line in range(self._lines):
            if uses >> line & 1 and (least < 0 or lines_ma[line] < lines_ma[least]):
                least = line
        return least

    def take(self, i, lines_ma, ma):
        """Subtract `ma` on each line of charger i."""
        uses = self.uses[i]
        for line in range(self._lines):
            if uses >> line & 1:
                lines_ma[line] -= ma

    def excess_ma(self, i):
        """By how much the minimum of charger i, who is short, exceeds what its lines leave."""
        most_ma = 0
        for line in range(self._lines):
            if self.uses[i] >> line & 1:
                ma = self._excess_ma[line] - min(self.free_ma[line], 0)
                most_ma = max(most_ma, ma)
        return most_ma

    def free(self, headroom_ma):
        """Fill `free_ma`: what is left of `headroom_ma` beside what is fixed."""
        self.total(self.fixed, self._fixed_ma)
        for line in range(self._lines):
            self.free_ma[line] = headroom_ma[line] - self._fixed_ma[line]

    def _place(self, rooms):
        left_ma = self.left_ma
        for line in range(self._lines):
            left_ma[line] = self.free_ma[line] if self.free_ma[line] > 0 else 0
        kernel.place(
            self._count, self._lines, self._order, self.minimums, self.uses, left_ma, rooms
        )

    def _somebody_out(self, rooms):
        return kernel.somebody_out(self._count, self.minimums, self.ma, rooms)

    def _fill(self, rooms):
        for level in self._present:
            self._raise(level, self.wants, rooms)
        for level in self._present:
            self._raise(level, self.caps, rooms)

    def _raise(self, level, goals, rooms):
        kernel.fill(
            self._count,
            self._lines,
            level,
            self._levels,
            goals,
            self.uses,
            self.left_ma,
            self._users,
            rooms,
        )
