"""Memory that a start of the firmware loses, told from what it loads."""

from itertools import combinations, pairwise
from statistics import median

APART = 5  # measures, between the two of a pair
MOMENT_BYTES = 3072  # memory in use differs by so much from one moment to the next
ENOUGH = 40  # pairs of measures: some half an hour in which nothing is loaded
LEAK_BYTES = 120  # from one measure to the next
LOADED_BYTES = 16_384  # as much at once is MicroPython's table of names that doubles


def leaks(measured: list[tuple[int, int]]) -> bool:
    """Whether memory in use grows, besides what is loaded.

    That is the median of the slopes between any two measures (Theil and Sen's estimate).

    measured  bytes in use, and how many modules are loaded, every two minutes
    """
    slopes = []
    for used in _between_loads(measured):
        for (i, before), (j, later) in combinations(enumerate(used), 2):
            if j - i >= APART:
                slopes.append((later - before) / (j - i))
    if len(slopes) < ENOUGH:
        return False
    return median(slopes) > max(LEAK_BYTES, MOMENT_BYTES / len(measured))


def _between_loads(measured: list[tuple[int, int]]) -> list[list[int]]:
    """The bytes in use, from one load to the next."""
    found = [[used for used, _ in measured[:1]]]
    for (before, modules), (later, more) in pairwise(measured):
        if more != modules or later - before > LOADED_BYTES:
            found.append([])
        found[-1].append(later)
    return found
