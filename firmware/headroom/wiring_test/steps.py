"""How each column of a recording followed the steps of the charger."""

from micropython import const

from .recording import NONE, median, weighted_quantile

LEAST_STEP = const(250)  # 2.5 A: what is told must change by that, or nothing can be seen
APART = const(5)  # windows between the two of a difference: 1 s
FAR_APART = const(15)  # where the reference is a charger's meter, asked once a second
_LEAST_CHANGE = const(60)  # 0.6 A of the reference within a second
_MOST_CHANGE = const(16000)  # beyond it one of the two values is missing
_LONGEST_LAG = const(36)  # windows from a write to the car's answer: 7 s
_ENOUGH = const(8)
_ROWS_A_STEP = const(64)


class Steps:
    """The levels of a recording: how each column followed what was told."""

    def __init__(self, recording):
        self.recording = recording
        self.plateaus = recording.plateaus()
        self.told = [recording.told[first] for first, _ in self.plateaus]
        changes = [abs(b - a) for a, b in zip(self.told, self.told[1:])]
        self.size = max(changes) if changes else 0

    def levels(self, column):
        """The settled level of each plateau, None where the column has no values."""
        found = []
        for first, end in self.plateaus:
            values = [column[row] for row in range(first, end) if column[row] != NONE]
            found.append(median(values))
        return found

    def follow(self, column, reference=None):
        """Steps of a column over those of `reference` (what was told unless given): the median."""
        levels = self.levels(column)
        against = self.told if reference is None else self.levels(reference)
        found = []
        for i in range(len(levels) - 1):
            if None in (levels[i], levels[i + 1], against[i], against[i + 1]):
                continue
            step = against[i + 1] - against[i]
            if abs(step) >= LEAST_STEP:
                found.append((levels[i + 1] - levels[i]) / step)
        return median(found) if found else 0.0

    def local(self, column, reference, apart, lag=0):
        """How a column follows the reference while that moves: (quarter, median, three quarters).

        A generator, as what uses it: it yields None so often that no step holds the loop for long.

        Of the differences over `apart` windows, `lag` windows later in the column. Whatever else
        switches meanwhile spoils some; the median stands until half of them are.
        """
        least = _LEAST_CHANGE * apart // APART if lag == 0 else LEAST_STEP
        pairs = []
        for row in range(len(reference) - apart - lag):
            if row % _ROWS_A_STEP == 0:
                yield
            change = reference[row + apart] - reference[row]
            if not least <= abs(change) < _MOST_CHANGE:
                continue
            before, after = column[row + lag], column[row + lag + apart]
            if before != NONE and after != NONE:
                pairs.append(((after - before) / change, abs(change)))
        if len(pairs) < _ENOUGH:
            return 0.0, 0.0, 0.0
        return tuple(weighted_quantile(pairs, part) for part in (0.25, 0.5, 0.75))

    def follow_told(self, column):
        """A generator: how a column follows what was told, at the best lag."""
        best = 0.0
        for lag in range(1, _LONGEST_LAG, APART):
            span = yield from self.local(column, self.recording.told, FAR_APART, lag)
            best = max(best, span[1])
        return best
