"""Memory that a start of the firmware loses, told from what it loads."""

from itertools import combinations, groupby
from statistics import median

APART = 5  # measures: what is in use at a moment differs by 2 kB
ENOUGH = 40  # pairs of measures: some half an hour in which no module is loaded
LEAK_BYTES = 120  # from one measure to the next


def leaks(measured: list[tuple[int, int]]) -> bool:
    """Whether memory in use grows, besides what modules take that are loaded.

    That is the median of the slopes between any two measures (Theil and Sen's estimate).

    measured  bytes in use, and how many modules are loaded, every two minutes
    """
    slopes = []
    for _, same in groupby(measured, key=lambda one: one[1]):
        for (i, (before, _)), (j, (later, _)) in combinations(enumerate(same), 2):
            if j - i >= APART:
                slopes.append((later - before) / (j - i))
    return len(slopes) >= ENOUGH and median(slopes) > LEAK_BYTES
