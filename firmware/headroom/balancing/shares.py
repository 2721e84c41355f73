"""Stage 3, the shares: minimums first, then fair parts, to the mA.

A charger loads each of its circuits with the same current, so it gets as much as its tightest
circuit leaves (max-min fairness). Nothing is ever handed out twice: what the chargers get of a
circuit adds up to at most what it had.
"""

from array import array

from .limits import take
from .start import IDLE_MARGIN_MA


class Shares:
    """Divides the circuits of `limits` among `rows`.

    left_ma  what the shares leave of each circuit
    short    the house leaves too little for the minimums of those that are charging
    """

    def __init__(self, rows, limits):
        zeros = [0] * len(limits.free_ma)
        self._rows = rows
        self._free_ma = limits.free_ma
        self._order = list(rows)
        levels = sorted({row.state.priority for row in rows}, reverse=True)
        self._levels = [[row for row in rows if row.state.priority == p] for p in levels]
        self.left_ma = array("i", zeros)
        self._excess_ma = array("i", zeros)
        self._users = array("i", zeros)
        self.short = False

    def divide(self):
        """Set `share_ma` of every row from what the limits leave free now.

        In order, each gets its minimum if that still fits, else nothing. Then the highest
        priority is raised to what it wants in equal parts, then the next; at last all are raised
        to their caps with what nobody wanted. If the minimums of those that are charging don't
        fit, nobody starts, and the others have their minimum at most beside one that is held.
        """
        self._sort()
        self.short = False
        if not self._seat(False):
            if self._seat(True):
                self._seat(False)  # one that was charging makes way: it is another's turn
            else:
                self.short = True
                self._take_what_is_held()
        self._fill()
        self._seat_idle()

    def divide_proven(self):
        """The same from what is proven: nobody is held, and no charger without a car has any."""
        self._seat(False)
        self._fill()

    def excess_ma(self, row):
        """By how much the minimum of a charger that is held exceeds what its circuits leave."""
        most_ma = 0
        for circuit in row.circuits:
            most_ma = max(most_ma, self._excess_ma[circuit] - min(self._free_ma[circuit], 0))
        return most_ma

    def _sort(self):
        """Bring the order into that of the keys; it hardly ever changes."""
        order = self._order
        for k in range(1, len(order)):
            row = order[k]
            at = k
            while at and order[at - 1].key > row.key:
                order[at] = order[at - 1]
                at -= 1
            order[at] = row

    def _seat(self, charging_only):
        """Everyone's minimum in order, or of those that are charging; False if one of these has
        to do without."""
        left_ma = self.left_ma
        for circuit in range(len(left_ma)):
            left_ma[circuit] = max(0, self._free_ma[circuit])
        all_seated = True
        for row in self._order:
            row.share_ma = 0
            need_ma = row.minimum_ma
            if need_ma and (row.allowed_ma or not charging_only):
                if fits(row, left_ma, need_ma):
                    row.share_ma = need_ma
                    take(row, left_ma, need_ma)
                elif row.allowed_ma:
                    all_seated = False
        return all_seated

    def _take_what_is_held(self):
        """Nobody starts; who has no share holds its minimum: take it, note what is too much."""
        left_ma = self.left_ma
        excess_ma = self._excess_ma
        for circuit in range(len(excess_ma)):
            excess_ma[circuit] = 0
        for row in self._rows:
            if not row.allowed_ma:
                row.minimum_ma = 0
            elif row.minimum_ma and not row.share_ma:
                take(row, left_ma, row.minimum_ma)
                for circuit in row.circuits:
                    if left_ma[circuit] < 0:
                        excess_ma[circuit] -= left_ma[circuit]
                        left_ma[circuit] = 0

    def _fill(self):
        for rows in self._levels:
            self._raise(rows, False)
        for rows in self._levels:
            self._raise(rows, True)

    def _raise(self, rows, to_caps):
        """Raise everyone of one level alike until its goal, or a circuit of its, stops it."""
        for row in rows:
            row.gap_ma = 0
            if row.share_ma:
                row.gap_ma = (row.cap_ma if to_caps else row.want_ma) - row.share_ma
        while True:  # each round stops a charger
            step_ma = self._step_ma(rows)
            if step_ma < 0:
                return
            for row in rows:
                if row.gap_ma > 0:
                    row.share_ma += step_ma
                    row.gap_ma -= step_ma
                    take(row, self.left_ma, step_ma)
            for row in rows:
                if row.gap_ma > 0 and not self._goes_on(row):
                    row.gap_ma = 0

    def _step_ma(self, rows):
        """How far all those can go that still have a gap; -1 if there is none."""
        left_ma = self.left_ma
        users = self._users
        for circuit in range(len(users)):
            users[circuit] = 0
        step_ma = -1
        for row in rows:
            gap_ma = row.gap_ma
            if gap_ma > 0:
                if gap_ma < step_ma or step_ma < 0:
                    step_ma = gap_ma
                for circuit in row.circuits:
                    users[circuit] += 1
        for circuit in range(len(users)):
            if users[circuit] and left_ma[circuit] // users[circuit] < step_ma:
                step_ma = left_ma[circuit] // users[circuit]
        return step_ma

    def _goes_on(self, row):
        """Do its circuits have 1 mA left for each?"""
        for circuit in row.circuits:
            if self.left_ma[circuit] < self._users[circuit]:
                return False
        return True

    def _seat_idle(self):
        """What is left goes to those without a car, a minimum each; a new one leaves a margin."""
        for row in self._rows:
            need_ma = row.idle_ma
            if need_ma:
                margin_ma = 0 if row.allowed_ma else IDLE_MARGIN_MA
                if fits(row, self.left_ma, need_ma + margin_ma):
                    row.share_ma = need_ma
                    take(row, self.left_ma, need_ma)


def fits(row, left_ma, ma):
    """Do all circuits that a charger loads have `ma` left?"""
    for circuit in row.circuits:
        if left_ma[circuit] < ma:
            return False
    return True
