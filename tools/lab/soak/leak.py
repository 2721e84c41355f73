"""Memory that a start of the firmware loses, told from what it loads."""

from itertools import groupby, pairwise

MEASURED = 5  # times that the memory in use is measured in ten minutes
LEAK_BYTES = 256  # by which the least of ten minutes may not grow, again and again


def leaks(measured: list[tuple[int, int]]) -> bool:
    """Whether memory in use grows all the time in which no module is loaded.

    measured  bytes in use, and how many modules are loaded, every two minutes
    """
    growth = []
    for _, same in groupby(measured, key=lambda one: one[1]):
        used = [one[0] for one in same]
        least = [min(used[n : n + MEASURED]) for n in range(0, len(used) - MEASURED + 1, MEASURED)]
        growth += [later - before for before, later in pairwise(least)]
    return len(growth) > 2 and min(growth) > LEAK_BYTES
