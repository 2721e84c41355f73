"""The inner loops of following.py, compiled as those in kernel.py; loaded only with it."""

import micropython
from micropython import const

ZERO = const(1 << 28)  # what stands for 0 where a value may be negative
LAST_MOVE = const(2)
_STEP_MA = const(2000)


@micropython.viper
def follow(
    first: int,
    end: int,
    legs: int,
    uses: ptr32,
    told: ptr32,
    moves: ptr32,
    ev: ptr32,
    moved: ptr32,
):
    """Each car that `moves` takes of what its legs `moved` (from ZERO) what leads to its offer.

    Between two legs both move alike.
    """
    for i in range(first, end):
        if moves[i] > 0:
            up = moved[0] - ZERO
            down = up
            if legs == 2:
                if uses[i] == 3:
                    other = moved[1] - ZERO
                    if other < up:
                        up = other
                    if other > down:
                        down = other
            for leg in range(3):
                if (uses[i] >> leg) & 1:
                    if legs != 2 or uses[i] != 3:
                        up = moved[leg] - ZERO
                        down = up
                    step = told[i] - ev[3 * i + leg]
                    if step > 0:
                        if up < step:
                            step = up
                        if step < 0:
                            step = 0
                    else:
                        if down > step:
                            step = down
                        if step > 0:
                            step = 0
                    ev[3 * i + leg] = ev[3 * i + leg] + step
                    moved[leg] = moved[leg] - step


@micropython.viper
def claim(i: int, uses: ptr32, was: ptr32, ev: ptr32, moved: ptr32):
    """Car i is known to have gone from what it `was` to `ev`: that part of `moved` was its own."""
    for leg in range(3):
        if (uses[i] >> leg) & 1:
            change = ev[3 * i + leg] - was[leg]
            ma = moved[leg] - ZERO
            if change > 0 and ma > 0:
                if change > ma:
                    change = ma
                moved[leg] = moved[leg] - change
            elif change < 0 and ma < 0:
                if change < ma:
                    change = ma
                moved[leg] = moved[leg] - change


@micropython.viper
def judge(
    n: int,
    uses: ptr32,
    told: ptr32,
    before: ptr32,
    moves: ptr32,
    at_step: ptr32,
    history: ptr32,
    now: int,
    ev: ptr32,
):
    """Whose time for an answer is over: did mains show half of the step? Then the car follows."""
    for i in range(n):
        if moves[i] == LAST_MOVE:
            asked = told[i] - before[i]
            sign = 1
            if asked < 0:
                sign = 0 - 1
            for leg in range(3):
                if (uses[i] >> leg) & 1:
                    at = 3 * i + leg
                    answer = sign * (history[now + leg] - at_step[at])
                    if sign * asked >= _STEP_MA and 2 * answer >= sign * asked:
                        if ev[at] < told[i] * 15 // 16:
                            ev[at] = told[i] * 15 // 16
                    if ev[at] > told[i]:
                        ev[at] = told[i]


@micropython.viper
def bound(n: int, ev: ptr32, may: ptr32):
    """No car draws more than it may, on any leg."""
    for i in range(n):
        for at in range(3 * i, 3 * i + 3):
            if ev[at] > may[i]:
                ev[at] = may[i]


@micropython.viper
def total_legs(n: int, ev: ptr32, sums: ptr32):
    """What all cars draw on each of three legs."""
    for leg in range(3):
        sums[leg] = 0
        for i in range(n):
            sums[leg] = sums[leg] + ev[3 * i + leg]
