"""The inner loops of balancing, compiled to machine code by the viper emitter.

Who calls them says what they are for: sharing.py, recent.py. No value in their
arrays is ever negative: on a PC's 64-bit MicroPython, viper reads 32 bits unsigned.
"""

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


@micropython.viper
def total(n: int, lines: int, uses: ptr32, values: ptr32, sums: ptr32):
    """What the chargers' `values` add up to on each line."""
    for line in range(lines):
        sums[line] = 0
        for i in range(n):
            if (uses[i] >> line) & 1:
                sums[line] = sums[line] + values[i]


@micropython.viper
def seat_idle(
    n: int, lines: int, margin: int, idle: ptr32, ma: ptr32, uses: ptr32, left: ptr32, rooms: ptr32
):
    """What is left goes to those without a car, a minimum each; a new one leaves `margin`."""
    for i in range(n):
        need = idle[i]
        if need > 0:
            least = need
            if ma[i] == 0:
                least = need + margin
            fits = True
            for line in range(lines):
                if (uses[i] >> line) & 1:
                    if left[line] < least:
                        fits = False
            if fits:
                rooms[i] = need
                for line in range(lines):
                    if (uses[i] >> line) & 1:
                        left[line] = left[line] - need


@micropython.viper
def running_only(n: int, minimums: ptr32, ma: ptr32):
    """Leave out those that wait."""
    for i in range(n):
        if ma[i] == 0:
            minimums[i] = 0


@micropython.viper
def somebody_out(n: int, minimums: ptr32, ma: ptr32, rooms: ptr32) -> int:
    """1 if one that is running got no room."""
    for i in range(n):
        if minimums[i] > 0 and ma[i] > 0 and rooms[i] == 0:
            return 1
    return 0


@micropython.viper
def next_above(n: int, first: int, ma: ptr32, rooms: ptr32, holding: ptr32, may: int) -> int:
    """The next charger from `first` on with more than its room, -1 if there is none.

    may  who is `holding` may go on with that
    """
    for i in range(first, n):
        if ma[i] > rooms[i]:
            if may == 0 or rooms[i] > 0 or holding[i] == 0:
                return i
    return -1


@micropython.viper
def add(n: int, values: ptr32, amount: int):
    """Add to all, up to what is still a small integer."""
    for i in range(n):
        if values[i] < 0x10000000:
            values[i] = values[i] + amount


@micropython.viper
def sort(n: int, order: ptr32, keys: ptr32):
    """Bring `order` into the order of its keys; it hardly ever changes."""
    for k in range(1, n):
        i = order[k]
        at = k
        while at > 0 and keys[order[at - 1]] > keys[i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i


BUCKETS = const(20)
FULL = const(0)  # how many buckets are full
_AT = const(1)  # the bucket that is being filled
_FILLED_MS = const(2)
_STEP = const(3)
_SECOND = const(4)  # five values, the last second
_MAXIMA = const(9)  # of each bucket, one more than there are full ones
RECENT_SIZE = const(30)


@micropython.viper
def recent_clear(state: ptr32):
    """Nothing is known: see recent.py."""
    for i in range(4):
        state[i] = 0
    for i in range(5):
        state[_SECOND + i] = _LARGEST
    for i in range(BUCKETS + 1):
        state[_MAXIMA + i] = 0


@micropython.viper
def recent_add(state: ptr32, value: int, elapsed_ms: int, bucket_ms: int) -> int:
    """Take in a value; returns the maximum over all buckets."""
    state[_SECOND + state[_STEP]] = value
    state[_STEP] = (state[_STEP] + 1) % 5
    for i in range(5):
        if state[_SECOND + i] < value:
            value = state[_SECOND + i]
    filled_ms = state[_FILLED_MS] + elapsed_ms
    if filled_ms > bucket_ms * (BUCKETS + 1):
        filled_ms = bucket_ms * (BUCKETS + 1)
    while filled_ms >= bucket_ms:
        filled_ms -= bucket_ms
        state[_AT] = (state[_AT] + 1) % (BUCKETS + 1)
        state[_MAXIMA + state[_AT]] = 0
        if state[FULL] < BUCKETS:
            state[FULL] = state[FULL] + 1
    state[_FILLED_MS] = filled_ms
    if value > state[_MAXIMA + state[_AT]]:
        state[_MAXIMA + state[_AT]] = value
    largest = 0
    for i in range(BUCKETS + 1):
        if state[_MAXIMA + i] > largest:
            largest = state[_MAXIMA + i]
    return largest


@micropython.viper
def take_held(
    n: int, lines: int, minimums: ptr32, uses: ptr32, left: ptr32, rooms: ptr32, excess: ptr32
):
    """Who has no room holds his minimum: subtract it from his lines, note what exceeds them."""
    for line in range(lines):
        excess[line] = 0
    for i in range(n):
        if rooms[i] == 0 and minimums[i] > 0:
            for line in range(lines):
                if (uses[i] >> line) & 1:
                    if left[line] < minimums[i]:
                        excess[line] = excess[line] + minimums[i] - left[line]
                        left[line] = 0
                    else:
                        left[line] = left[line] - minimums[i]
