"""Base load: what the house draws without the cars.

    base = mains - EV, both RMS values of the same window

With both from one window the car's lag cancels out: while a car follows a change, mains and EV
move together and the difference stands still. So `limit - base` needs no feedback gain, and
can't oscillate (a loop that adds K times its error with d samples of delay is stable only for
K < 2 sin(pi / (2 (2d + 1))), and a car is 2 to 3 samples late).

RMS values of currents out of phase don't subtract exactly, but they err on the safe side: if the
EV current grows by x, mains grows by at most x (triangle inequality), so it stays in the limit.
"""


def base_ma(mains_ma, ev_ma):
    """Base load of one leg in mA, never negative."""
    return max(0, mains_ma - ev_ma)
