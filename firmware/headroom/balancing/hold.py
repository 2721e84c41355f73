"""How long may a charger be held at its minimum without headroom, and how long is it then paused?

A car gives up after some ten interruptions, and a breaker tolerates small overloads for minutes.
So the minimum is held for as long as its excess over the derated limit, summed up, stays below
HOLD_MAS (and the breaker's own budget lasts, see breaker.py). With headroom again the time comes
back as for 3 A. A pause takes a minute, longer each time, very long once the car would give up.
"""

from micropython import const

HOLD_MAS = const(1_800_000)  # 6 A for 5 minutes, 1 A for half an hour
_RECOVERED_MA = const(3)  # in mA x s a ms: 3 A
_PAUSE_MS = const(60_000)
_LONGEST_PAUSE_MS = const(300_000)
_PAUSES = const(8)  # in one session; after that
_LAST_PAUSE_MS = const(1_800_000)  # each lasts this long
_MOST_MA = const(100_000)
_LONGEST_MS = const(10_000)  # times 100 A stays below 2^30


class Hold:
    """One charger's; `conservative`: it is never held.

    pause_left_ms  how long the pause still lasts, 0 if there is none
    pauses         in this session, until the car leaves
    """

    def __init__(self, conservative):
        self._most_mas = 0 if conservative else HOLD_MAS
        self._held_mas = 0
        self.pause_left_ms = 0
        self.pauses = 0

    def pass_time(self, row, elapsed_ms):
        """Without a car all is forgotten."""
        car = row.state.car
        self.pause_left_ms = max(0, self.pause_left_ms - elapsed_ms) if car else 0
        if not car:
            self.pauses = self._held_mas = 0

    def spend(self, excess_ma, elapsed_ms):
        """It was `excess_ma` above its headroom; True if that can't go on."""
        excess_ma = min(excess_ma, _MOST_MA)
        self._held_mas += excess_ma * min(elapsed_ms, _LONGEST_MS) // 1000
        return self._held_mas > self._most_mas

    def left_ms(self, excess_ma):
        """How long that can go on."""
        return (self._most_mas - self._held_mas) // excess_ma * 1000 if excess_ma else 0

    def recover(self, elapsed_ms):
        """It has headroom again."""
        if self._held_mas:
            self._held_mas = max(0, self._held_mas - _RECOVERED_MA * elapsed_ms)

    def pause(self):
        """It is paused from now on."""
        self.pauses += 1
        self._held_mas = 0
        self.pause_left_ms = min(_PAUSE_MS * self.pauses, _LONGEST_PAUSE_MS)
        if self.pauses > _PAUSES:
            self.pause_left_ms = _LAST_PAUSE_MS
