"""Divide the headroom among the chargers: minimums first, then equal shares up to each cap."""


def divide(total_ma, states, caps, rooms):
    """Fill `rooms` (mA, one per charger) so that their sum is at most `total_ma`.

    In order, each charger gets its minimum if that still fits, else nothing. What is left is
    raised in equal parts; a charger at its cap leaves its part to the others.
    """
    left_ma = max(0, total_ma)
    for i in range(len(states)):
        minimum_ma = states[i].min_ma
        rooms[i] = minimum_ma if minimum_ma <= left_ma and minimum_ma <= caps[i] else 0
        left_ma -= rooms[i]
    while left_ma > 0:
        hungry = 0
        for i in range(len(states)):
            if 0 < rooms[i] < caps[i]:
                hungry += 1
        part_ma = left_ma // hungry if hungry else 0
        if part_ma == 0:
            break
        for i in range(len(states)):
            if 0 < rooms[i] < caps[i]:
                more_ma = min(part_ma, caps[i] - rooms[i])
                rooms[i] += more_ma
                left_ma -= more_ma
