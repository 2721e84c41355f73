"""The inner loops of sharing, compiled to machine code by the viper emitter; see sharing.py."""

import micropython
from micropython import const

_LARGEST = const(1 << 29)


@micropython.viper
def place(
    n: int,
    lines: int,
    order: ptr32,
    minimums: ptr32,
    uses: ptr32,
    left: ptr32,
    rooms: ptr32,
):
    """Give each in `order` its minimum, if all its lines still have that much left."""
    for k in range(n):
        i = order[k]
        need = minimums[i]
        fits = need > 0
        for line in range(lines):
            if (uses[i] >> line) & 1:
                if left[line] < need:
                    fits = False
        rooms[i] = 0
        if fits:
            rooms[i] = need
            for line in range(lines):
                if (uses[i] >> line) & 1:
                    left[line] = left[line] - need


@micropython.viper
def fill(
    n: int,
    lines: int,
    level: int,
    levels: ptr32,
    goals: ptr32,
    uses: ptr32,
    left: ptr32,
    users: ptr32,
    rooms: ptr32,
):
    """Raise everyone of one level alike until its goal, or a line of its, stops it.

    Each round stops a charger or empties a line, so there are at most n + lines of them.
    """
    open_lines = 0
    for line in range(lines):
        if left[line] > 0:
            open_lines = open_lines | (1 << line)
    while True:
        step = _LARGEST
        for line in range(lines):
            users[line] = 0
        for i in range(n):
            gap = goals[i] - rooms[i]
            if levels[i] == level and rooms[i] > 0 and gap > 0:
                if uses[i] & open_lines == uses[i]:
                    if gap < step:
                        step = gap
                    for line in range(lines):
                        if (uses[i] >> line) & 1:
                            users[line] = users[line] + 1
        if step == _LARGEST:
            return
        for line in range(lines):
            if users[line] > 0:
                part = left[line] // users[line]
                if part < step:
                    step = part
        for i in range(n):
            gap = goals[i] - rooms[i]
            if levels[i] == level and rooms[i] > 0 and gap > 0:
                if uses[i] & open_lines == uses[i]:
                    rooms[i] = rooms[i] + step
        for line in range(lines):
            if users[line] > 0:
                left[line] = left[line] - step * users[line]
                if left[line] < users[line]:  # less than 1 mA for each
                    open_lines = open_lines & ~(1 << line)
